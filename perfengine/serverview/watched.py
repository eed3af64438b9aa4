"""From samples to what a result holds: a series, the figures of each metric, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.series import About, Series, Watched
from perfengine.serverview.columns import COLUMNS
from perfengine.serverview.reading import ASKED_OF_SERVER, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.serverview.watch import ServerSample

_NEVER: Final = "no sample was taken"
_ONE_ONLY: Final = "a rate takes two samples, and there was one"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metric:
    """A metric, and the columns whose sum it is."""

    name: str
    unit: str
    source: str
    columns: tuple[str, ...]
    instead: tuple[str, ...] = ()  #: the server's own counters, where the columns cannot be had


_METRICS: Final = (
    _Metric(name="connection_count", unit="count", source="server", columns=("connection_count",)),
    _Metric(name="lock_wait_time", unit="s/s", source="server", columns=("lock_wait_s_per_s",)),
    _Metric(name="longest_lock_wait", unit="s", source="server", columns=("longest_lock_wait_s",)),
    _Metric(name="active_sessions", unit="count", source="server", columns=("active_sessions",)),
    _Metric(name="transactions", unit="1/s", source="server", columns=("commits_per_s", "rollbacks_per_s")),
    _Metric(name="wal", unit="B/s", source="server", columns=("wal_bytes_per_s",)),
    _Metric(name="cpu_usage", unit="CPUs", source="/proc", columns=("server_cpus",)),
    _Metric(name="cpu_usage", unit="CPUs", source="client", columns=("generator_cpus",)),
    _Metric(name="machine_cpu", unit="CPUs", source="/proc", columns=("machine_cpus",)),
    _Metric(name="memory_usage", unit="B", source="/proc", columns=("server_memory_bytes",)),
    _Metric(name="memory_usage", unit="B", source="client", columns=("generator_memory_bytes",)),
    _Metric(
        name="disk_io",
        unit="B/s",
        source="/proc",
        columns=("disk_read_bytes_per_s", "disk_written_bytes_per_s"),
        instead=("io_read_bytes_per_s", "io_written_bytes_per_s"),
    ),
    _Metric(name="network_io", unit="B/s", source="/proc", columns=("network_bytes_per_s",)),
)
_SOURCES: Final = {column.name: column.source for column in COLUMNS}


def summarise_watch(samples: Sequence[ServerSample], asked: Sequence[str]) -> tuple[Watched, ...]:
    """Return the figures of every metric that could be had, and of those that were asked and could not, why.

    Metrics that are counted by clients are not among them.
    """
    found = (_watched(samples, metric) for metric in _METRICS)
    return tuple(one for one in found if not one.reason or one.metric in asked)


def series_of(samples: Sequence[ServerSample]) -> Series:
    """Return the samples as a series; a column without any figure is left out."""
    columns = {name: tuple(sample.values.get(name) for sample in samples) for name in _SOURCES}
    return Series(
        about=About.SERVER,
        subject="",
        phase="",
        times_s=tuple(sample.at_s for sample in samples),
        columns={
            name: values for name, values in columns.items() if any(value is not None for value in values)
        },
    )


def gaps_of(samples: Sequence[ServerSample]) -> tuple[str, ...]:
    """Return a line for each source that gave figures at times and at times not: how often, and the last reason."""
    lines: dict[str, None] = {}  # sessions and statistics are missing together: one line
    for source in (*ASKED_OF_SERVER, Source.PROCESSES):
        reasons = [sample.reasons[source] for sample in samples if source in sample.reasons]
        if 0 < len(reasons) < len(samples):
            lines[f"{len(reasons)} of {len(samples)} samples of the server are missing: {reasons[-1]}"] = None
    return tuple(lines)


def _watched(samples: Sequence[ServerSample], metric: _Metric) -> Watched:
    figures, source = [*_figures(samples, metric.columns)], metric.source
    if not figures and metric.instead:
        figures, source = [*_figures(samples, metric.instead)], "server"
    if not figures:
        reason = _reason(samples, metric)
        return Watched(metric=metric.name, unit=metric.unit, source=metric.source, reason=reason)
    values = [value for value, _ in figures]
    duration_s = sum(weight_s for _, weight_s in figures)
    weighted = sum(value * weight_s for value, weight_s in figures)
    return Watched(
        metric=metric.name,
        unit=metric.unit,
        source=source,
        mean=weighted / duration_s if duration_s else sum(values) / len(values),
        maximum=max(values),
        samples=len(values),
    )


def _figures(samples: Sequence[ServerSample], columns: Sequence[str]) -> Iterator[tuple[float, float]]:
    """Yield each figure with the seconds it stands for: those since the figure before, or the sample before."""
    before_s: float | None = None
    known_s: float | None = None
    for sample in samples:
        values = [sample.values.get(name) for name in columns]
        since_s = known_s if known_s is not None else before_s
        before_s = sample.at_s
        if all(value is not None for value in values):
            known_s = sample.at_s
            figure = sum(value for value in values if value is not None)
            yield figure, sample.at_s - since_s if since_s is not None else 0.0


def _reason(samples: Sequence[ServerSample], metric: _Metric) -> str:
    if not samples:
        return _NEVER
    source = _SOURCES[metric.columns[0]]
    reasons = [sample.reasons[source] for sample in samples if source in sample.reasons]
    return reasons[-1] if reasons else _ONE_ONLY
