"""Simple conjunctions are understood; anything else says nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.comparisons import Comparison, Literal, comparisons_of
from tests.processor_time import within_cpu_s


def said(expression: str) -> list[tuple[str, str, tuple[Literal, ...]]]:
    """Return the comparisons as plain tuples."""
    return [(c.field, c.operator, c.literals) for c in comparisons_of(expression)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("total > 5", [("total", ">", (Decimal(5),))]),
        ("5 < total", [("total", ">", (Decimal(5),))]),
        ("-1.5 <= total", [("total", ">=", (Decimal("-1.5"),))]),
        ("total != 0", [("total", "<>", (Decimal(0),))]),
        ("(total >= 0 AND total < 100)", [("total", ">=", (Decimal(0),)), ("total", "<", (Decimal(100),))]),
        ("total BETWEEN 1 AND 5", [("total", ">=", (Decimal(1),)), ("total", "<=", (Decimal(5),))]),
        (
            "total BETWEEN 1 AND 5 AND kind = 'a'",
            [("total", ">=", (Decimal(1),)), ("total", "<=", (Decimal(5),)), ("kind", "=", ("a",))],
        ),
        ("kind IN ('a', 'b')", [("kind", "in", ("a", "b"))]),
        ("kind NOT IN ('a', 'b')", [("kind", "<>", ("a",)), ("kind", "<>", ("b",))]),
        ("kind = 'it''s'", [("kind", "=", ("it's",))]),
        ("active", [("active", "=", (True,))]),
        ("NOT active", [("active", "=", (False,))]),
        ("active IS TRUE", [("active", "=", (True,))]),
        ("deleted_at IS NULL", [("deleted_at", "=", (None,))]),
        ('"Total" > 1', [("Total", ">", (Decimal(1),))]),
        ("((total > 1)) AND ((kind = 'a') AND active)", None),
    ],
)
def test_conjunctions_of_comparisons_are_understood(
    expression: str, expected: list[tuple[str, str, tuple[Literal, ...]]] | None
) -> None:
    """Each conjunct becomes a comparison, whichever side the field is on."""
    if expected is None:
        assert [field for field, _, _ in said(expression)] == ["total", "kind", "active"]
    else:
        assert said(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "total > 5 OR total < 1",
        "NOT (total > 5 AND total < 9)",
        "total > other",
        "total + 1 > 5",
        "5 > total + 1",
        "NOT total > 5",
        "length(name) > 5",
        "order.total > 5",
        "kind NOT LIKE 'a'",
        "kind IN (SELECT 1)",
        "total IS NOT NULL",
        "total BETWEEN 1 AND other",
        "CASE WHEN a THEN b > 1 AND c < 2 END",
        "total > 5 + 1",
        "name ~ '<'",
        "",
        "AND",
        "(",
        "a >",
    ],
)
def test_other_shapes_say_nothing(expression: str) -> None:
    """What is not a plain conjunct of field, operator and constant is left out."""
    assert said(expression) == []


def test_what_is_not_understood_does_not_hide_the_rest() -> None:
    """Every conjunct must hold, so each one that is understood counts."""
    assert comparisons_of("length(name) > 3 AND total > 5") == (
        Comparison(field="total", operator=">", literals=(Decimal(5),)),
    )


@given(
    st.lists(
        st.sampled_from(
            ["a", ">", "5", "and", "or", "(", ")", "between", "in", ",", "'x'", "not", "case", "end"]
        )
    )
)
def test_any_words_can_be_read(parts: list[str]) -> None:
    """No sequence of words makes the reader raise, and what it finds compares a name that a column can have."""
    found = comparisons_of(" ".join(parts))
    assert all(comparison.field in {"a", "between"} for comparison in found)


def test_parentheses_may_be_as_deep_as_anyone_likes() -> None:
    """A rule nested three hundred deep is read like any other."""
    rule = "(a > 1 AND " * 300 + "a > 2" + ")" * 300
    assert len(comparisons_of(rule)) == 301


def test_parentheses_around_the_whole_are_taken_off_at_once() -> None:
    """Each pair was looked for from the beginning, which took half a minute."""
    rule = "(" * 4_900 + "a > 1" + ")" * 4_900
    assert len(within_cpu_s(1, lambda: comparisons_of(rule))) == 1


def test_what_nobody_writes_by_hand_says_nothing() -> None:
    """More than ten thousand characters."""
    assert len(comparisons_of("a > 1 AND " * 900 + "a > 1")) == 901
    assert comparisons_of("a > 1 AND " * 1_000 + "a > 1") == ()
