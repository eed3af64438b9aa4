"""One operation over its measured time: what its charts and tables are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from perfengine.report.html.read import count, mapping, number, numbers
from perfengine.report.html.slots import QUANTILES
from perfengine.report.html.steps import column, steps_of, values_of

if TYPE_CHECKING:
    from perfengine.report.html.read import Entry
    from perfengine.report.html.slots import Slots
    from perfengine.report.html.steps import Floats, Steps, Values


@dataclass(frozen=True)
class OperationTime:
    """The rows of an operation's series, and its histograms over time; `measured_s` None when it was repeated."""

    series: Entry
    slots: Slots | None
    measured_s: float | None

    @cached_property
    def times_s(self) -> tuple[float, ...]:
        """Where each row ends."""
        return tuple(value for value in numbers(self.series.get("times")) if value is not None)

    def column(self, name: str) -> Floats:
        """Return a column, NaN where it has no value."""
        return column(mapping(self.series.get("columns")).get(name), len(self.times_s))

    def steps(self, most: int) -> Steps:
        """Return stretches of its time, `most` at the most."""
        return steps_of(self.times_s, most)

    def latency_steps(self, most: int) -> Steps:
        """Return stretches of its time of which there are histograms, `most` at the most."""
        return steps_of(self.times_s, most, self.slots.slot_s if self.slots else 1)

    def rates_per_s(self, steps: Steps, name: str) -> Values:
        """Return a count as a rate."""
        return values_of(steps.total(self.column(name)) / self._lengths_s(steps))

    def latencies_s(self, steps: Steps) -> dict[str, Values]:
        """Return percentiles and the largest response of each stretch.

        Of a second they are exact; of more, from the histograms of the stretch put together.
        """
        maximum = values_of(steps.largest(self.column("max_s")))
        if steps.step_s == 1:
            return {**{name: values_of(self.column(f"{name}_s")) for name in QUANTILES}, "max": maximum}
        if self.slots is None or steps.step_s % self.slots.slot_s:
            return {"max": maximum}
        found = {slot.begin_s: slot.percentiles_s() for slot in self.slots.merged(steps.step_s).slots}
        begins = [-(-int(end) // steps.step_s) * steps.step_s - steps.step_s for end in steps.ends_s]
        lines = {
            name: tuple(found[begin][name] if begin in found else None for begin in begins)
            for name in QUANTILES
        }
        return {**lines, "max": maximum}

    def _lengths_s(self, steps: Steps) -> Floats:
        """Return how much time each stretch has; the last is as short as the measured time says."""
        ends = np.array(steps.ends_s)
        begins = np.floor((ends - 1) / steps.step_s) * steps.step_s
        lengths: Floats = np.maximum(ends - begins, 1.0)
        if self.measured_s is not None and len(ends) and begins[-1] < self.measured_s < ends[-1] + 1:
            lengths[-1] = max(self.measured_s - begins[-1], 0.05)
        return lengths


def series_by_operation(document: Entry) -> dict[str, Entry]:
    """Return the series of every operation that has one."""
    items = document.get("series")
    found = [mapping(item) for item in items] if isinstance(items, list) else []
    return {
        str(item.get("subject")): item
        for item in found
        if item.get("about") == "operation" and item.get("times")
    }


def time_of(entry: Entry, series: Entry, slots: Slots | None, repeats: int) -> OperationTime:
    """Return an operation over time."""
    measured = number(entry.get("measured")) if count(repeats) <= 1 else None
    return OperationTime(series=series, slots=slots, measured_s=measured)
