"""What a page is made of: charts with their words and their table. The templates know these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """How a chart is drawn."""

    LINES = "lines"
    STACK = "stack"  #: areas on each other
    HEAT = "heat"
    NINES = "nines"  #: x is 1 / (1 - q), logarithmic
    TREND = "trend"  #: x is the number of a run


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures as text. The first column names the row; all others are numbers, unless `is_text`."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""  #: what a reader must know of it
    is_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a chart."""

    label: str
    color: str  #: a name of the style sheet: "p50", "ok", "c1", ...
    values: tuple[float | None, ...]
    is_dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A line across a chart that should not be crossed."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture, the words that say what it shows, and its data."""

    key: str  #: of the data, and of the place in the page; ours, nothing from outside
    kind: Kind
    title: str
    caption: str
    unit: str
    x_label: str
    x: tuple[float, ...]
    lines: tuple[Line, ...] = ()
    limits: tuple[Limit, ...] = ()
    is_log: bool = False
    group: str = ""  #: charts of one group move their cursors together
    extra: Mapping[str, object] = field(default_factory=dict)  #: what only this kind has
    spoken: str  #: the text alternative
    table: Table
