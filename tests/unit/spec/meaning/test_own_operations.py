"""`ops:` to own operations."""

from __future__ import annotations

import pytest

from perfengine.model.load import Spread, ThinkTime
from perfengine.model.operation import Expectation, Success
from perfengine.model.transaction import Isolation, Retry
from perfengine.model.workload import OwnOperation, OwnPause, OwnStatement
from tests.documents import messages_of, scenario_of

MS = 1_000_000


def operation(keys: str) -> OwnOperation:
    """Return the operation with these keys."""
    (found,) = scenario_of(f"workload: {{ops: {{mine: {{{keys}}}}}}}").workload.operations
    return found


def messages(keys: str) -> list[str]:
    """Return what is wrong with an operation, without the places."""
    return [text.split(" ", 1)[1] for text in messages_of(f"workload: {{ops: {{mine: {{{keys}}}}}}}")]


@pytest.mark.parametrize(
    ("expect", "expectation"),
    [
        ("rows: 0", Expectation(success=Success.ROWS, count=0)),
        ("rows: 3", Expectation(success=Success.ROWS, count=3)),
        ("min_rows: 2", Expectation(success=Success.AT_LEAST, count=2)),
        ("affected: 1", Expectation(success=Success.AFFECTED)),
        ("not_null: true", Expectation(success=Success.NOT_NULL)),
        ("accepted: true", Expectation(success=Success.ACCEPTED)),
        ("error: 23505", Expectation(success=Success.REFUSED, sqlstate="23505")),
        ("refused: unique_violation", Expectation(success=Success.REFUSED, sqlstate="23505")),
        (
            "error: 23514, constraint: positive",
            Expectation(success=Success.REFUSED, sqlstate="23514", constraint="positive"),
        ),
    ],
)
def test_an_expectation_says_when_an_attempt_is_ok(expect: str, expectation: Expectation) -> None:
    """Of a lone statement it is that of the operation and of its step."""
    own = operation(f"sql: SELECT 1, expect: {{{expect}}}")
    assert own.expectation == expectation
    (step,) = own.steps
    assert isinstance(step, OwnStatement)
    assert step.expectation == expectation


def test_nothing_is_expected_unless_said() -> None:
    """Of a statement anything is ok, of a function what accepts."""
    assert operation("sql: SELECT 1").expectation is None
    assert operation("transaction: {steps: [{sql: SELECT 1}]}").expectation is None
    assert operation("function: f").expectation == Expectation(success=Success.ACCEPTED)
    assert operation("function: f, expect: {rows: 1}").expectation == Expectation(success=Success.ROWS)


@pytest.mark.parametrize(
    ("retry", "expected"),
    [
        ("max: 5", Retry(max_retries=5)),
        ("max: 0", Retry(max_retries=0)),
        ("backoff: 5ms", Retry(max_retries=3, backoff_ns=5 * MS)),
        ("on: lock_not_available", Retry(sqlstates=frozenset({"55P03"}), max_retries=3)),
        ("on: [40001, 40P01, XX000]", Retry(sqlstates=frozenset({"40001", "40P01", "XX000"}), max_retries=3)),
    ],
)
def test_a_retry_policy_fills_in_what_is_not_said(retry: str, expected: Retry) -> None:
    """The same for a statement and for a transaction."""
    assert operation(f"sql: SELECT 1, retry: {{{retry}}}").retry == expected
    assert operation(f"transaction: {{retry: {{{retry}}}, steps: [{{sql: SELECT 1}}]}}").retry == expected
    assert operation("sql: SELECT 1").retry == Retry()


@pytest.mark.parametrize(
    ("word", "isolation"),
    [
        ("read_committed", Isolation.READ_COMMITTED),
        ("repeatable_read", Isolation.REPEATABLE_READ),
        ("serializable", Isolation.SERIALIZABLE),
    ],
)
def test_a_transaction_has_an_isolation_level(word: str, isolation: Isolation) -> None:
    """And may say that it only reads."""
    own = operation(f"transaction: {{isolation: {word}, read_only: true, steps: [{{sql: SELECT 1}}]}}")
    assert (own.isolation, own.read_only, own.explicit) == (isolation, True, True)


def test_the_other_keys_of_an_operation() -> None:
    """As written."""
    own = operation("sql: SELECT 1, kind: complex_search, iterations: 50, weight: 2.5, read_only: yes")
    assert (own.kind, own.iterations, own.weight, own.read_only) == ("complex_search", 50, 2.5, True)
    assert (own.explicit, own.function, own.isolation) == (False, None, None)


@pytest.mark.parametrize(
    ("think", "expected"),
    [
        ("10ms", ThinkTime(spread=Spread.CONSTANT, mean_ns=10 * MS)),
        ("{mean: 10ms}", ThinkTime(spread=Spread.CONSTANT, mean_ns=10 * MS)),
        ("{dist: exponential, mean: 10ms}", ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=10 * MS)),
        (
            "{dist: uniform, min: 10ms, max: 30ms}",
            ThinkTime(spread=Spread.UNIFORM, mean_ns=20 * MS, low_ns=10 * MS, high_ns=30 * MS),
        ),
        ("{min: 0s, max: 30ms}", ThinkTime(spread=Spread.UNIFORM, mean_ns=15 * MS, high_ns=30 * MS)),
        (
            "{dist: uniform, mean: 10ms}",
            ThinkTime(spread=Spread.UNIFORM, mean_ns=10 * MS, high_ns=20 * MS),
        ),
    ],
)
def test_a_step_may_be_a_pause(think: str, expected: ThinkTime) -> None:
    """In all spellings of a think time."""
    own = operation(f"transaction: {{steps: [{{sql: SELECT 1}}, {{think: {think}}}]}}")
    assert own.steps[1] == OwnPause(think=expected)


def test_a_step_uses_what_an_earlier_one_returned() -> None:
    """Also in the text of several lines, where a mistake can only point at the beginning."""
    text = (
        "workload:\n  ops:\n    mine:\n      transaction:\n        steps:\n"
        "          - {sql: SELECT 1 AS id, as: first}\n"
        "          - sql: |\n              SELECT :first.id,\n              :second.id\n"
    )
    assert messages_of(text) == [
        '7:18 :second.id: no step before this one has "second" as its name: write as: second there'
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ':a', \\\":b\\\", 1::int, $$ :c $$ /* :d */ -- :e",
        "SELECT a[1:2], (ARRAY[1, 2])[1:2]",
    ],
)
def test_what_only_looks_like_a_parameter_needs_none(sql: str) -> None:
    """Quotes, comments, casts and slices are left alone."""
    assert operation(f'sql: "{sql}"').parameters == ()


def test_a_function_gets_its_parameters_by_name() -> None:
    """There is no SQL for them to stand in."""
    own = operation("function: app.place_order, params: {amount: {int: {min: 1, max: 9}}}")
    assert (own.function, own.steps) == ("app.place_order", ())
    assert [one.name for one in own.parameters] == ["amount"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            "transaction: {steps: [{sql: ''}, {sql: 'SELECT :a'}]}, params: {a: uuid, b: uuid}",
            ["sql: there is no SQL here"],
        ),
        (
            "transaction: {steps: [{sql: [x], as: a}, {sql: 'SELECT :a.id'}]}",
            ["sql: it must be SQL, found a list"],
        ),
        ("transaction: {isolation: serializable}", ['a transaction needs "steps"']),
        ("sql: 'SELECT :a', params: {a: [uuid]}", ["a: it must be a mapping, found a list"]),
        ("sql: 'SELECT :a', params: {a: {int: {min: 1}}}", ['int needs "max"']),
        ("sqll: SELECT 1", ['unknown key "sqll" in an operation']),
        (
            "function: drop table x",
            [
                (
                    'function: "drop table x" is not the name of a function: write my_function'
                    " or my_schema.my_function"
                ),
            ],
        ),
        ("sql: SELECT 1, expect: {}", ["expect: nothing is asked for: give a condition, such as rows: 1"]),
        (
            "sql: SELECT 1, expect: {accepted: no}",
            ["accepted: false expects nothing: write true, or remove expect"],
        ),
    ],
)
def test_one_mistake_is_told_once(keys: str, expected: list[str]) -> None:
    """What follows from a part that could not be read is not a second mistake."""
    assert messages(keys) == expected
