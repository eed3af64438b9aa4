"""The examples under `scenarios/` do what they say, on an empty database, without the load engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.custom.bind import FoundOperations
from perfengine.custom.code import code_of_file
from perfengine.custom.find import find_operations
from perfengine.custom.hooks import run_setups, run_teardowns
from perfengine.model.operation import Kind
from tests.builders import make_operation
from tests.draws import draw_of

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from tests.integration.custom.conftest import Open

pytestmark = pytest.mark.anyio

_SCENARIOS = Path(__file__).parents[3] / "scenarios"
_ATTEMPTS = 12
#: What an example leaves, after so many attempts of each of its operations on each of two sessions.
EXAMPLES = {
    "checkout": ("SELECT count(*) FROM purchase WHERE total > 0", 2 * _ATTEMPTS),
    "read_mostly": ("SELECT count(*) > 0 AND min(balance) = 0 FROM account WHERE balance >= 0", True),
    "with_setup": ("SELECT sum(jobs_done) FROM worker WHERE left_at IS NOT NULL", 2 * _ATTEMPTS),
}


@pytest.mark.parametrize("name", EXAMPLES)
async def test_example(name: str, open_driver: Open) -> None:
    """Its set-up makes what its operations need, every attempt is ok, and its tear-down finds all in order."""
    path = str(_SCENARIOS / f"{name}.py")
    own, sessions = await open_driver(), [await open_driver() for _ in range(2)]
    await run_setups(code_of_file(path), own, draw_of)
    for operation in _compiled(path):
        operations = FoundOperations(draw_of)
        for index, driver in enumerate(sessions):
            bound = operations.bind(operation, driver)
            await bound.set_up()
            for number in range(_ATTEMPTS):
                await bound(number * len(sessions) + index)
            await bound.tear_down()
    await run_teardowns(code_of_file(path), own, draw_of)
    sql, expected = EXAMPLES[name]
    assert await own.fetchval(sql) == expected


def _compiled(path: str) -> list[Operation]:
    return [
        replace(make_operation(name=one.name), kind=Kind.PYTHON, python=one.python)
        for one in find_operations(path).operations
    ]
