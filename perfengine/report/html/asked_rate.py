"""The rate that a load asked for at any time, of one operation."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from perfengine.report.html.read import entries, mapping, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.report.html.read import Entry


def asked_rates(
    entry: Entry, share: float, ends_s: Sequence[float], step_s: float
) -> tuple[float, ...] | None:
    """Return the asked rate in the middle of each step, None of a closed load: it asks for none.

    `share` is the operation's part of the mix. After the last stage its level goes on.
    """
    load = mapping(entry.get("load"))
    if load.get("model") != "open":
        return None
    stages = entries(load.get("stages"))
    rate = number(load.get("rate"))
    if not stages:
        return None if rate is None else tuple(rate * share for _ in ends_s)
    corners = _corners(stages)
    return tuple(_level(corners, max(end - step_s / 2, 0.0)) * share for end in ends_s)


def shares_of_mix(operations: Iterable[tuple[str, Entry]]) -> dict[str, float]:
    """Return the part that each operation has in the attempts of its phase."""
    named = list(operations)
    totals: dict[object, float] = {}
    for _, entry in named:
        phase = str(entry.get("phase"))
        totals[phase] = totals.get(phase, 0.0) + (number(entry.get("weight")) or 0.0)
    return {
        name: (number(entry.get("weight")) or 0.0) / total
        if (total := totals[str(entry.get("phase"))])
        else 1.0
        for name, entry in named
    }


def _corners(stages: Sequence[Entry]) -> list[tuple[float, float]]:
    found = [(0.0, 0.0)]
    for stage in stages:
        at_s = found[-1][0] + (number(stage.get("duration")) or 0.0)
        found.append((at_s, number(stage.get("target")) or 0.0))
    return found


def _level(corners: Sequence[tuple[float, float]], at_s: float) -> float:
    for (begin_s, low), (end_s, high) in pairwise(corners):
        if at_s < end_s:
            return low + (high - low) * (at_s - begin_s) / (end_s - begin_s)
    return corners[-1][1]
