"""The one-second series of a result as CSV: a row a second of each operation, load process and of the server.

It is a wide table: what it is about in the first columns, then a column a metric with its unit in the name; a metric
that the subject of the row has not is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.csv_text import render_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.series import Series
    from perfengine.report.csv_text import Cell

_ABOUT: Final = ("run_id", "about", "subject", "phase", "time_s")


def render_series_csv(result: RunResult) -> bytes:
    """Return the table; of a run without series only its head."""
    metrics = list(dict.fromkeys(name for series in result.series for name in series.columns))
    rows = (row for series in result.series for row in _rows(result.run_id, series, metrics))
    return render_table([*_ABOUT, *metrics], rows)


def _rows(run_id: str, series: Series, metrics: Sequence[str]) -> Iterator[list[Cell]]:
    nothing = (None,) * len(series.times_s)
    columns = [series.columns.get(name, nothing) for name in metrics]
    for time_s, *values in zip(series.times_s, *columns, strict=True):
        yield [run_id, str(series.about), series.subject, series.phase, time_s, *values]
