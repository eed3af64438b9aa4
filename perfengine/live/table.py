"""The table of operations: a line each, for terminals of any width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.text import Text

from perfengine.live.words import latency_words, padded, rate_words
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from perfengine.live.state import Row
    from perfengine.live.words import Glyphs

_GAP: Final = 2
#: A name is not shortened below this for the sake of a column that may go.
_LEAST_NAME: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of figures; its width does not follow every digit, so that a frame looks like the one before."""

    title: str
    least: int
    words: Callable[[Row], str | None]


def _latency(latency_ns: int | None) -> str | None:
    return None if latency_ns is None else latency_words(latency_ns)


COLUMNS: Final = (
    Column(title="ok", least=7, words=lambda row: f"{row.ok:,}"),
    Column(
        title="ok/s",
        least=7,
        words=lambda row: None if row.rate_per_s is None else rate_words(row.rate_per_s),
    ),
    Column(title="p50", least=7, words=lambda row: _latency(row.p50_ns)),
    Column(title="p95", least=7, words=lambda row: _latency(row.p95_ns)),
    Column(title="p99", least=7, words=lambda row: _latency(row.p99_ns)),
    Column(title="max", least=7, words=lambda row: _latency(row.max_ns)),
    Column(title="bad", least=4, words=lambda row: f"{row.bad:,}"),
)
#: On a narrow terminal these go, in this order, until the names have room.
GOES_FIRST: Final = ("max", "ok", "p50", "p95")


def table_lines(rows: Sequence[Row], width: int, most: int, glyphs: Glyphs) -> Iterator[Text]:
    """Yield the title line and no more than `most` lines of rows; one of them says how many are hidden."""
    if not rows or most < 1:
        return
    longest = max(cell_len(plain(row.operation)) for row in rows)
    columns, widths = _columns(rows, width, longest, glyphs)
    name = max(min(width - sum(widths) - _GAP * len(widths), max(longest, _LEAST_NAME)), 1)
    titles = (column.title.rjust(size) for column, size in zip(columns, widths, strict=True))
    yield Text((" " * _GAP).join((padded("operation", name, glyphs.cut), *titles)), style="bold")
    before, shown, after = _in_sight(rows, most)
    if before:
        yield Text(f"{glyphs.cut} {before} more", style="dim")
    for row in shown:
        yield _line(row, columns, widths, name, glyphs)
    if after:
        yield Text(f"{glyphs.cut} {after} more", style="dim")


def _columns(rows: Sequence[Row], width: int, longest: int, glyphs: Glyphs) -> tuple[list[Column], list[int]]:
    """Return the columns that there is room for, and how wide each is."""
    kept = list(COLUMNS)
    wanted = min(longest, _LEAST_NAME)
    for title in (*GOES_FIRST, None):
        widths = [
            max(column.least, *(len(column.words(row) or glyphs.nothing) for row in rows)) for column in kept
        ]
        if width - sum(widths) - _GAP * len(widths) >= wanted:
            break
        kept = [column for column in kept if column.title != title]
    return kept, widths


def _in_sight(rows: Sequence[Row], most: int) -> tuple[int, Sequence[Row], int]:
    """Return how many rows are hidden before those that are shown, these, and how many after them.

    What is loaded now is shown rather than what is done, and of that what was done last. A single line is a row.
    """
    if len(rows) <= most:
        return 0, rows, 0
    done = sum(row.is_done for row in rows)
    if most == 1:
        return 0, rows[min(done, len(rows) - 1) :][:1], 0
    room, current = most - 1, len(rows) - done
    if current <= room:
        return len(rows) - room, rows[len(rows) - room :], 0
    return 0, rows[done : done + room], len(rows) - room


def _line(
    row: Row, columns: Sequence[Column], widths: Sequence[int], name_width: int, glyphs: Glyphs
) -> Text:
    line = Text(padded(plain(row.operation), name_width, glyphs.cut), style="dim" if row.is_done else "")
    for column, size in zip(columns, widths, strict=True):
        words = column.words(row) or glyphs.nothing
        line.append(" " * _GAP)
        line.append(words.rjust(size), style="red" if column.title == "bad" and row.bad else None)
    return line
