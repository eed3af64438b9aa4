"""`latency_over_time` of a result: its histograms, and what they say of stretches put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.report.html.read import count, entries, number, text
from perfengine.stats.coarse import coarse_percentile, summed
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from perfengine.report.html.read import Entry

    Integers = NDArray[np.int64]

QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The ok attempts of a stretch of measured time."""

    begin_s: int
    maximum_s: float
    counters: Integers  #: of stats/coarse.py, ascending
    numbers: Integers

    def percentiles_s(self) -> dict[str, float | None]:
        """Return the percentiles, never above the largest value."""
        found = {name: coarse_percentile(self.counters, self.numbers, q) for name, q in QUANTILES.items()}
        return {
            name: None if ns is None else min(ns / NS_PER_S, self.maximum_s) for name, ns in found.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """An operation's latency over time."""

    slot_s: int
    slots: tuple[Slot, ...]

    def merged(self, step_s: int) -> Slots:
        """Return slots of `step_s`, a multiple of what they are."""
        if step_s == self.slot_s:
            return self
        groups: dict[int, list[Slot]] = {}
        for slot in self.slots:
            groups.setdefault(slot.begin_s // step_s, []).append(slot)
        merged = (_together(number * step_s, slots) for number, slots in groups.items())
        return Slots(slot_s=step_s, slots=tuple(merged))


def _together(begin_s: int, slots: Sequence[Slot]) -> Slot:
    counters, numbers = summed(
        np.concatenate([slot.counters for slot in slots]), np.concatenate([slot.numbers for slot in slots])
    )
    maximum_s = max(slot.maximum_s for slot in slots)
    return Slot(begin_s=begin_s, maximum_s=maximum_s, counters=counters, numbers=numbers)


def slots_by_operation(document: Entry) -> dict[str, Slots]:
    """Return the latency over time of every operation that has it."""
    found = {}
    for item in entries(document.get("latency_over_time")):
        slots = tuple(_slots(item))
        if slots and count(item.get("slot")) > 0:
            found[text(item.get("operation"))] = Slots(slot_s=count(item.get("slot")), slots=slots)
    return found


def _slots(item: Entry) -> Iterator[Slot]:
    begins, maxima, counts = (item.get(key) for key in ("begins", "max", "counts"))
    if not (isinstance(begins, list) and isinstance(maxima, list) and isinstance(counts, list)):
        return
    for begin, maximum, line in zip(begins, maxima, counts, strict=False):
        pairs = _pairs(line)
        if pairs is not None and number(begin) is not None and number(maximum) is not None:
            counters, numbers = pairs
            yield Slot(begin_s=count(begin), maximum_s=float(maximum), counters=counters, numbers=numbers)


def _pairs(line: object) -> tuple[Integers, Integers] | None:
    """Return counters and counts of a slot's text, None of a text that is none."""
    try:
        found = np.array(str(line).split(), dtype=np.int64)
    except (ValueError, OverflowError):
        return None
    if not len(found) or len(found) % 2 or (found < 0).any():
        return None
    return np.cumsum(found[0::2]), found[1::2]
