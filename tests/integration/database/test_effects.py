"""Whether the database holds what the attempts claim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.database.effects import EffectCounts, add_counts, verify_effect
from perfengine.database.rows import add_rows
from perfengine.engine.rules import row_statements
from perfengine.model.operation import Effect
from perfengine.model.plan import KeyRange
from perfengine.model.rows import Claims, EffectCheck, Fate
from tests.integration.database.conftest import ANCHOR

if TYPE_CHECKING:
    from perfengine.database.sandbox import Sandbox
    from perfengine.datagen.layout import RowSource
    from perfengine.model.plan import Plan
    from perfengine.model.rows import RowStatements
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio

CONFIRMED = EffectCheck(effect=Effect.STATE, state_column="status", target_state="confirmed")
THERE = EffectCheck(effect=Effect.EXISTS)
GONE = EffectCheck(effect=Effect.GONE)
#: Ten attempts of two rows each, of which seven were handed out; two failed and one is in doubt.
FATES = (Fate.OK, Fate.OK, Fate.FAILED, Fate.OK, Fate.IN_DOUBT, Fate.FAILED, Fate.OK, *[Fate.NOT_TAKEN] * 3)
CLAIMS = Claims(first_row=100, per_attempt=2, fates=bytes(FATES))
OK = tuple(n for n, fate in enumerate(FATES) if fate is Fate.OK)


@pytest.fixture
async def sandbox(sandboxes: Sandboxes, plan: Plan, source: RowSource) -> Sandbox:
    """Return a sandbox with the orders that were claimed, all pending, and others around them."""
    sandbox = await sandboxes.bare(plan)
    await add_rows(sandbox.connection, row_statements(source, "order"), KeyRange(start=90, count=40), ANCHOR)
    return sandbox


@pytest.fixture
def orders(source: RowSource) -> RowStatements:
    """Return the statements of orders."""
    return row_statements(source, "order")


async def change(sandbox: Sandbox, orders: RowStatements, statement: str, *attempts: int) -> None:
    """Run a statement on the rows of these attempts."""
    for attempt in attempts:
        first = CLAIMS.first_row + attempt * CLAIMS.per_attempt
        keys = f"SELECT {orders.key_sql} FROM generate_series($1::bigint, $2::bigint) AS g(i)"
        await sandbox.connection.execute(
            f'{statement} WHERE "order".id IN ({keys})', first, first + CLAIMS.per_attempt - 1
        )


CONFIRM = "UPDATE \"order\" SET status = 'confirmed'"
SHIP = "UPDATE \"order\" SET status = 'shipped'"
DELETE = 'DELETE FROM "order"'


@pytest.mark.parametrize(
    ("changed", "found", "unexpected"),
    [
        pytest.param(OK, 8, 0, id="exactly the ok ones"),
        pytest.param((*OK, 4), 8, 0, id="the one in doubt was done"),
        pytest.param((0, 1, 3), 6, 0, id="an ok one was not done"),
        pytest.param((*OK, 2), 8, 2, id="a failed one was done"),
        pytest.param((*OK, 8), 8, 2, id="one that was never handed out was done"),
        pytest.param((), 0, 0, id="nothing was done"),
        pytest.param(tuple(range(10)), 8, 10, id="everything was done"),
    ],
)
@pytest.mark.parametrize(("check", "statement"), [(CONFIRMED, CONFIRM), (GONE, DELETE)])
async def test_the_rows_of_ok_attempts_and_no_others_show_the_effect(
    sandbox: Sandbox,
    orders: RowStatements,
    check: EffectCheck,
    statement: str,
    changed: tuple[int, ...],
    found: int,
    unexpected: int,
) -> None:
    """What is missing and what is too much is counted by rows; what is in doubt is left apart."""
    await change(sandbox, orders, statement, *changed)
    counts = await verify_effect(sandbox.connection, orders, CLAIMS, check)
    assert counts == EffectCounts(expected=8, found=found, unexpected=unexpected, in_doubt=2)


async def test_inserted_rows_are_found_by_key(sandbox: Sandbox, orders: RowStatements) -> None:
    """An insert shows its effect by being there."""
    await change(sandbox, orders, DELETE, *range(10))
    for attempt in (*OK, 5):
        keys = KeyRange(start=CLAIMS.first_row + attempt * 2, count=2)
        await add_rows(sandbox.connection, orders, keys, ANCHOR)
    counts = await verify_effect(sandbox.connection, orders, CLAIMS, THERE)
    assert counts == EffectCounts(expected=8, found=8, unexpected=2, in_doubt=2)


async def test_another_state_is_not_the_effect(sandbox: Sandbox, orders: RowStatements) -> None:
    """A row that went further, or was deleted, is not in the state it was brought to."""
    await change(sandbox, orders, CONFIRM, *OK)
    await change(sandbox, orders, SHIP, 0)
    await change(sandbox, orders, DELETE, 1)
    counts = await verify_effect(sandbox.connection, orders, CLAIMS, CONFIRMED)
    assert (counts.expected, counts.found, counts.unexpected) == (8, 4, 0)


async def test_rows_around_the_claims_are_not_looked_at(sandbox: Sandbox, orders: RowStatements) -> None:
    """They belong to others, or to another phase."""
    await sandbox.connection.execute(CONFIRM)
    claims = replace(CLAIMS, fates=bytes([Fate.OK] * len(FATES)))
    counts = await verify_effect(sandbox.connection, orders, claims, CONFIRMED)
    assert counts == EffectCounts(expected=20, found=20, unexpected=0, in_doubt=0)


async def test_counts_of_rounds_add_up() -> None:
    """A phase is verified when everything is found and nothing is unexpected."""
    part = EffectCounts(expected=8, found=8, unexpected=0, in_doubt=2)
    rows = add_counts(50, [part, part])
    assert (rows.at_start, rows.expected, rows.found, rows.in_doubt) == (50, 16, 16, 4)
    assert rows.verified
    assert not add_counts(50, [part, replace(part, found=7)]).verified
    assert not add_counts(50, [part, replace(part, unexpected=1)]).verified
    assert add_counts(50, []).expected is None
    assert add_counts(50, []).verified
