"""The text alternative of a chart, and the notes of its table."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from perfengine.report.html.formats import duration, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.report.html.parts import Line


def spoken(title: str, lines: Iterable[Line], unit: str) -> str:
    """Return what a chart shows in a few words: least, middle and largest value of every line."""
    return f"{title}. " + " ".join(f"{line.label}: {_range(line.values, unit)}." for line in lines)


def _range(values: Sequence[float | None], unit: str) -> str:
    found = [value for value in values if value is not None]
    if not found:
        return "no value"
    least, middle, most = (with_unit(value, unit) for value in (min(found), median(found), max(found)))
    return f"minimum {least}, median {middle}, maximum {most}"


def step_note(step_s: float) -> str:
    """Return what a row of a table over time stands for, where it is more than a second."""
    return f"A row stands for {duration(step_s)} of measured time." if step_s > 1 else ""
