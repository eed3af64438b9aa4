"""The runs of the history as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.measures import PER_SECOND, unit_named, value_text
from perfengine.report.signs import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.kept_run import KeptRun, ListedRun

_HEAD: Final = ("when (UTC)", "run", "scenario", "load", "ops/s", "worst p95", "verdict")
_TO_THE_RIGHT: Final = ("ops/s", "worst p95")
_MOST: Final = 24
_OTHER: Final = "*"


def render_history(listed: Sequence[ListedRun]) -> str:
    """Return the table, a line a run, ending in a newline."""
    if not listed:
        return "No run was kept yet.\n"
    rows = [_HEAD, *(_cells(each.run) for each in listed)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    marks = [" ", *(" " if each.is_comparable else _OTHER for each in listed)]
    lines = [_line(mark, row, widths) for mark, row in zip(marks, rows, strict=True)]
    return "\n".join([*lines, *_below(listed)]) + "\n"


def when_text(instant: str) -> str:
    """Return an instant in ISO 8601 to the minute: `2026-11-26 08:52`."""
    return instant[:16].replace("T", " ")


def _cells(run: KeptRun) -> tuple[str, ...]:
    return (
        when_text(run.started_at),
        plain(run.run_id),
        _cut(plain(run.scenario)),
        _cut(plain(run.load)) or "-",
        "-" if run.rate_per_s is None else value_text(run.rate_per_s, PER_SECOND).removesuffix("/s"),
        "-" if run.p95_s is None else value_text(run.p95_s, unit_named("s")),
        plain(run.standing) or "-",
    )


def _line(mark: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if name in _TO_THE_RIGHT else cell.ljust(width)
        for name, cell, width in zip(_HEAD, cells, widths, strict=True)
    )
    return f"{mark} {'  '.join(padded)}".rstrip()


def _below(listed: Sequence[ListedRun]) -> Iterator[str]:
    if not all(each.is_comparable for each in listed):
        yield ""
        yield from folded(
            f"{_OTHER} not measured on the same thing as the newest run of its scenario: perfengine compare says what"
            " differs",
            "  ",
        )


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 3]}..."
