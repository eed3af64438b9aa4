"""The latency heat map: how many attempts took how long, at any time."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.report.html.formats import clock, duration, whole, with_unit
from perfengine.report.html.parts import Chart, Kind, Table
from perfengine.stats.coarse import highest_ns, lowest_ns
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from perfengine.report.html.limits import Most
    from perfengine.report.html.slots import Slots

    Integers = NDArray[np.int64]

_MOST_BUCKETS: Final = 60
#: Buckets a decade; the first that is not too many.
_FINENESS: Final = (10, 5, 2, 1)
_STRETCHES: Final = 6  #: columns of the table


def heat_map(key: str, slots: Slots | None, most: Most, group: str) -> Chart | None:
    """Return the heat map, None where there are no two slots to put beside each other."""
    if slots is None or len(slots.slots) < 2:
        return None
    slots = _fewer(slots, most.slots)
    first, buckets, fineness = _buckets(slots)
    begins = [slot.begin_s for slot in slots.slots]
    total = int(buckets.sum())
    fullest = int(buckets.sum(axis=0).argmax())
    title = "Latency heat map"
    low, high = _edges_s(first + fullest, fineness)
    return Chart(
        key=key,
        kind=Kind.HEAT,
        title=title,
        caption=f"Ok attempts by response time, {fineness} ranges a decade; the darker, the more, logarithmic.",
        unit="s",
        x_label="measured time",
        x=tuple(begins),
        is_log=True,
        group=group,
        extra={
            "step": slots.slot_s,
            "fineness": fineness,
            "first": first,
            "rows": [_packed(row) for row in buckets.tolist()],
            "most": int(buckets.max()),
        },
        spoken=_spoken(title, total, slots, (low, high)),
        table=_table(slots, buckets, first, fineness),
    )


def _spoken(title: str, total: int, slots: Slots, fullest_s: tuple[float, float]) -> str:
    low, high = (with_unit(edge, "s") for edge in fullest_s)
    maxima = [slot.maximum_s for slot in slots.slots]
    lowest = lowest_ns(min(int(slot.counters[0]) for slot in slots.slots)) / NS_PER_S
    return (
        f"{title}: {whole(total)} attempts from {with_unit(lowest, 's')} to {with_unit(max(maxima), 's')}; "
        f"the fullest range is {low} to {high}."
    )


def _fewer(slots: Slots, most: int) -> Slots:
    length = slots.slots[-1].begin_s // slots.slot_s + 1
    return slots.merged(slots.slot_s * -(-length // most))


def _buckets(slots: Slots) -> tuple[int, Integers, int]:
    """Return the first bucket, the counts by slot and bucket, and how many buckets a decade has."""
    counters = np.unique(np.concatenate([slot.counters for slot in slots.slots]))
    middles = {int(one): max((lowest_ns(int(one)) + highest_ns(int(one))) / 2, 1.0) for one in counters}
    places: dict[int, int] = {}
    for fineness in _FINENESS:
        places = {counter: int(log10(middle) * fineness) for counter, middle in middles.items()}
        if max(places.values()) - min(places.values()) < _MOST_BUCKETS:
            break
    first = min(places.values())
    found = np.zeros((len(slots.slots), max(places.values()) - first + 1), dtype=np.int64)
    for row, slot in zip(found, slots.slots, strict=True):
        np.add.at(row, [places[one] - first for one in slot.counters.tolist()], slot.numbers)
    return first, found, fineness


def _packed(row: Sequence[int]) -> list[int]:
    """Return the place of the first bucket that holds anything, and the counts from there to the last that does."""
    held = [place for place, count in enumerate(row) if count]
    return [held[0], *row[held[0] : held[-1] + 1]] if held else []


def _edges_s(bucket: int, fineness: int) -> tuple[float, float]:
    low, high = (float(10 ** (edge / fineness) / NS_PER_S) for edge in (bucket, bucket + 1))
    return low, high


def _table(slots: Slots, buckets: Integers, first: int, fineness: int) -> Table:
    begins = np.array([slot.begin_s for slot in slots.slots])
    end_s = int(begins[-1]) + slots.slot_s
    stretches = min(_STRETCHES, len(begins))
    which = np.minimum(begins * stretches // end_s, stretches - 1)
    columns = [buckets[which == number].sum(axis=0).tolist() for number in range(stretches)]
    rows = []
    for place in range(buckets.shape[1]):
        low, high = _edges_s(first + place, fineness)
        counts = [whole(column[place]) for column in columns]
        rows.append((f"{with_unit(low, 's')} to {with_unit(high, 's')}", *counts))
    heads = (f"until {clock(end_s * (number + 1) / stretches)}" for number in range(stretches))
    return Table(
        head=("response time", *heads),
        rows=tuple(rows),
        note=f"Ok attempts in each sixth of the time; the picture has slots of {duration(slots.slot_s)}."
        if stretches == _STRETCHES
        else "",
    )
