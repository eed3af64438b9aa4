"""The percentile spectrum: latency by nines, so that the tail is as wide as the bulk."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.report.html.formats import plain, rounded, scale_for, whole
from perfengine.report.html.parts import Chart, Kind, Line, Table
from perfengine.report.html.read import mapping
from perfengine.report.html.words import spoken
from perfengine.stats.hdr import highest_value, rank_of
from perfengine.stats.histogram import columns
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.report.html.parts import Limit
    from perfengine.report.html.read import Decode, Entry

#: A percentile with fewer samples above it is chance.
_LEAST_ABOVE: Final = 10
_STEPS_A_DECADE: Final = 16
_LISTED: Final = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999, 0.999999)


def spectrum(key: str, entry: Entry, decode: Decode, limits: tuple[Limit, ...] = ()) -> Chart | None:
    """Return the spectrum of response and service, None with too few samples for one."""
    histograms = mapping(entry.get("histograms"))
    named = [(name, histograms.get(name)) for name in ("response", "service")]
    if named[0][1] == named[1][1]:
        named = named[:1]
    counts = [(name, _decoded(encoded, decode)) for name, encoded in named]
    counts = [(name, found) for name, found in counts if found]
    if not counts or (total := sum(counts[0][1].values())) < 2 * _LEAST_ABOVE:
        return None
    shares = _shares(total)
    lines = tuple(
        Line(
            label=name,
            color=name,
            values=tuple(rounded(value) for value in _at(found, shares)),
            is_dashed=name != "response",
        )
        for name, found in counts
    )
    title = "Percentile spectrum"
    same = "" if len(lines) > 1 else " All of the response is service: nothing waited before the database."
    return Chart(
        key=key,
        kind=Kind.NINES,
        title=title,
        caption=f"Latency by percentile, each nine as wide as the last, until {_LEAST_ABOVE} samples are left.{same}",
        unit="s",
        x_label="percentile",
        x=tuple(round(1 / (1 - share), 4) for share in shares),
        lines=lines,
        limits=limits,
        is_log=True,
        spoken=spoken(f"{title}, of {whole(total)} samples", lines, "s"),
        table=_table(counts, total),
    )


def _decoded(encoded: object, decode: Decode) -> Mapping[int, int]:
    try:
        return decode(encoded) if isinstance(encoded, str) else {}
    except ValueError:
        return {}


def _shares(total: int) -> list[float]:
    """Return shares from 0 on, evenly spaced in nines, to the last that has enough samples above it."""
    last = log10(total / _LEAST_ABOVE)
    steps = int(last * _STEPS_A_DECADE)
    return [1 - 10 ** (-step / _STEPS_A_DECADE) for step in range(steps + 1)]


def _at(counts: Mapping[int, int], shares: Sequence[float]) -> list[float]:
    counters, numbers = columns(counts)
    order = np.argsort(counters)
    passed = np.cumsum(numbers[order])
    ranks = [rank_of(share, int(passed[-1])) for share in shares]
    places = np.searchsorted(passed, ranks, side="left")
    return [highest_value(int(counters[order[place]])) / NS_PER_S for place in places]


def _table(counts: Sequence[tuple[str, Mapping[int, int]]], total: int) -> Table:
    shares = [share for share in _LISTED if total * (1 - share) >= _LEAST_ABOVE * (1 - 1e-9)]
    columns_s = [_at(found, shares) for _, found in counts]
    scale = scale_for("s", [value for column in columns_s for value in column])
    above = [whole(total - rank_of(share, total)) for share in shares]
    values = [[plain(value, scale) for value in column] for column in columns_s]
    return Table(
        head=("percentile", *(f"{name}, {scale.unit}" for name, _ in counts), "samples above"),
        rows=tuple(zip((f"{share * 100:.6g}" for share in shares), *values, above, strict=True)),
    )
