"""Operations of the author's own on a real server: values that are handed on, retries, expectations, doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.model.outcome import Outcome
from perfengine.model.settings import LoadSettings
from tests.integration.engine.looking import OURS
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Meddler, Watcher, run_documents, summary_of

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary
    from tests.integration.engine.looking import Onlooker


def failures_of(summary: OperationSummary) -> dict[tuple[Outcome, str, str | None], int]:
    """Return the failures of an operation by outcome, class and SQLSTATE."""
    failures = summary.measurement.failures.items()
    return {(one.outcome, one.error_class, one.sqlstate): count for one, count in failures}


def test_values_are_handed_from_step_to_step(inhabited: str, onlooker: Onlooker) -> None:
    """What an earlier statement returned is what a later one sends; text and timestamps as well as numbers."""
    document = workload("""\
        warmup: 0
        setup:
          - CREATE TABLE first (id serial PRIMARY KEY, word text, at timestamptz DEFAULT clock_timestamp())
          - CREATE TABLE second (id int REFERENCES first, word text, at timestamptz)
        ops:
          pair:
            params: {word: {text: {length: 8}}}
            transaction:
              isolation: repeatable_read
              steps:
                - {sql: INSERT INTO first (word) VALUES (:word) RETURNING *, as: made, expect: {rows: 1}}
                - {think: 1ms}
                - {sql: "INSERT INTO second VALUES (:made.id, :made.word, :made.at)", expect: {affected: 1}}
        """)
    pairs: list[int] = []

    def look(_: PhasePlan) -> None:
        schema = onlooker.sandbox()
        query = f"SELECT count(*) FROM {schema}.first JOIN {schema}.second USING (id, word, at)"
        pairs.append(int(onlooker.value(query)))

    settings = LoadSettings(concurrency=4, iterations=60, filters=("pair",))
    result = run_documents(
        inhabited, PARCEL, document, settings=settings, watcher=Watcher({"clean up": look})
    )
    (summary,) = result.operations
    assert (summary.ok, pairs) == (60, [60])
    assert summary.latency is not None
    assert summary.latency.minimum > 1_000_000  # the pause is part of it


CONTENDED = workload("""\
    warmup: 0
    setup: ["CREATE TABLE counter (id int PRIMARY KEY, value int)", "INSERT INTO counter VALUES (1, 0)"]
    ops:
      count:
        transaction:
          isolation: serializable
          retry: {max: RETRIES, backoff: 1ms}
          steps:
            - {sql: SELECT value FROM counter WHERE id = 1, as: seen}
            - {think: 2ms}
            - sql: UPDATE counter SET value = :seen.value + 1 WHERE id = 1
              expect: {affected: 1}
""")


@pytest.mark.parametrize("retries", [0, 1, 100])
def test_serialization_failures_are_retried_and_counted(
    inhabited: str, onlooker: Onlooker, retries: int
) -> None:
    """Two clients on one row. ok = direct + retried successes; the counter holds the ok ones, no more and no less."""
    counted: list[int] = []

    def look(_: PhasePlan) -> None:
        counted.append(int(onlooker.value(f"SELECT value FROM {onlooker.sandbox()}.counter")))

    settings = LoadSettings(concurrency=2, iterations=60, filters=("count",))
    document = CONTENDED.replace("RETRIES", str(retries))
    result = run_documents(
        inhabited, PARCEL, document, settings=settings, watcher=Watcher({"clean up": look})
    )
    (summary,) = result.operations
    measurement = summary.measurement
    assert summary.ok + summary.error == summary.attempts == 60
    assert counted == [summary.ok]
    failed = {key: count for key, count in failures_of(summary).items() if key[2] == "40001"}
    assert failed == ({(Outcome.ERROR, "retryable", "40001"): summary.error} if summary.error else {})
    if not retries:
        assert summary.error > 0
        assert (measurement.retried, measurement.retries) == (0, {})
        return
    assert set(measurement.retries) == {"40001"}
    assert measurement.retried <= summary.ok
    # a retried success took one retry at least, and a failure all of them
    assert measurement.retries["40001"] >= measurement.retried + retries * summary.error
    if retries > 1:
        assert summary.error == 0
        assert measurement.retried > 0
        assert summary.latency is not None
        assert summary.latency.maximum > 5_000_000  # two tries of 2 ms and a back-off: its latency spans them


@pytest.mark.parametrize(
    ("sql", "expectation", "words"),
    [
        ("SELECT 1 WHERE false", "rows: 1", "another number of rows"),
        ("SELECT 1", "min_rows: 2", "fewer rows"),
        ("UPDATE parcel SET weight = 1 WHERE false", "affected: 1", "changed another number of rows"),
        ("SELECT NULL::int", "not_null: true", "NULL or empty"),
    ],
)
def test_a_reply_that_is_not_as_expected_is_refused(
    inhabited: str, sql: str, expectation: str, words: str
) -> None:
    """It is no error: the statement did what it was told."""
    document = workload(f"""\
        warmup: 0
        ops:
          lone: {{sql: "{sql}", expect: {{{expectation}}}}}
          last: {{transaction: {{steps: [{{sql: "{sql}"}}]}}, expect: {{{expectation}}}}}
          inner: {{transaction: {{steps: [{{sql: "{sql}", expect: {{{expectation}}}}}, {{sql: SELECT 1}}]}}}}
        """)
    settings = LoadSettings(iterations=5, filters=("lone", "last", "inner"))
    result = run_documents(inhabited, PARCEL, document, settings=settings)
    assert [(one.operation.name, one.refused, one.ok) for one in result.operations] == [
        ("lone", 5, 0), ("last", 5, 0), ("inner", 5, 0)
    ]  # fmt: skip
    for summary in result.operations:
        ((failure, count),) = summary.measurement.failures.items()
        assert (failure.error_class, failure.sqlstate, count) == ("reply", None, 5)
        assert words in failure.message


def test_a_refusal_that_is_expected_is_ok_and_by_another_constraint_is_not(inhabited: str) -> None:
    """Known by SQLSTATE and constraint."""
    document = workload("""\
        warmup: 0
        setup: ["CREATE TABLE pair (a int CONSTRAINT a_sound CHECK (a > 0), b int CONSTRAINT b_sound CHECK (b > 0))"]
        ops:
          right: {sql: "INSERT INTO pair VALUES (0, 1)", expect: {error: "23514", constraint: a_sound}}
          wrong: {sql: "INSERT INTO pair VALUES (1, 0)", expect: {error: "23514", constraint: a_sound}}
          accepted: {sql: "INSERT INTO pair VALUES (1, 1)", expect: {error: "23514"}}
        """)
    settings = LoadSettings(iterations=4, filters=("right", "wrong", "accepted"))
    result = run_documents(inhabited, PARCEL, document, settings=settings)
    assert [(one.ok, one.refused, one.error) for one in result.operations] == [
        (4, 0, 0),
        (0, 4, 0),
        (0, 0, 4),
    ]
    assert failures_of(summary_of(result, "wrong")) == {(Outcome.REFUSED, "integrity", "23514"): 4}
    assert failures_of(summary_of(result, "accepted")) == {(Outcome.ERROR, "reply", None): 4}


GATE = 4711
#: Attempts wait until the onlooker lets them through, however long that takes.
SLOW_COMMIT = workload(f"""\
    warmup: 0
    setup:
      - CREATE TABLE slow (value int)
      - |
        CREATE FUNCTION gate() RETURNS void LANGUAGE plpgsql SET lock_timeout = 0 AS
        'BEGIN PERFORM pg_advisory_xact_lock_shared({GATE}); END'
      - |
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF pg_trigger_depth() > 0 THEN PERFORM gate(); END IF; RETURN NULL; END'
      - |
        CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION dawdle()
    ops:
      slow:
        transaction: {{steps: [{{sql: INSERT INTO slow VALUES (1)}}, {{sql: SELECT 1}}]}}
      open:
        transaction: {{steps: [{{sql: INSERT INTO slow VALUES (1)}}, {{sql: SELECT gate()}}]}}
""")


@pytest.mark.parametrize(
    ("operation", "query", "error_class"),
    [
        pytest.param("slow", "COMMIT", "in_doubt", id="while it commits: nobody knows"),
        pytest.param("open", "gate", "connection_lost", id="before that: it was not done"),
    ],
)
def test_only_a_commit_under_way_is_in_doubt(
    inhabited: str, onlooker: Onlooker, operation: str, query: str, error_class: str
) -> None:
    """A connection that breaks in the middle of a transaction has undone it for certain."""

    def end_session(_: PhasePlan) -> None:
        waiting = (
            f"SELECT pid {OURS} AND state = 'active' AND query LIKE '%{query}%' AND wait_event = 'advisory'"
        )
        try:
            pid = onlooker.wait_for(f"{waiting} LIMIT 1")
            assert onlooker.value("SELECT pg_terminate_backend($1)", pid)
            onlooker.wait_for(f"SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = {pid}")
        finally:
            onlooker.execute(f"SELECT pg_advisory_unlock({GATE})")

    onlooker.execute(f"SELECT pg_advisory_lock({GATE})")
    settings = LoadSettings(concurrency=2, iterations=6, filters=(operation,))
    with Meddler(end_session) as meddler:
        result = run_documents(
            inhabited, PARCEL, SLOW_COMMIT, settings=settings, watcher=Watcher({"measure": meddler})
        )
    (summary,) = result.operations
    assert (summary.ok, summary.error) == (5, 1)
    ((outcome, found, _),) = failures_of(
        summary
    )  # the SQLSTATE is the driver's own: it saw the end of a stream
    assert (outcome, found) == (Outcome.ERROR, error_class)


FUNCTIONS = workload("""\
    warmup: 0
    setup:
      - CREATE FUNCTION yes_by_value() RETURNS int LANGUAGE sql AS 'SELECT 1'
      - CREATE FUNCTION yes_by_nothing() RETURNS void LANGUAGE plpgsql AS 'BEGIN END'
      - CREATE FUNCTION no_by_exception() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'
      - CREATE FUNCTION no_by_null() RETURNS int LANGUAGE sql AS 'SELECT NULL::int'
      - CREATE FUNCTION no_by_false() RETURNS boolean LANGUAGE sql AS 'SELECT false'
      - CREATE TYPE outcome AS (success boolean, message text)
      - CREATE TYPE report AS (status text, data json)
      - CREATE FUNCTION no_by_success() RETURNS outcome LANGUAGE sql AS $$SELECT ROW(false, 'no')::outcome$$
      - CREATE FUNCTION yes_by_success() RETURNS outcome LANGUAGE sql AS $$SELECT ROW(true, 'yes')::outcome$$
      - CREATE FUNCTION no_by_status() RETURNS report LANGUAGE sql AS $$SELECT ROW('failed:gone', NULL)::report$$
      - CREATE FUNCTION yes_by_status() RETURNS report LANGUAGE sql AS $$SELECT ROW('success:made', NULL)::report$$
      - |
        CREATE FUNCTION batch(size int) RETURNS TABLE (test_name text, execution_time interval, records_processed int)
        LANGUAGE sql AS $$SELECT 'batch', interval '1 ms', size$$
      - |
        CREATE FUNCTION batches() RETURNS TABLE (test_name text, execution_time interval, records_processed int)
        LANGUAGE sql AS $$SELECT 'batch', interval '1 ms', n FROM generate_series(1, 4) AS n$$
    ops:
      yes_by_value: {function: yes_by_value}
      yes_by_nothing: {function: yes_by_nothing}
      yes_by_success: {function: yes_by_success}
      yes_by_status: {function: yes_by_status}
      no_by_exception: {function: no_by_exception}
      no_by_null: {function: no_by_null}
      no_by_false: {function: no_by_false}
      no_by_success: {function: no_by_success}
      no_by_status: {function: no_by_status}
      batch: {function: batch, params: {size: {const: 7}}}
      batches: {function: batches}
""")


def test_functions_say_no_in_their_own_way_and_count_their_records(inhabited: str) -> None:
    """By an exception, NULL or false, `success` or `status`; and `records_processed` is summed over ok attempts."""
    settings = LoadSettings(iterations=3, concurrency=1, filters=("function",))
    result = run_documents(inhabited, PARCEL, FUNCTIONS, settings=settings)
    assert len(result.operations) == 11
    for summary in result.operations:
        expected = (0, 3) if summary.operation.name.startswith("no_") else (3, 0)
        assert (summary.ok, summary.refused) == expected, summary.operation.name
    records = {one.operation.name: one.measurement.records_processed for one in result.operations}
    assert (records.pop("batch"), records.pop("batches")) == (21, 30)
    assert not any(records.values())
