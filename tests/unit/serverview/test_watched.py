"""Samples become a series and figures; what was asked for and could not be had says why."""

from __future__ import annotations

from perfengine.model.series import About, Watched
from perfengine.serverview.reading import Source
from perfengine.serverview.watch import ServerSample
from perfengine.serverview.watched import gaps_of, series_of, summarise_watch

ELSEWHERE = {Source.PROCESSES: "the server is not on this machine", Source.DISK: "it is elsewhere"}


def sample(at_s: float, reasons: dict[Source, str] | None = None, /, **values: float | None) -> ServerSample:
    """Return a sample of that second."""
    return ServerSample(at_s=at_s, values=values, reasons=reasons or {})


def figures(samples: list[ServerSample], metric: str, *asked: str) -> list[Watched]:
    """Return what is said of a metric."""
    return [one for one in summarise_watch(samples, asked) if one.metric == metric]


def test_a_mean_is_over_time() -> None:
    """A sample that came late stands for the time since the one before."""
    samples = [
        sample(0, connection_count=100.0, commits_per_s=None, rollbacks_per_s=None),
        sample(1, connection_count=10.0, commits_per_s=7.0, rollbacks_per_s=1.0),
        sample(4, connection_count=2.0, commits_per_s=3.0, rollbacks_per_s=1.0),
    ]
    [connections] = figures(samples, "connection_count")
    assert (connections.mean, connections.maximum, connections.samples) == (4.0, 100.0, 3)
    [transactions] = figures(samples, "transactions")
    assert (transactions.mean, transactions.maximum, transactions.samples) == (5.0, 8.0, 2)


def test_a_rate_after_a_gap_stands_for_the_gap() -> None:
    """It is over the whole of it, and so is its weight."""
    samples = [sample(0), sample(1, wal_bytes_per_s=4.0), sample(2), sample(4, wal_bytes_per_s=8.0)]
    [wal] = figures(samples, "wal")
    assert wal.mean == (1 * 4.0 + 3 * 8.0) / 4


def test_one_sample_is_its_own_mean() -> None:
    """There is no time between it and another."""
    [connections] = figures([sample(5, connection_count=3.0)], "connection_count")
    assert (connections.mean, connections.samples) == (3.0, 1)


def test_memory_is_said_of_both_sides() -> None:
    """Of the server where it is here, of the clients always."""
    values = {"server_memory_bytes": 5e8, "generator_memory_bytes": 4e7}
    here = figures([sample(1, **values)], "memory_usage", "memory_usage")
    assert [(one.source, one.mean, one.unit) for one in here] == [("/proc", 5e8, "B"), ("client", 4e7, "B")]
    away = figures([sample(1, ELSEWHERE, generator_memory_bytes=4e7)], "memory_usage", "memory_usage")
    assert [(one.source, one.mean, one.reason) for one in away] == [
        ("/proc", None, "the server is not on this machine"),
        ("client", 4e7, ""),
    ]


def test_what_was_not_asked_for_is_left_out_when_it_cannot_be_had() -> None:
    """What can be had is there whether it was asked for or not."""
    samples = [sample(1, ELSEWHERE, generator_memory_bytes=4e7)]
    assert [one.source for one in figures(samples, "memory_usage")] == ["client"]


def test_disk_figures_of_the_server_stand_in_for_those_of_the_kernel() -> None:
    """And say whose they are."""
    own = {"io_read_bytes_per_s": 10.0, "io_written_bytes_per_s": 5.0}
    [away] = figures([sample(0), sample(1, ELSEWHERE, **own)], "disk_io", "disk_io")
    assert (away.source, away.mean) == ("server", 15.0)
    kernel = {"disk_read_bytes_per_s": 1.0, "disk_written_bytes_per_s": 2.0}
    [here] = figures([sample(0), sample(1, **own, **kernel)], "disk_io", "disk_io")
    assert (here.source, here.mean) == ("/proc", 3.0)


def test_reasons_of_metrics_without_figures() -> None:
    """No sample, one sample of a rate, or what the last sample says."""
    assert figures([], "cpu_usage", "cpu_usage")[0].reason == "no sample was taken"
    assert figures([sample(0)], "cpu_usage", "cpu_usage")[0].reason == (
        "a rate takes two samples, and there was one"
    )
    lost = sample(0, {Source.SESSIONS: "connection refused"})
    [lock] = figures([lost], "lock_wait_time", "lock_wait_time")
    assert lock == Watched(metric="lock_wait_time", unit="s/s", source="server", reason="connection refused")


def test_metrics_of_clients_are_not_answered_here() -> None:
    """Nor invented."""
    assert summarise_watch([], ("query_execution_time", "connection_pool_utilization")) == ()


def test_a_series_holds_the_columns_that_have_figures() -> None:
    """With None where a sample has none."""
    samples = [
        sample(0.5, connection_count=1.0),
        sample(1.5, connection_count=None),
        sample(2.5, server_cpus=0.5),
    ]
    series = series_of(samples)
    assert (series.about, series.subject, series.phase) == (About.SERVER, "", "")
    assert series.times_s == (0.5, 1.5, 2.5)
    assert series.columns == {"connection_count": (1.0, None, None), "server_cpus": (None, None, 0.5)}


def test_gaps_are_told_once() -> None:
    """Not for what never could be had, and not twice for what is missing together."""
    lost = dict.fromkeys((Source.SESSIONS, Source.STATISTICS), "connection lost")
    samples = [sample(0, ELSEWHERE), sample(1, {**ELSEWHERE, **lost}), sample(2, ELSEWHERE)]
    assert gaps_of(samples) == ("1 of 3 samples of the server are missing: connection lost",)
    assert gaps_of(samples[:1]) == ()
