"""What a stored run looked like over time, and what it watched meanwhile."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from perfengine.model.series import About, Ceiling, LatencyOverTime, LatencySlot, Series, Watched
from perfengine.stored.entry import is_figure
from perfengine.stored.whole.numbers import whole_ns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.stored.entry import Entry


def series_of(entry: Entry) -> Series:
    """Return a series; seconds without a value have None."""
    columns, times_s = entry.entry("columns"), entry.numbers("times")
    return Series(
        about=entry.word("about", About),
        subject=entry.text("subject"),
        phase=entry.text("phase"),
        times_s=times_s,
        columns={name: _values(columns, name, len(times_s)) for name in columns.values},
    )


def watched_of(entry: Entry) -> Watched:
    """Return a watched metric."""
    return Watched(
        metric=entry.text("metric"),
        unit=entry.text("unit"),
        source=entry.text("source"),
        mean=entry.number_or_none("mean"),
        maximum=entry.number_or_none("max"),
        samples=entry.count("samples"),
        reason=entry.text("reason"),
    )


def ceiling_of(entry: Entry | None) -> Ceiling | None:
    """Return what a load process of the machine does at most, None where nobody measured it."""
    if entry is None:
        return None
    return Ceiling(
        rate_per_s=entry.number("rate"),
        measured_at=entry.text("measured_at"),
        share=entry.number_or_none("share"),
    )


def latency_over_time_of(entry: Entry) -> LatencyOverTime:
    """Return the histograms of an operation over time."""
    return LatencyOverTime(
        operation=entry.text("operation"),
        phase=entry.text("phase"),
        slot_s=entry.count("slot"),
        slots=tuple(_slots(entry)),
    )


def _slots(entry: Entry) -> Iterator[LatencySlot]:
    """Yield the slots: of each counter the text says how far it is from the one before, and its count."""
    rows = zip(entry.numbers("begins"), entry.numbers("max"), entry.texts("counts"), strict=False)
    for begin_s, maximum_s, text in rows:
        words = text.split()
        if len(words) % 2 or not all(word.isdecimal() for word in words):
            raise entry.wrong("counts", f'"{text[:20]}" is no histogram: pairs of a step and a count are')
        numbers = [int(word) for word in words]
        yield LatencySlot(
            begin_s=int(begin_s),
            maximum_ns=whole_ns(maximum_s),
            counters=tuple(accumulate(numbers[::2])),
            counts=tuple(numbers[1::2]),
        )


def _values(columns: Entry, name: str, count: int) -> tuple[float | None, ...]:
    values = columns.list(name)
    if not all(value is None or is_figure(value) for value in values):
        raise columns.wrong(name, "is no list of numbers")
    if len(values) != count:
        raise columns.wrong(name, f"{len(values)} values, and {count} times")
    return tuple(values)
