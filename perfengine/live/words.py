"""How values are written in a frame: short, and in signs that the terminal can show."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size

from perfengine.units import NS_PER_MS, NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The signs of a frame that are not letters."""

    bar_done: str
    bar_left: str
    cut: str  #: where a text was shortened, and before what is folded
    nothing: str  #: in place of what is not known
    times: str


UNICODE: Final = Glyphs(bar_done="━", bar_left="─", cut="…", nothing="—", times="×")
ASCII: Final = Glyphs(bar_done="#", bar_left="-", cut="...", nothing="-", times="x")


def glyphs_for(encoding: str) -> Glyphs:
    """Return the signs that a stream of this encoding can show."""
    try:
        for sign in astuple(UNICODE):
            sign.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


def shortened(text: str, width: int, cut: str) -> str:
    """Return a text that takes no more than `width` columns; what is cut off its end is said by `cut`."""
    if cell_len(text) <= width:
        return text
    room = max(width - cell_len(cut), 0)
    return (set_cell_size(text, room) + cut)[: max(width, 0)]


def padded(text: str, width: int, cut: str) -> str:
    """Return a text that takes exactly `width` columns."""
    return set_cell_size(shortened(text, width, cut), width)


def latency_words(latency_ns: int) -> str:
    """Return a latency to three digits: `0.042ms`, `1.23ms`, `123ms`, `12.3s`."""
    if latency_ns < NS_PER_MS - NS_PER_MS // 2000:
        return f"{latency_ns / NS_PER_MS:.3f}ms"
    if latency_ns < NS_PER_S - NS_PER_S // 2000:
        return f"{_three_digits(latency_ns / NS_PER_MS)}ms"
    return f"{_three_digits(latency_ns / NS_PER_S)}s"


def rate_words(rate_per_s: float) -> str:
    """Return a rate to three digits or more: `0.42`, `12.3`, `1,234`."""
    return f"{rate_per_s:,.0f}" if rate_per_s >= 99.95 else _three_digits(rate_per_s)


def _three_digits(value: float) -> str:
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def time_words(seconds: float) -> str:
    """Return a duration as a clock shows it: `0:07`, `12:30`, `1:00:00`."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
