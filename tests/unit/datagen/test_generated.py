"""Values of parameters: of the type that the driver binds, by (seed, stream, number) alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.datagen.generated import generated_values
from perfengine.datagen.keys import key_value
from perfengine.datagen.permutation import permutation_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import (
    Between,
    Chance,
    Choice,
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
from tests.tables import ANCHOR, between, make_column, make_source, make_table
from tests.unit.datagen.chi_square import chi_square_p

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.generator import Generator

CUSTOMER, BATCH = make_table("customer"), make_table("batch", key=FieldType.INTEGER)
ORDER = make_table("order", make_column("customer_id", FieldType.UUID))
SOURCE = make_source(CUSTOMER, BATCH, ORDER, rows={"customer": 200, "batch": 30})
DAY = timedelta(days=1)
LOW, HIGH = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)


def values_of(generator: Generator, count: int = 2000, stream: str = "order.own.x/p") -> list[Any]:
    """Return the values of the first attempts."""
    make = generated_values(SOURCE, generator, stream, ANCHOR)
    return [make(number) for number in range(count)]


def numbers(low: str | int, high: str | int, kind: NumberType, scale: int = 0) -> NumberRange:
    """Return a number range of a parameter."""
    return replace(between(low, high), type=kind, scale=scale)


def matches(pattern: str) -> Callable[[Any], bool]:
    """Return the check for a text."""
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


@pytest.mark.parametrize(
    ("generator", "kind", "fits"),
    [
        (numbers(1, 6, NumberType.INTEGER), int, lambda v: 1 <= v <= 6),
        (numbers("-0.5", "0.5", NumberType.FLOAT), float, lambda v: -0.5 <= v <= 0.5),
        (numbers(0, 1, NumberType.FLOAT, scale=6), float, lambda v: 0 <= v <= 1 and round(v, 6) == v),
        (numbers("0.01", "9.99", NumberType.DECIMAL, scale=2), Decimal, lambda v: v.as_tuple()[2] == -2),
        (numbers(1, 9, NumberType.DECIMAL), Decimal, lambda v: v.as_tuple()[2] == 0),
        (Recent(seconds=60), datetime, lambda v: timedelta(0) <= ANCHOR - v < timedelta(minutes=1)),
        (
            Recent(seconds=60, ahead=True),
            datetime,
            lambda v: timedelta(0) < v - ANCHOR <= timedelta(minutes=1),
        ),
        (Recent(seconds=9 * 86_400, whole_days=True), date, lambda v: 0 * DAY <= ANCHOR.date() - v < 9 * DAY),
        (
            Recent(seconds=9 * 86_400, whole_days=True, ahead=True),
            date,
            lambda v: 0 * DAY < v - ANCHOR.date() <= 9 * DAY,
        ),
        (Between(low=LOW, high=HIGH), datetime, lambda v: LOW <= v <= HIGH and v.tzinfo is not None),
        (Between(low=LOW.date(), high=HIGH.date()), date, lambda v: LOW.date() <= v <= HIGH.date()),
        (Uuid(), str, matches("[0-9a-f]{32}")),
        (Text(length=5), str, matches("[0-9a-f]{5}")),
        (Text(length=5000), str, matches("[0-9a-f]{5000}")),
        (Template(text="u{index}-{word}@x.org"), str, matches(r"u\d+-[0-9a-f]{8}@x\.org")),
        (Sequence(start=5, step=-2), int, lambda v: v % 2 == 1 and v <= 5),
        (Chance(), bool, lambda _: True),
        (Choice(values=("a", "b")), str, lambda v: v in {"a", "b"}),
        (ReferenceTo(table="customer"), str, matches("[0-9a-f]{32}")),
        (ReferenceTo(table="batch"), int, lambda v: 1 <= v <= 30),
    ],
)
def test_type_and_range(generator: Generator, kind: type, fits: Callable[[Any], bool]) -> None:
    """Every value has the type that is bound and lies in its range."""
    for value in values_of(generator):
        assert type(value) is kind
        assert fits(value)


def test_days_and_instants_reach_both_ends() -> None:
    """All days of a range come, and both ends of a short time."""
    days = Between(low=date(2024, 2, 27), high=date(2024, 3, 2))
    assert set(values_of(days)) == {date(2024, 2, 27) + n * DAY for n in range(5)}
    times = values_of(Between(low=LOW, high=LOW + timedelta(seconds=3)))
    assert set(times) == {LOW + timedelta(seconds=n) for n in range(4)}
    assert {v - ANCHOR.date() for v in values_of(Recent(seconds=2 * 86_400, whole_days=True))} == {
        0 * DAY,
        -DAY,
    }


def test_known_values() -> None:
    """A rerun by another version makes these very values."""
    zipf = replace(between(1, 1000), distribution=Zipf(s=1.1))
    assert values_of(between(1, 1000), 3, "s") == [697, 311, 474]
    assert values_of(zipf, 3, "s") == [728, 796, 633]
    assert values_of(Text(length=4), 3, "s") == ["b25b", "4f96", "7931"]


@pytest.mark.parametrize("generator", [Uuid(), Sequence(), Text(), Template(text="{index}")])
def test_distinct(generator: Generator) -> None:
    """What is meant to be distinct is."""
    assert len(set(values_of(generator, 5000))) == 5000


def test_indexes_of_a_template_count_from_one() -> None:
    """The first attempt writes 1; what looks like another mark stays."""
    assert values_of(Template(text="{index}/{x}{}"), 2) == ["1/{x}{}", "2/{x}{}"]


def test_long_texts_do_not_repeat_before_a_thousand() -> None:
    """A thousand digits are drawn, only longer texts begin again."""
    (text,) = values_of(Text(length=1100), 1)
    assert len({text[begin : begin + 32] for begin in range(0, 1024, 32)}) == 32
    assert text[1024:] == text[:76]


def test_nulls() -> None:
    """As many nulls as asked for, at places that say nothing of the values."""
    values = values_of(OrNull(share=0.25, generator=between(1, 100)), 10_000)
    present = values_of(between(1, 100), 10_000)
    nulls = sum(value is None for value in values)
    assert chi_square_p([nulls, 10_000 - nulls], [1, 3]) > 0.001
    assert all(value in {None, other} for value, other in zip(values, present, strict=True))
    hidden = Counter(other for value, other in zip(values, present, strict=True) if value is None)
    assert chi_square_p([hidden[n] for n in range(1, 101)], [1] * 100) > 0.001


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_no_nulls_or_nothing_else(share: float) -> None:
    """A share of 0 has none, a share of 1 nothing else."""
    nulls = [value is None for value in values_of(OrNull(share=share, generator=Text()))]
    assert set(nulls) == {share == 1}


def test_nulls_of_nulls() -> None:
    """Shares within shares multiply."""
    values = values_of(OrNull(share=0.5, generator=OrNull(share=0.5, generator=Uuid())), 10_000)
    nulls = sum(value is None for value in values)
    assert chi_square_p([nulls, 10_000 - nulls], [3, 1]) > 0.001


@pytest.mark.parametrize("weights", [(70, 20, 10), (1, 0, 10**12), (3, 3, 3)])
def test_weighted_choice(weights: tuple[int, ...]) -> None:
    """Each value comes as often as its weight says, and one of weight 0 never."""
    drawn = Counter(values_of(Choice(values=("a", "b", "c"), weights=weights), 20_000))
    kept = [(drawn[name], weight) for name, weight in zip("abc", weights, strict=True) if weight]
    assert sum(count for count, _ in kept) == 20_000
    if min(weights) * 20_000 > sum(weights):
        assert chi_square_p([count for count, _ in kept], [weight for _, weight in kept]) > 0.001


def test_hot_rows_are_hot_for_everybody() -> None:
    """Two parameters of one table have the same hot row, with the share that the theory gives it."""
    reference = ReferenceTo(table="customer", distribution=Zipf(s=1.2))
    hottest = permutation_of(SOURCE.seed, "customer/hot", 200).at(0)
    first = 1 / sum((k + 1) ** -1.2 for k in range(200))
    for stream in ("order.own.x/p", "order.own.y/q"):
        hits = values_of(reference, 10_000, stream).count(key_value(SOURCE.seed, CUSTOMER, hottest))
        assert chi_square_p([hits, 10_000 - hits], [first, 1 - first]) > 0.001


def test_hot_numbers_follow_their_permutation() -> None:
    """The number of rank k has the k-th largest share."""
    generator = replace(between(1, 50), distribution=Zipf(s=1.1))
    drawn = Counter(values_of(generator, 20_000, "s"))
    hot = permutation_of(SOURCE.seed, "s/hot", 50)
    counts = [drawn[1 + hot.at(rank)] for rank in range(50)]
    assert chi_square_p(counts, [(k + 1) ** -1.1 for k in range(50)]) > 0.001


def test_mean_is_in_the_unit_of_the_values() -> None:
    """Cents or not, the middle of a bell is where the document says."""
    bell = Normal(mean=50.0, stdev=5.0)
    for scale in (0, 2, 9):
        values = values_of(replace(numbers(0, 1000, NumberType.DECIMAL, scale), distribution=bell), 5000)
        assert abs(float(sum(values)) / 5000 - 50) < 4 * 5 / 5000**0.5
