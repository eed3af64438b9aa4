"""Same scenario, same seed, same values in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.settings import LoadSettings
from tests.integration.engine.runs import Watcher, run_order

if TYPE_CHECKING:
    from perfengine.model.plan import OperationPlan
    from tests.integration.engine.looking import Onlooker

#: What an anchor in time does not move; every run has its own.
TIMELESS = "id, customer_id, status, total_amount"


def rows_of_a_run(dsn: str, onlooker: Onlooker, seed: int) -> dict[str, list[tuple[object, ...]]]:
    """Return all orders of the sandbox after each operation, before its rows are taken out."""
    rows: dict[str, list[tuple[object, ...]]] = {}

    def look(plan: OperationPlan) -> None:
        query = f'SELECT {TIMELESS} FROM {onlooker.sandbox()}."order" ORDER BY id'
        rows[plan.operation.name] = [tuple(row) for row in onlooker.fetch(query)]

    settings = LoadSettings(
        concurrency=7,
        iterations=60,
        data_size=50,
        seed=seed,
        filters=("order_create", "single_order_confirm", "order_update", "validate_*_accept"),
    )
    result = run_order(dsn, settings, Watcher({"clean up": look}))
    assert all(summary.ok == summary.attempts == 60 for summary in result.operations)
    assert len(rows) == 4
    return rows


def test_the_same_seed_writes_the_same_rows(inhabited: str, onlooker: Onlooker) -> None:
    """Keys that were claimed, values that were sent: twice the same, whichever client sent them when."""
    first = rows_of_a_run(inhabited, onlooker, seed=7)
    assert rows_of_a_run(inhabited, onlooker, seed=7) == first
    other = rows_of_a_run(inhabited, onlooker, seed=8)
    assert all(other[name] != rows for name, rows in first.items())
