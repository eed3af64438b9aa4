"""The canary of a stored run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.model.canary import CPU_SQL, ROUND_TRIP_SQL, Canary, CanarySlice
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.stored.page import Page, Path


def read_canary(page: Page, path: Path, entry: object) -> Canary | None:
    """Return the canary; None where there is none, or its work was another. What is wrong is noted on the page."""
    if entry is None:
        return None
    canary = page.mapping(path, entry)
    if canary.get("sql") != {"cpu": CPU_SQL, "round_trip": ROUND_TRIP_SQL}:
        return None
    listed = canary.get("slices")
    if not isinstance(listed, list):
        page.complain((*path, "slices"), "is no list of slices")
        return None
    slices = (_slice(page, (*path, "slices", number), item) for number, item in enumerate(listed))
    return Canary(slices=tuple(part for part in slices if part is not None))


def _slice(page: Page, path: Path, item: object) -> CanarySlice | None:
    part = page.mapping(path, item)
    cpu, trip = (tuple(_medians(page, (*path, key), part.get(key))) for key in ("cpu", "round_trip"))
    if len(cpu) != len(trip):
        page.complain(path, f"{len(cpu)} batches of cpu, and {len(trip)} of round_trip")
        return None
    said = part.get("measured")
    measured_s = page.positive((*path, "measured"), said, "time") if said else 0.0
    return CanarySlice(measured_ns=round((measured_s or 0.0) * NS_PER_S), cpu_ns=cpu, round_trip_ns=trip)


def _medians(page: Page, path: Path, values: Any) -> Iterator[float]:  # noqa: ANN401 - whatever stands there
    if not isinstance(values, list):
        page.complain(path, "is no list of times")
        return
    for number, value in enumerate(values):
        seconds = page.positive((*path, number), value, "time")
        if seconds is not None:
            yield seconds * NS_PER_S
