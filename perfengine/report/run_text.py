"""The sections of the text report about the run as a whole: its load processes, and what it watched meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.measures import unit_named, value_text
from perfengine.report.signs import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.result import RunResult
    from perfengine.model.series import Ceiling, Watched


def process_lines(result: RunResult) -> Iterator[str]:
    """Yield what is special about the load processes: that they are several, or none, and what they could do."""
    if result.in_process:
        yield from folded(
            "In process: callables ran in the caller's own process, whatever else it did counts as latency"
        )
    if result.processes > 1:
        yield f"Processes: {result.processes}"
    if result.ceiling:
        yield from folded(_ceiling_line(result.ceiling))


def watched_lines(watched: tuple[Watched, ...]) -> Iterator[str]:
    """Yield a line for each watched metric; one that was not measured says why."""
    for item in watched:
        yield from folded(f"- {plain(item.metric)}: {_figures(item)}", "  ")


def _ceiling_line(ceiling: Ceiling) -> str:
    rate = f"{ceiling.rate_per_s:,.0f}/s a process".replace(",", " ")
    if ceiling.share is None:
        return f"Generator: this machine's ceiling is {rate}"
    return f"Generator: {ceiling.share:.0%} of this machine's ceiling of {rate}"


def _figures(item: Watched) -> str:
    if item.mean is None and item.maximum is None:
        return f"not measured: {plain(item.reason) or 'nothing was seen of it'}"
    unit = unit_named(item.unit)
    figures = {"mean": item.mean, "max": item.maximum}
    shown = ", ".join(
        f"{name} {value_text(value, unit)}" for name, value in figures.items() if value is not None
    )
    return f"{shown} ({plain(item.source)}, {item.samples} sample{'' if item.samples == 1 else 's'})"
