"""Generators in words: each kind, and every spread."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from perfengine.model.generator import (
    Between,
    Chance,
    Choice,
    Exponential,
    Free,
    Generator,
    Normal,
    NumberRange,
    NumberType,
    OrNull,
    Recent,
    ReferenceTo,
    Sequence,
    StateOf,
    Template,
    Text,
    Uuid,
    Zipf,
)
from perfengine.report.generator_words import generator_text

LOW, HIGH = Decimal(1), Decimal(1000)


@pytest.mark.parametrize(
    ("generator", "text"),
    [
        (NumberRange(low=LOW, high=HIGH), "a whole number from 1 to 1000"),
        (
            NumberRange(low=LOW, high=HIGH, distribution=Zipf(s=1.1)),
            "a whole number from 1 to 1000, zipf with s 1.1",
        ),
        (
            NumberRange(
                low=Decimal("0.01"), high=HIGH, type=NumberType.DECIMAL, distribution=Exponential(mean=50)
            ),
            "a decimal from 0.01 to 1000, exponential with mean 50",
        ),
        (
            NumberRange(low=LOW, high=HIGH, type=NumberType.FLOAT, distribution=Normal(mean=5, stdev=0.5)),
            "a number from 1 to 1000, normal around 5 with deviation 0.5",
        ),
        (Choice(values=("a", 2, None)), "one of a, 2, None"),
        (Choice(values=("a", "b"), weights=(3, 1)), "one of a (3), b (1)"),
        (ReferenceTo(table="customer"), "a key of customer"),
        (ReferenceTo(table="customer", distribution=Zipf(s=2)), "a key of customer, zipf with s 2"),
        (Recent(seconds=30 * 86_400), "a time of the last 30 days"),
        (Recent(seconds=43_200, ahead=True, whole_days=True), "a date of the next 0.5 days"),
        (Between(low=date(2024, 1, 1), high=date(2024, 6, 30)), "a date from 2024-01-01 to 2024-06-30"),
        (
            Between(low=datetime(2024, 1, 1, tzinfo=UTC), high=datetime(2024, 1, 2, tzinfo=UTC)),
            "a time from 2024-01-01T00:00:00+00:00 to 2024-01-02T00:00:00+00:00",
        ),
        (StateOf(states=("pending", "confirmed")), "a state of pending, confirmed"),
        (Free(), "a value of its type"),
        (Uuid(), "a uuid that no other attempt has"),
        (Sequence(start=5, step=10), "5, 15, 25, ..."),
        (Text(length=8), "8 hex digits"),
        (Template(text="order-{index}"), '"order-{index}"'),
        (Chance(probability=0.25), "true with probability 0.25"),
        (OrNull(share=0.1, generator=Uuid()), "a uuid that no other attempt has, or null (10% of them)"),
    ],
)
def test_generator(generator: Generator, text: str) -> None:
    """A reader learns what values there are without knowing the names of the code."""
    assert generator_text(generator) == text
