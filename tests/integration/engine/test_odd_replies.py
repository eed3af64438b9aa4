"""Replies that a function or a statement of the author's may give, and that nobody thought of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.model.outcome import Outcome
from perfengine.model.settings import LoadSettings
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import run_documents, summary_of

if TYPE_CHECKING:
    from perfengine.model.result import RunResult

ATTEMPTS = 20
COUNTING = workload("""\
    warmup: 0
    setup:
      - >-
        CREATE FUNCTION work() RETURNS TABLE(records_processed TYPE) LANGUAGE sql AS 'SELECT VALUE'
    ops: {work: {function: work}}
    """)
EMPTY = workload("""\
    warmup: 0
    ops: {empty: {sql: "SELECT FROM generate_series(1, 2)", expect: {not_null: true}}}
    """)


def run(database: str, document: str, name: str) -> RunResult:
    """Return the result of a few attempts of the one operation."""
    settings = LoadSettings(iterations=ATTEMPTS, filters=(name,))
    return run_documents(database, PARCEL, document, settings=settings)


@pytest.mark.parametrize(
    ("sql_type", "value", "each"),
    [
        ("int", "3", 3),
        ("numeric", "3.0::numeric", 3),
        ("numeric", "''NaN''::numeric", 0),
        ("float8", "2::float8", 2),
        ("text", "''many''", 0),
    ],
)
def test_records_are_counted_whatever_their_type(database: str, sql_type: str, value: str, each: int) -> None:
    """A sum of bigint is numeric, which no JSON could be made of when the run was over; a text ended it at once."""
    result = run(database, COUNTING.replace("TYPE", sql_type).replace("VALUE", value), "work")
    counted = summary_of(result, "work").measurement
    assert (counted.response.moments.count, counted.records_processed) == (ATTEMPTS, ATTEMPTS * each)
    assert type(counted.records_processed) is int


def test_rows_without_a_column_hold_no_value(database: str) -> None:
    """`not_null` of them is refused; it used to end the run as a mistake of our own."""
    measured = summary_of(run(database, EMPTY, "empty"), "empty").measurement
    ((failure, count),) = measured.failures.items()
    assert (failure.outcome, failure.message, count) == (
        Outcome.REFUSED,
        "the reply is NULL or empty",
        ATTEMPTS,
    )
