"""A run needs one right: to create a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.model.settings import LoadSettings
from tests.integration.engine.runs import run_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.engine.looking import Onlooker

ROLE = "perfengine_test_ordinary"


@pytest.fixture
def ordinary(inhabited: str, onlooker: Onlooker) -> Iterator[str]:
    """Yield the address of the database for a role that is no superuser and may do next to nothing."""
    database = onlooker.value("SELECT current_database()")
    onlooker.execute(f"CREATE ROLE {ROLE} LOGIN; GRANT CREATE ON DATABASE {database} TO {ROLE}")
    yield inhabited.replace("://perfengine@", f"://{ROLE}@")
    onlooker.execute(f"DROP OWNED BY {ROLE}; DROP ROLE {ROLE}")


def test_an_ordinary_role_runs_everything(ordinary: str, onlooker: Onlooker) -> None:
    """All operations are ok, and it cleans up after itself as any other."""
    before = onlooker.everything()
    result = run_order(ordinary, LoadSettings(concurrency=3, iterations=6, data_size=50))
    assert len(result.operations) > 10
    assert all(summary.ok == summary.attempts == 6 for summary in result.operations)
    assert all(summary.rows is None or summary.rows.verified for summary in result.operations)
    assert onlooker.everything() == before
