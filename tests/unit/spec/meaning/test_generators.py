"""Generators as written to generators."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.generator import (
    Between,
    Chance,
    Choice,
    Exponential,
    Generator,
    Normal,
    NumberRange,
    NumberType,
    OrNull,
    Recent,
    ReferenceTo,
    Sequence,
    Template,
    Text,
    Uuid,
    Zipf,
)
from perfengine.spec.meaning.scalars import whole_weights
from tests.documents import scenario_of

ENTITY = "name: order\nfields: {id: uuid, customer_id: uuid}\n"


def generator(text: str) -> Generator:
    """Return the generator of a parameter that is written like this."""
    scenario = scenario_of(f"{ENTITY}workload: {{ops: {{mine: {{function: f, params: {{x: {text}}}}}}}}}")
    return scenario.workload.operations[0].parameters[0].generator


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uuid", Uuid()),
        ("bool", Chance()),
        ("text", Text()),
        ("sequence", Sequence()),
        ("ago", Recent()),
        ("ahead", Recent(ahead=True)),
        ("{uuid: {}}", Uuid()),
        ("{bool: {p: 0.3}}", Chance(probability=0.3)),
        ("{bool: {p: 30%}}", Chance(probability=0.3)),
        ("{text: {length: 40}}", Text(length=40)),
        ("{sequence: {start: -5, step: 10}}", Sequence(start=-5, step=10)),
        ("{sequence: {start: 0}}", Sequence(start=0)),
        ('{template: "u{index}@{word}.org"}', Template(text="u{index}@{word}.org")),
        ("{ago: {max: 30 days}}", Recent(seconds=30 * 86_400)),
        ("{ahead: {max: 1h, type: date}}", Recent(seconds=3600, ahead=True, whole_days=True)),
        ("{ref: customer}", ReferenceTo(table="customer")),
        ("{ref: order, dist: zipf}", ReferenceTo(table="order", distribution=Zipf(s=1.1))),
        (
            "{date: {min: 2024-01-01, max: 2024-12-31}}",
            Between(low=date(2024, 1, 1), high=date(2024, 12, 31)),
        ),
        (
            "{timestamp: {min: 2024-01-01, max: 2024-01-01T12:00:00+02:00}}",
            Between(low=datetime(2024, 1, 1, tzinfo=UTC), high=datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ),
        ("{uuid: {}, null: 0.1}", OrNull(share=0.1, generator=Uuid())),
        ("{uuid: {}, null: 0}", Uuid()),
    ],
)
def test_a_generator_has_one_form(text: str, expected: Generator) -> None:
    """A bare word where nothing more is to be said."""
    assert generator(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{int: {min: -5, max: 5}}", NumberRange(low=Decimal(-5), high=Decimal(5))),
        (
            "{int: {min: 1, max: 100, dist: zipf, s: 0.9}}",
            NumberRange(low=Decimal(1), high=Decimal(100), distribution=Zipf(s=0.9)),
        ),
        (
            "{int: {min: 0, max: 60, dist: normal}}",
            NumberRange(low=Decimal(0), high=Decimal(60), distribution=Normal(mean=30, stdev=10)),
        ),
        (
            "{int: {min: 0, max: 60, dist: normal, mean: 20, sd: 5}}",
            NumberRange(low=Decimal(0), high=Decimal(60), distribution=Normal(mean=20, stdev=5)),
        ),
        (
            "{int: {min: 10, max: 60, dist: exponential}}",
            NumberRange(low=Decimal(10), high=Decimal(60), distribution=Exponential(mean=5)),
        ),
        (
            "{decimal: {min: 10, max: 1010}}",
            NumberRange(low=Decimal(10), high=Decimal(1010), type=NumberType.DECIMAL, scale=2),
        ),
        (
            "{decimal: {min: 0.125, max: 1, scale: 3}}",
            NumberRange(low=Decimal("0.125"), high=Decimal(1), type=NumberType.DECIMAL, scale=3),
        ),
        (  # more digits than Python's decimals keep: they used to be rounded, which ended in a traceback
            "{decimal: {min: 0, max: 99999999999999999999999999999}}",
            NumberRange(low=Decimal(0), high=Decimal(10**29 - 1), type=NumberType.DECIMAL, scale=2),
        ),
        (
            "{float: {min: 0, max: 1}}",
            NumberRange(low=Decimal(0), high=Decimal(1), type=NumberType.FLOAT, scale=6),
        ),
    ],
)
def test_numbers_have_a_range_and_a_distribution(text: str, expected: NumberRange) -> None:
    """What is not said of a distribution follows from the range."""
    assert generator(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{choice: [a, b]}", Choice(values=("a", "b"))),
        ("{choice: {a: 70, b: 30}}", Choice(values=("a", "b"), weights=(7, 3))),
        ("{choice: {a: 0.5, b: 0.25}}", Choice(values=("a", "b"), weights=(2, 1))),
        ("{choice: {5: 1, x: 1}}", Choice(values=(5, "x"), weights=(1, 1))),
        ("{choice: [1, '1', -2.50, true, 'true', null, on, 010]}",
         Choice(values=(1, "1", Decimal("-2.50"), True, "true", None, "on", "010"))),
        ("{const: 5}", Choice(values=(5,))),
        ("{const: '5'}", Choice(values=("5",))),
        ("{const: open}", Choice(values=("open",))),
    ],
)  # fmt: skip
def test_a_choice_keeps_what_is_text_and_what_is_a_number(text: str, expected: Choice) -> None:
    """As YAML 1.2 reads it."""
    made = generator(text)
    assert made == expected
    assert isinstance(made, Choice)
    assert [type(value) for value in made.values] == [type(value) for value in expected.values]


def test_a_mark_in_quotes_is_text_wherever_it_stands() -> None:
    """Over several lines, too."""
    text = "workload:\n  ops:\n    mine:\n      function: f\n      params:\n        x:\n          choice:\n"
    scenario = scenario_of(f'{text}            - 1\n            - "1"\n            - |\n              1\n')
    made = scenario.workload.operations[0].parameters[0].generator
    assert made == Choice(values=(1, "1", "1\n"))


@given(st.lists(st.decimals(min_value="0.001", max_value=1000, places=3), min_size=1, max_size=8))
def test_whole_weights_stand_to_each_other_as_those_written(weights: list[Decimal]) -> None:
    """And no smaller ones do."""
    whole = whole_weights(weights)
    assert min(whole) >= 1
    assert gcd(*whole) == 1
    ratios = {Fraction(number) / Fraction(weight) for number, weight in zip(whole, weights, strict=True)}
    assert len(ratios) == 1
