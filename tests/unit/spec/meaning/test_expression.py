"""What may stand where one SQL expression is expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.spec.meaning.expression import expression_fault, why_no_check


@pytest.mark.parametrize(
    "text",
    [
        "total_amount > 0",
        "total - -1 > 0",
        "a = 'it''s; -- (quoted) $1, /* too */'",
        "email ~ '^[^@]+@[^@]+\\.[a-z]+$'",
        "E'a\\'b;' = name",
        '"strange; name(" > 0',
        "status IN ('a', 'b') AND coalesce(x, y) = ANY(ARRAY[1, 2])",
        "d >= date '2024-01-01'",
        "\n  a > 0\n  AND b > 0\n",
        "unique_code <> ''",
        "note <> 'select'",
    ],
)
def test_one_expression_passes(text: str) -> None:
    """Quotes hide what they hold."""
    assert expression_fault(text) is None
    assert why_no_check(text) is None


@pytest.mark.parametrize(
    ("text", "index", "message"),
    [
        ("a > 0; DROP TABLE x", 5, 'a ";" ends the expression'),
        ("a > 0) OR (b > 0", 5, 'this ")" closes nothing'),
        ("(a > 0", 0, 'this "(" is never closed'),
        ("(a > 0]", 6, 'this "]" closes nothing'),
        ("a = 'x", 4, "this quote is never closed"),
        ('"a = 1', 0, "this quote is never closed"),
        ("a = E'x\\'", 5, "this quote is never closed"),
        ("a > 0 -- b", 6, '"--" is a comment'),
        ("a > 0 /* b", 6, '"/*" is a comment'),
        ("a > 0, b > 0", 5, 'a "," is not expected here'),
        ("a = $$x$$", 4, 'a "$" begins a dollar quote'),
        ("a = $1", 4, 'a "$" begins a dollar quote'),
        ("a \\ b", 2, 'a "\\" is not part of an expression'),
        ("a = 1e'\\' || ');--'", 4, "a blank is missing between a number and a text"),
        ("~", 0, "this is no expression"),
        ("a" * 10_001, 0, "an expression has at most 10000 characters"),
    ],
)
def test_text_that_would_leave_its_place_is_refused(text: str, index: int, message: str) -> None:
    """The fault says which character."""
    fault = expression_fault(text)
    assert fault is not None
    assert (fault.index, fault.message[: len(message)]) == (index, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("UNIQUE(a, b)", "UNIQUE is a constraint of its own kind"),
        (" exclude USING gist (a WITH =)", "EXCLUDE is a constraint of its own kind"),
        ("primary  key (a)", "PRIMARY KEY is a constraint of its own kind"),
        ("EXISTS (SELECT 1 FROM customer)", "its rule reads other rows"),
    ],
)
def test_rules_that_are_no_check_are_named(text: str, message: str) -> None:
    """Table constraints and queries cannot be a CHECK."""
    reason = why_no_check(text)
    assert reason is not None
    assert reason.startswith(message)


def test_a_guard_may_read_other_rows() -> None:
    """It stands in a function, where a query is allowed."""
    assert expression_fault("EXISTS (SELECT 1 FROM customer)") is None


@given(st.text("ab'\"()[];-/*$\\,eE1 ", max_size=40))
def test_what_passes_stays_inside_parentheses(text: str) -> None:
    """Between parentheses, an expression that passes still passes: nothing of it reaches outside."""
    if expression_fault(text) is None:
        assert expression_fault(f"({text})") is None
        assert expression_fault(f"{text}) OR (true") is not None
