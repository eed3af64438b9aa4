"""Same scenario, same seed, same values in the database, for any number of clients and load processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.settings import LoadSettings
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Watcher, run_documents, run_order

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan
    from tests.integration.engine.looking import Onlooker

#: What an anchor in time does not move; every run has its own.
TIMELESS = "id, customer_id, status, total_amount"
DRAWS = workload("""\
    mode: mix
    iterations: 400
    warmup: 0
    mix: {draw: 5, both: 1, parcel_create: 2, single_parcel_send: 2}
    setup:
      - CREATE TABLE draw (a uuid, b int, c numeric, d text, e text, f bigint, g text, h boolean, i uuid, j float)
      - CREATE TABLE pair (a int, b int)
    ops:
      draw:
        sql: INSERT INTO draw VALUES (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j)
        params:
          a: uuid
          b: {int: {min: 1, max: 1000, dist: normal}}
          c: {decimal: {min: 10, max: 99, dist: exponential}}
          d: {text: {length: 8}}
          e: {choice: {often: 9, seldom: 1}}
          f: sequence
          g: {template: "user {index} {word}", null: 0.2}
          h: {bool: {p: 0.3}}
          i: {ref: parcel, dist: zipf}
          j: {float: {min: 0, max: 1}}
      both:
        params: {a: {int: {min: 1, max: 9}}, b: {int: {min: 1, max: 9}}}
        transaction:
          steps:
            - {sql: "INSERT INTO pair VALUES (:a, 0) RETURNING a", as: first}
            - {sql: "INSERT INTO pair VALUES (:first.a, :b)"}
""")


def rows_of_a_run(dsn: str, onlooker: Onlooker, seed: int) -> dict[str, list[tuple[object, ...]]]:
    """Return all orders of the sandbox after each operation, before its rows are taken out."""
    rows: dict[str, list[tuple[object, ...]]] = {}

    def look(phase: PhasePlan) -> None:
        query = f'SELECT {TIMELESS} FROM {onlooker.sandbox()}."order" ORDER BY id'
        rows[phase.name] = [tuple(row) for row in onlooker.fetch(query)]

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


def contents_after(dsn: str, onlooker: Onlooker, *, seed: int, processes: int, concurrency: int) -> list[str]:
    """Return every row that a run has left in its tables, sorted."""
    found: list[str] = []

    def look(_: PhasePlan) -> None:
        schema = onlooker.sandbox()
        for table in ("draw", "pair", "parcel"):
            rows = onlooker.fetch(f"SELECT '{table} ' || t::text FROM {schema}.{table} AS t")
            found.extend(sorted(row[0] for row in rows))

    settings = LoadSettings(seed=seed, processes=processes, concurrency=concurrency)
    result = run_documents(dsn, PARCEL, DRAWS, settings=settings, watcher=Watcher({"clean up": look}))
    assert result.processes == processes
    assert {one.operation.name: one.ok for one in result.operations} == {
        "draw": 200, "both": 40, "parcel_create": 80, "single_parcel_send": 80
    }  # fmt: skip
    return found


def test_the_same_seed_is_the_same_load_for_any_number_of_processes(
    inhabited: str, onlooker: Onlooker
) -> None:
    """Every operation as often, with the same values, whoever of how many sends them."""
    alone = contents_after(inhabited, onlooker, seed=7, processes=1, concurrency=8)
    assert len(alone) == 200 + 2 * 40 + (100 + 80 + 80)
    assert contents_after(inhabited, onlooker, seed=7, processes=2, concurrency=8) == alone
    assert contents_after(inhabited, onlooker, seed=7, processes=4, concurrency=5) == alone
    assert contents_after(inhabited, onlooker, seed=8, processes=2, concurrency=8) != alone
