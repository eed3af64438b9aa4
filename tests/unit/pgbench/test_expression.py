"""Expressions: how operators hold, what is refused, and where."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.pgbench import Literal
from perfengine.pgbench.evaluate import computing
from perfengine.pgbench.expression import parse_expression
from perfengine.pgbench.fault import Fault
from perfengine.pgbench.prng import Prng
from perfengine.pgbench.values import ScriptError, to_text

if TYPE_CHECKING:
    from perfengine.model.pgbench import Value

#: From PostgreSQL's own documentation and tests of pgbench, or by its grammar.
_VALUES = {
    "1 + 2 * 3": "7",
    "(1 + 2) * 3": "9",
    "7 - 2 - 1": "4",
    "-7 / 2": "-3",
    "-7 % 3": "-1",
    "2 * ~ 3 + 1": "-10",
    "5 & 3 | 8": "9",
    "1 << 65": "2",
    "-8 >> 1": "-4",
    "not 1 = 2 and true": "true",
    "1 < 2 is true": "true",
    "1 is null is not null": "true",
    "null + 1": None,
    "null and false": None,
    "false and 1": "false",
    "true or 1": "true",
    "case when 0 then 1 when 2.5 then 3 end": "3",
    "case when null then 1 end": None,
    "1.0 / 0": "Infinity",
    "5 / 2.0": "2.5",
    "int(2.5) + int(3.5)": "6",
    "-9223372036854775808": "-9223372036854775808",
    "greatest(1, 2.5, -3)": "2.5",
    "LEAST(3, 1, 2)": "1",
    "pow(2, 10)": "1024",
    "sqrt(-1)": "NaN",
    "debug(null)": None,
    ":n * 2": "10",
    ":word": "true",
    "hash(10, 5432)": "-5817877081768721676",
    "hash_fnv1a(10, 5432)": "-7793829335365542153",
    "permute(1, 1)": "0",
}


@pytest.mark.parametrize(("expression", "value"), list(_VALUES.items()))
def test_values(expression: str, value: str | None) -> None:
    """By the precedences of pgbench's grammar, and its types."""
    variables: dict[str, Value] = {"n": 5, "word": "YES", "default_seed": 1}
    assert to_text(computing(parse_expression(expression))(variables, Prng(1))) == value


@pytest.mark.parametrize(
    ("expression", "place", "message"),
    [
        ("", (0, 0), "the end here, where a value is expected"),
        ("1 +", (3, 3), "the end here, where a value is expected"),
        ("1 2", (2, 3), '"2" here, where an operator, or the end of the line is expected'),
        ("1 < 2 < 3", (6, 7), '"<" here, where anything but a second comparison is expected'),
        ("(1 + 2", (6, 6), 'the end here, where ")" is expected'),
        ("random(1)", (0, 6), "random has 1 argument, where 2 are expected"),
        ("abs(1, 2)", (0, 3), "abs has 2 arguments, where 1 is expected"),
        ("hash()", (0, 4), "hash has 0 arguments, where 1 or 2 are expected"),
        ("least()", (0, 5), "least has 0 arguments, where 1 to 16 are expected"),
        ("rand(1, 2)", (0, 4), 'no function is called "rand"'),
        ("aid + 1", (0, 3), '"aid" here, where a value is expected: a variable is written :aid'),
        ("1 @ 2", (2, 3), '"@" has no meaning in an expression'),
        ("9223372036854775808", (0, 19), "9223372036854775808 is out of the range of bigint"),
        ("1e400", (0, 5), "1e400 is out of the range of double precision"),
        ("x is 5", (0, 1), '"x" here, where a value is expected: a variable is written :x'),
        (":x is 5", (6, 7), '"5" here, where null, true or false is expected'),
        ("case 1 end", (5, 6), '"1" here, where "when" is expected'),
        ("case when 1 end", (12, 15), '"end" here, where "then" is expected'),
    ],
)
def test_what_is_no_expression_is_said_at_its_place(
    expression: str, place: tuple[int, int], message: str
) -> None:
    """With what was found, and what could stand there."""
    with pytest.raises(Fault) as caught:
        parse_expression(expression)
    assert (caught.value.start, caught.value.stop) == place
    assert caught.value.message == message


@pytest.mark.parametrize("expression", ["(" * 3000 + "1" + ")" * 3000, "1" + "+1" * 3000, "-" * 3000 + "1"])
def test_what_is_too_deep_is_refused(expression: str) -> None:
    """Nothing of ours recurses as deep as somebody writes."""
    with pytest.raises(Fault, match="nested more than 100 deep"):
        parse_expression(expression)


def test_a_number_may_have_any_number_of_digits() -> None:
    """Python makes no integers of more than 4300 digits: whoever wrote them is told the same as of twenty."""
    with pytest.raises(Fault, match="out of the range of bigint"):
        parse_expression("9" * 5000)
    assert parse_expression("0" * 5000 + "7") == Literal(value=7)


@given(st.text(alphabet="0123456789.eE+-*/%()<>=!&|#~:abcnotrue, \t\\\n", max_size=40))
def test_any_text_is_an_expression_or_a_fault(text: str) -> None:
    """And an expression has a value or an error."""
    with suppress(Fault, ScriptError):
        computing(parse_expression(text))({"a": 1, "default_seed": 3}, Prng(0))
