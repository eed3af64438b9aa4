"""Operations that are loaded together: by their weights, in rounds, over rows that are used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.compiler import rounds
from perfengine.model.settings import LoadSettings
from perfengine.model.verdict import Reason, Verdict
from perfengine.units import NS_PER_S
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Watcher, run_documents, summary_of

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan
    from tests.integration.engine.looking import Onlooker

SHARES = {"parcel_query": 200, "single_parcel_send": 80, "parcel_create": 40, "look": 40, "note": 40}
MIX = workload("""\
    mode: mix
    iterations: 400
    concurrency: 8
    warmup: 500ms
    mix: {parcel_query: 5, single_parcel_send: 2, parcel_create: 1, look: 1, note: 1}
    setup: [CREATE TABLE note (value bigint)]
    ops:
      look:
        sql: SELECT count(*) FROM {{parcel}} WHERE status = :state
        params: {state: {choice: [pending, sent]}}
        read_only: true
      note:
        sql: INSERT INTO note VALUES (:number)
        params: {number: sequence}
""")
SEND_ONLY = """\
    mode: mix
    iterations: {iterations}
    concurrency: 8
    warmup: 0
    mix: {{single_parcel_send: 1, parcel_query: 1}}
    rows: {{pick: {pick}, when_exhausted: {when_exhausted}}}
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_a_mix_has_its_weights_and_the_database_holds_what_it_claims(
    inhabited: str, onlooker: Onlooker, processes: int
) -> None:
    """Compiled and own operations, to the attempt; the warm-up is apart, and so are the shards' rows."""
    noted: list[int] = []

    def look(_: PhasePlan) -> None:
        noted.extend(row[0] for row in onlooker.fetch(f"SELECT value FROM {onlooker.sandbox()}.note"))

    settings = LoadSettings(processes=processes)
    result = run_documents(inhabited, PARCEL, MIX, settings=settings, watcher=Watcher({"clean up": look}))
    assert result.processes == processes
    assert {one.operation.name: one.ok for one in result.operations} == SHARES
    assert all(one.attempts == one.ok for one in result.operations)
    warm_ups = {one.operation.name: one.measurement.warmup_attempts for one in result.operations}
    assert any(warm_ups.values())
    assert len(noted) == len(set(noted)) == SHARES["note"] + warm_ups["note"]
    for name in ("single_parcel_send", "parcel_create"):
        rows = summary_of(result, name).rows
        assert rows is not None
        assert rows.expected == rows.found == SHARES[name] + warm_ups[name]
        assert rows.verified


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("when_exhausted", ["recycle", "create"])
def test_rows_are_made_for_round_after_round(
    inhabited: str,
    onlooker: Onlooker,
    monkeypatch: pytest.MonkeyPatch,
    when_exhausted: str,
    processes: int,
) -> None:
    """More attempts than one round has rows: each has one, each is verified, and none is left behind."""
    monkeypatch.setattr(rounds, "REFILL_ROWS", 60)
    left: list[int] = []

    def look(_: PhasePlan) -> None:
        left.append(onlooker.value(f"SELECT count(*) FROM {onlooker.sandbox()}.parcel"))

    document = workload(SEND_ONLY.format(iterations=600, pick="claim", when_exhausted=when_exhausted))
    result = run_documents(
        inhabited,
        PARCEL,
        document,
        settings=LoadSettings(processes=processes),
        watcher=Watcher({"clean up": look}),
    )
    sent = summary_of(result, "single_parcel_send")
    assert (sent.attempts, sent.ok, sent.starved) == (300, 300, 0)
    assert sent.measurement.rounds == 5
    assert sent.rows is not None
    assert (sent.rows.expected, sent.rows.found, sent.rows.unexpected) == (300, 300, 0)
    # recycled rows are always the same; created ones stay until the end, with those of a round that never came
    assert left == [100 + 60 if when_exhausted == "recycle" else 100 + 300 + 60]


def test_attempts_without_a_row_are_starved_and_prove_nothing(inhabited: str) -> None:
    """`stop`: ten rows, a hundred attempts; no limit of that operation can be judged."""
    document = workload("""\
        iterations: 100
        concurrency: 4
        rows: {when_exhausted: stop}
        """)
    limit = "requirements: {all: {single_parcel_send: {p50: 10s, error_rate: 0.5}}}\n"
    settings = LoadSettings(data_size=10, filters=("single_parcel_send",))
    (summary,) = (result := run_documents(inhabited, PARCEL, document, limit, settings=settings)).operations
    assert (summary.ok, summary.starved, summary.attempts) == (10, 90, 100)
    assert summary.error_rate == 0
    assert summary.rows is not None
    assert summary.rows.expected == summary.rows.found == 10 + summary.measurement.warmup_attempts
    assert {(one.verdict, one.reason) for one in result.judgements} == {(Verdict.UNPROVEN, Reason.STARVED)}
    assert len(result.judgements) == 2


def test_rows_that_are_used_up_stay_so_until_the_time_is_over(inhabited: str) -> None:
    """However many rounds a duration has, `stop` has one set of rows."""
    document = workload("{duration: 1s, warmup: 0, rows: {when_exhausted: stop}}")
    settings = LoadSettings(data_size=10, filters=("single_parcel_send",))
    (summary,) = run_documents(inhabited, PARCEL, document, settings=settings).operations
    assert summary.ok == 10
    assert summary.starved == summary.attempts - 10 > 0
    assert summary.cut_short is None
    assert summary.measurement.measured_ns >= NS_PER_S


def test_they_last_for_as_many_rounds_as_there_are_rows(
    inhabited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ninety rows and rounds of forty: the third has ten of them left."""
    monkeypatch.setattr(rounds, "ROUND_ROWS", 40)
    monkeypatch.setattr(rounds, "LEAST_ATTEMPTS", 1)
    document = workload("{iterations: 200, concurrency: 2, rows: {when_exhausted: stop}}")
    settings = LoadSettings(data_size=90, filters=("single_parcel_send",))
    (summary,) = run_documents(inhabited, PARCEL, document, settings=settings).operations
    assert (summary.ok, summary.starved, summary.measurement.rounds) == (90, 110, 5)
    assert summary.rows is not None
    assert summary.rows.verified


@pytest.mark.parametrize(("pick", "processes"), [("random", 1), ("first", 1), ("first", 2), ("lock", 2)])
def test_the_data_set_is_as_before_whatever_statements_found_in_it(
    inhabited: str, onlooker: Onlooker, monkeypatch: pytest.MonkeyPatch, pick: str, processes: int
) -> None:
    """They change rows of the data set, in several rounds; after the phase every row is what it was."""
    monkeypatch.setattr(rounds, "REFILL_ROWS", 60)
    seen: list[list[str]] = []

    def look(_: PhasePlan) -> None:
        rows = onlooker.fetch(f"SELECT p::text FROM {onlooker.sandbox()}.parcel AS p ORDER BY id")
        seen.append([row[0] for row in rows])

    document = workload(f"{{iterations: 300, concurrency: 8, rows: {{pick: {pick}}}}}")
    settings = LoadSettings(filters=("single_parcel_send", "parcel_query"), processes=processes)
    # the first phase has added its rows by then, and has not begun; the second has none of its own
    watcher = Watcher({"warm-up": look})
    result = run_documents(inhabited, PARCEL, document, settings=settings, watcher=watcher)
    assert [one.operation.name for one in result.operations] == ["single_parcel_send", "parcel_query"]
    sent = summary_of(result, "single_parcel_send")
    assert sent.attempts == sent.ok + sent.refused + sent.starved == 300
    assert sent.ok > 0
    before, after = seen
    assert len(after) == 100
    assert set(after) < set(before)
