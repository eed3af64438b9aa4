"""Draws of Python operations: by seed, stream, attempt and order of calls; in range; spread as asked for; cheap."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.datagen.draws import AttemptDraws, Draws
from perfengine.datagen.keys import key_value
from perfengine.datagen.permutation import permutation_of
from perfengine.model.generator import Exponential, Normal, Uniform, Zipf
from tests.tables import ANCHOR, make_source, make_table
from tests.unit.datagen.chi_square import chi_square_p

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.generator import Distribution

CUSTOMER = make_table("customer")
SOURCE = make_source(CUSTOMER, rows={"customer": 100})
LOW, HIGH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC)
EVERY: dict[str, Callable[[AttemptDraws], Any]] = {
    "uuid": lambda draw: draw.uuid(),
    "text": lambda draw: draw.text(),
    "integer": lambda draw: draw.integer(1, 1000),
    "wide integer": lambda draw: draw.integer(-(10**30), 10**30),
    "normal": lambda draw: draw.integer(1, 1000, distribution=Normal(mean=500, stdev=100)),
    "zipf": lambda draw: draw.integer(1, 10**6, distribution=Zipf(s=1.1)),
    "floating": lambda draw: draw.floating(-1, 1),
    "falling": lambda draw: draw.floating(0, 1, distribution=Exponential(mean=0.1)),
    "decimal": lambda draw: draw.decimal(Decimal("0.01"), Decimal("99.99")),
    "boolean": lambda draw: draw.boolean(),
    "or_null": lambda draw: draw.or_null("x", 0.5),
    "choice": lambda draw: draw.choice("abcdef"),
    "weighted": lambda draw: draw.choice(("a", "b", "c"), (1, 2, 3)),
    "timestamp": lambda draw: draw.timestamp(LOW, HIGH),
    "date": lambda draw: draw.date(LOW.date(), HIGH.date()),
    "ago": lambda draw: draw.ago(timedelta(days=3)),
    "ahead": lambda draw: draw.ahead(timedelta(days=3)),
    "key": lambda draw: draw.key("customer"),
    "hot key": lambda draw: draw.key("customer", distribution=Zipf(s=1.1)),
}


def draws(seed: int = 42, stream: str = "python.checkout") -> Draws:
    """Return the values of an operation."""
    return Draws(seed, stream, anchor=ANCHOR, source=SOURCE)


def drawn(what: Callable[[AttemptDraws], Any], count: int = 2000) -> list[Any]:
    """Return the first value of so many attempts."""
    source = draws()
    return [what(source.at(number)) for number in range(count)]


@given(st.lists(st.sampled_from(sorted(EVERY)), max_size=30), st.integers(0, 2**40))
def test_same_calls_same_values(calls: list[str], number: int) -> None:
    """An attempt draws the same again, whatever was drawn for other attempts in between."""
    one, other = draws().at(number), draws()
    EVERY["zipf"](other.at(number + 1))
    again, beside = other.at(number), other.at(number + 2)
    for call in calls:
        EVERY["uuid"](beside)
        assert EVERY[call](one) == EVERY[call](again)


@pytest.mark.parametrize("call", [name for name in EVERY if name not in {"boolean", "or_null"}])
def test_attempts_streams_and_seeds_differ(call: str) -> None:
    """Another attempt, call, stream or seed is another draw."""
    make = EVERY[call]
    of_one = [make(attempt) for attempt in [draws().at(1)] for _ in range(40)]
    of_others = [make(draws().at(number)) for number in range(40)]
    of_stream = [make(attempt) for attempt in [draws(stream="other").at(1)] for _ in range(40)]
    of_seed = [make(attempt) for attempt in [draws(seed=7).at(1)] for _ in range(40)]
    sequences = {tuple(map(str, values)) for values in (of_one, of_others, of_stream, of_seed)}
    assert len(sequences) == 4
    assert all(len(set(values)) > 1 for values in sequences)


@pytest.mark.parametrize(
    ("what", "fits"),
    [
        (EVERY["uuid"], lambda v: isinstance(v, UUID)),
        (lambda draw: draw.text(1), lambda v: len(v) == 1 and set(v) <= set("0123456789abcdef")),
        (lambda draw: draw.text(100), lambda v: len(v) == 100 and len(set(v)) > 5),
        (lambda draw: draw.text(0), lambda v: v == ""),
        (lambda draw: draw.integer(5, 5), lambda v: v == 5),
        (EVERY["wide integer"], lambda v: -(10**30) <= v <= 10**30),
        (EVERY["normal"], lambda v: isinstance(v, int) and 1 <= v <= 1000),
        (EVERY["floating"], lambda v: isinstance(v, float) and -1 <= v <= 1),
        (EVERY["falling"], lambda v: isinstance(v, float) and 0 <= v <= 1),
        (lambda draw: draw.floating(2, 2, distribution=Uniform()), lambda v: v == 2),
        (EVERY["decimal"], lambda v: Decimal("0.01") <= v <= Decimal("99.99") and v.as_tuple()[2] == -2),
        (lambda draw: draw.decimal(0, 1, 0), lambda v: str(v) in {"0", "1"}),
        (lambda draw: draw.boolean(0), lambda v: v is False),
        (lambda draw: draw.boolean(1), lambda v: v is True),
        (lambda draw: draw.or_null(5, 0), lambda v: v == 5),
        (lambda draw: draw.or_null(5, 1), lambda v: v is None),
        (EVERY["timestamp"], lambda v: LOW <= v <= HIGH and v.microsecond == 0),
        (EVERY["date"], lambda v: type(v) is date and LOW.date() <= v <= HIGH.date()),
        (EVERY["ago"], lambda v: timedelta(0) <= ANCHOR - v < timedelta(days=3)),
        (EVERY["ahead"], lambda v: timedelta(0) < v - ANCHOR <= timedelta(days=3)),
        (EVERY["key"], lambda v: v in {key_value(42, CUSTOMER, row) for row in range(100)}),
    ],
)
def test_range(what: Callable[[AttemptDraws], Any], fits: Callable[[Any], bool]) -> None:
    """Every value lies in its range and is of its type."""
    assert all(fits(value) for value in drawn(what))


@pytest.mark.parametrize(
    ("what", "shares"),
    [
        (lambda draw: draw.integer(-2, 7), dict.fromkeys(range(-2, 8), 1.0)),
        (lambda draw: draw.integer(0, 10**12) // (10**11 + 1), dict.fromkeys(range(10), 1.0)),
        (lambda draw: int(draw.floating(0, 10)), dict.fromkeys(range(10), 1.0)),
        (lambda draw: draw.decimal(0, 1, 1), {Decimal(n) / 10: 1.0 for n in range(11)}),
        (lambda draw: draw.choice("abc"), {"a": 1, "b": 1, "c": 1}),
        (lambda draw: draw.choice("abc", [7, 2, 1]), {"a": 7, "b": 2, "c": 1}),
        (lambda draw: draw.boolean(0.2), {True: 0.2, False: 0.8}),
        (lambda draw: draw.or_null("x", 0.3), {None: 0.3, "x": 0.7}),
        (
            lambda draw: draw.date(LOW.date(), HIGH.date()),
            {LOW.date() + timedelta(days=n): 1 for n in range(8)},
        ),
        (lambda draw: draw.timestamp(LOW, LOW + timedelta(seconds=1)).second, {0: 1, 1: 1}),
    ],
)
def test_spread(what: Callable[[AttemptDraws], Any], shares: dict[Any, float]) -> None:
    """Values come as often as they should, in the first call of attempts and in later calls of one."""
    one = draws().at(3)
    for values in (drawn(what, 10_000), [what(one) for _ in range(10_000)]):
        counts = Counter(values)
        assert set(counts) <= set(shares)
        assert chi_square_p([counts[value] for value in shares], list(shares.values())) > 0.001


def test_distributions() -> None:
    """A distribution holds for draws as for parameters; ranks of hot numbers and rows follow their permutation."""
    hot = permutation_of(42, "python.checkout/hot", 30)
    counts = Counter(drawn(lambda draw: draw.integer(1, 30, distribution=Zipf(s=1.1)), 10_000))
    ranks = [counts[1 + hot.at(rank)] for rank in range(30)]
    assert chi_square_p(ranks, [(k + 1) ** -1.1 for k in range(30)]) > 0.001
    rows = permutation_of(42, "customer/hot", 100)
    keys = Counter(drawn(lambda draw: draw.key("customer", distribution=Zipf(s=1.1)), 10_000))
    ranks = [keys[key_value(42, CUSTOMER, rows.at(rank))] for rank in range(100)]
    assert chi_square_p(ranks, [(k + 1) ** -1.1 for k in range(100)]) > 0.001
    falling = drawn(lambda draw: draw.floating(5, 6, distribution=Exponential(mean=0.05)), 10_000)
    assert abs(sum(falling) / 10_000 - 5.05) < 4 * 0.05 / 100


def test_instants_keep_to_their_zone() -> None:
    """An instant of a zone comes in UTC; what names no zone stays without one."""
    zone = timezone(timedelta(hours=5))
    there = draws().at(1).timestamp(LOW.astimezone(zone), HIGH.astimezone(zone))
    assert there == draws().at(1).timestamp(LOW, HIGH)
    assert there.tzinfo is UTC
    assert draws().at(1).timestamp(LOW.replace(tzinfo=None), HIGH.replace(tzinfo=None)).tzinfo is None


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (lambda draw: draw.integer(2, 1), r"integer\(2, 1\): the low end is above the high one"),
        (lambda draw: draw.integer(2, 1, distribution=Zipf(s=1)), r"integer\(2, 1\)"),
        (lambda draw: draw.floating(1.5, 1.0), r"floating\(1\.5, 1\.0\)"),
        (lambda draw: draw.decimal(3, 2), r"decimal\(3, 2\)"),
        (lambda draw: draw.timestamp(HIGH, LOW), r"timestamp\("),
        (lambda draw: draw.date(HIGH.date(), LOW.date()), r"date\("),
        (lambda draw: draw.choice("ab", (1, 2, 3)), "2 values have 3 weights"),
        (lambda draw: draw.choice("ab", (0, 0)), r"one is above 0, found \(0, 0\)"),
        (lambda draw: draw.choice("ab", (3, -1)), "weights are 0 or more"),
        (lambda draw: draw.key("order"), 'there is no table "order"; known: customer'),
    ],
)
def test_mistakes(what: Callable[[AttemptDraws], Any], message: str) -> None:
    """What cannot be drawn is said, with what was asked for."""
    with pytest.raises(ValueError, match=message):
        what(draws().at(1))


def test_draws_without_a_run() -> None:
    """Draws that know no tables and no beginning say so when they are asked for them."""
    alone = Draws(1, "s").at(1)
    with pytest.raises(ValueError, match="do not know when the run began"):
        alone.ago(timedelta(days=1))
    with pytest.raises(ValueError, match="known: none"):
        alone.key("customer")


def test_ever_new_ranges_take_no_more_room() -> None:
    """An operation that asks for another range each time is served, and what is kept for it has a bound."""
    source = draws()
    for number in range(1000):
        assert 0 <= source.at(number).decimal(0, number) <= number
    assert len(source._tables._made) <= 256


@pytest.mark.parametrize("call", EVERY)
def test_cost(call: str) -> None:
    """A draw costs microseconds of processor time: best of five, with room for slow machines."""
    make, attempt = EVERY[call], draws().at(1)
    make(attempt)
    costs_us = []
    for _ in range(5):
        began = time.process_time_ns()
        for _ in range(2000):
            make(attempt)
        costs_us.append((time.process_time_ns() - began) / 2000 / 1000)
    assert min(costs_us) < 10


def test_a_key_of_no_row_is_not_drawn() -> None:
    """Of a data set without rows, as a run that only reads has, once came the key of row 0, which nobody has."""
    empty = Draws(42, "python.checkout", source=make_source(CUSTOMER, rows={"customer": 0}))
    with pytest.raises(ValueError, match='key: the data set has no row of "customer"; a run that only reads'):
        empty.at(0).key("customer")


@pytest.mark.parametrize(
    ("low", "high"),
    [(0.5, 0.5), (1e-20, 2e-20), (1.0, 1.0000000000000002), (-1.5e-9, -1.4e-9), (-1e308, 1e308), (0, 5e-324)],
)
@pytest.mark.parametrize("distribution", [Uniform(), Exponential(mean=1e-21), Zipf(s=1.1)])
def test_floats_stay_within_their_range(low: float, high: float, distribution: Distribution) -> None:
    """One number alone, and ranges of less than fifteen decimal places, once gave numbers beside them."""
    for number in range(50):
        assert low <= draws().at(number).floating(low, high, distribution=distribution) <= high
