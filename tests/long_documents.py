"""Result documents of long runs, made up: the figures are drawn from one seed, the shape is that of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from perfengine.judging.health import assess_health
from perfengine.judging.judge import judge
from perfengine.metrics.hdr_codec import encode
from perfengine.model.load import Arrival, OpenLoad
from perfengine.model.operation import Kind
from perfengine.model.requirement import Metric
from perfengine.model.series import LatencySlot
from perfengine.report.latency_over_time_json import slot_text
from perfengine.report.result_json import result_document
from perfengine.stats.coarse import summed
from perfengine.stats.hdr import index_of
from perfengine.units import NS_PER_MS
from tests.builders import make_operation, make_requirement, make_result, make_summary
from tests.loads import with_load, with_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perfengine.model.summary import OperationSummary

_RATE_PER_S: Final = 20.0  #: of each operation
_INDEX_OF: Final = np.vectorize(index_of, otypes=[np.int64])


def make_long_document(operations: int = 20, seconds: int = 3600, *, errors: bool = True) -> dict[str, Any]:
    """Return the result of a mix under an open load: a daily rhythm, a stall in the middle, a few errors."""
    random = np.random.default_rng(7)
    names = [f"operation_{number:02d}" for number in range(1, operations + 1)]
    limits = [
        make_requirement(Metric.P95, (8 if place % 5 != 3 else 5) * NS_PER_MS, subject=name)
        for place, name in enumerate(names)
    ]
    limits += [make_requirement(Metric.ERROR_RATE, 0.01, subject=name) for name in names[::4]]
    summaries = [_summary(name, operations, random) for name in names]
    judgements = judge(limits, (), summaries, [one.operation for one in summaries])
    result = make_result(summaries, judgements=judgements, health=assess_health(summaries, judgements))
    document: dict[str, Any] = dict(result_document(result, encode))
    for entry in document["results"].values():
        entry["measured"] = float(seconds)
    document["mode"] = "mix"
    document["finished"] = "2026-11-23T10:31:12.000Z"
    series, over_time = [], []
    for place, name in enumerate(names):
        columns = _columns(seconds, random, has_errors=errors and place % 3 == 0)
        series.append(_series("operation", name, "mix", seconds, columns))
        over_time.append(_over_time(name, seconds, columns, random))
    series += [_generator(str(process), seconds, random) for process in range(2)]
    series.append(_server(seconds, random))
    return {**document, "series": series, "latency_over_time": over_time}


def _summary(name: str, operations: int, random: np.random.Generator) -> OperationSummary:
    operation = make_operation(name, kind=Kind.SIMPLE_SELECT)
    service = random.lognormal(np.log(2e6), 0.45, 3000).astype(np.int64)
    lateness = random.exponential(2e5, 3000).astype(np.int64)
    wait = random.exponential(4e5, 3000).astype(np.int64)
    summary = make_summary((service + lateness + wait).tolist(), operation=operation, concurrency=50)
    load = OpenLoad(clients=50, rate_per_s=_RATE_PER_S * operations, arrival=Arrival.POISSON)
    summary = with_parts(
        summary,
        lateness_ns=lateness.tolist(),
        pool_wait_ns=wait.tolist(),
        service_ns=service.tolist(),
    )
    return with_load(summary, load, connections=20, phase="mix")


def _columns(
    seconds: int, random: np.random.Generator, *, has_errors: bool
) -> dict[str, NDArray[np.float64]]:
    time = np.arange(seconds)
    swing = 1 + 0.15 * np.sin(time / 140)
    stall = np.where(abs(time - seconds * 0.55) < seconds / 90 + 1, 6.0, 1.0)
    ok = random.poisson(20 * swing / np.sqrt(stall)).astype(float)
    mean = 0.0026 * swing * stall * random.lognormal(0, 0.05, seconds)
    p50 = mean * 0.85
    p95, p99 = p50 * 1.9 * random.lognormal(0, 0.06, seconds), p50 * 2.7 * random.lognormal(0, 0.12, seconds)
    found = {
        "ok": ok,
        "bad": np.zeros(seconds),
        "dropped": random.poisson(0.4 * (stall > 1), seconds).astype(float),
        "mean_s": mean,
        "p50_s": p50,
        "p95_s": p95,
        "p99_s": np.maximum(p99, p95),
        "max_s": np.maximum(p99, p95) * random.lognormal(0.6, 0.5, seconds).clip(1),
        "lateness_p99_s": mean * 0.4,
        "pool_wait_p99_s": mean * 0.8,
        "service_p99_s": mean * 2,
        "lateness_mean_s": mean * 0.08,
        "pool_wait_mean_s": mean * np.where(stall > 1, 0.6, 0.15),
    }
    if has_errors:
        found["failed_retryable"] = random.poisson(0.05 * stall, seconds).astype(float)
        found["failed_cancelled"] = random.poisson(0.4 * (stall > 1), seconds).astype(float)
        found["bad"] = found["failed_retryable"] + found["failed_cancelled"]
    return found


def _series(about: str, subject: str, phase: str, seconds: int, columns: dict[str, Any]) -> dict[str, Any]:
    return {
        "about": about,
        "subject": subject,
        "phase": phase,
        "times": list(range(1, seconds + 1)),
        "columns": {name: np.round(values, 9).tolist() for name, values in columns.items()},
    }


def _over_time(
    name: str, seconds: int, columns: dict[str, Any], random: np.random.Generator
) -> dict[str, Any]:
    slot_s = 1
    while seconds > 300 * slot_s:
        slot_s *= 2
    begins = list(range(0, seconds, slot_s))
    slots = [_slot(begin, columns, slot_s, random) for begin in begins]
    return {
        "operation": name,
        "phase": "mix",
        "slot": slot_s,
        "begins": begins,
        "max": [slot.maximum_ns / 1e9 for slot in slots],
        "counts": [slot_text(slot) for slot in slots],
    }


def _slot(begin: int, columns: dict[str, Any], slot_s: int, random: np.random.Generator) -> LatencySlot:
    part = slice(begin, begin + slot_s)
    count = max(int(columns["ok"][part].sum()), 1)
    values = random.lognormal(np.log(columns["p50_s"][part].mean() * 1e9), 0.45, count).astype(np.int64)
    counters, numbers = summed(_INDEX_OF(values) >> 5, np.ones(count, dtype=np.int64))
    return LatencySlot(
        begin_s=begin,
        maximum_ns=int(max(values.max(), columns["max_s"][part].max() * 1e9)),
        counters=tuple(counters.tolist()),
        counts=tuple(numbers.tolist()),
    )


def _generator(process: str, seconds: int, random: np.random.Generator) -> dict[str, Any]:
    columns = {
        "loop_lag_p99_s": random.lognormal(np.log(4e-4), 0.3, seconds),
        "start_delay_p99_s": random.lognormal(np.log(2e-4), 0.3, seconds),
        "gc_pause_s": random.exponential(1e-4, seconds),
        "cpu_share": random.normal(0.42, 0.03, seconds).clip(0, 1),
        "run_queue_share": random.exponential(0.02, seconds),
        "connection_share": random.normal(0.6, 0.05, seconds).clip(0, 1),
    }
    return _series("generator", process, "mix", seconds, columns)


def _server(seconds: int, random: np.random.Generator) -> dict[str, Any]:
    columns = {
        "connection_count": np.full(seconds, 24.0),
        "run_connections": np.full(seconds, 20.0),
        "active_sessions": random.poisson(9, seconds).astype(float),
        "running_sessions": random.poisson(5, seconds).astype(float),
        "lwlock_sessions": random.poisson(1, seconds).astype(float),
        "io_sessions": random.poisson(2, seconds).astype(float),
        "lock_wait_s_per_s": random.exponential(0.5, seconds),
        "commits_per_s": random.normal(400, 20, seconds),
        "rollbacks_per_s": random.exponential(1, seconds),
        "wal_bytes_per_s": random.normal(3.2e6, 2e5, seconds),
        "temp_bytes_per_s": np.zeros(seconds),
        "blocks_hit_per_s": random.normal(42e3, 2e3, seconds),
        "blocks_read_per_s": random.exponential(40, seconds),
        "server_cpus": random.normal(1.3, 0.1, seconds),
        "machine_cpus": random.normal(2.2, 0.1, seconds),
        "generator_cpus": random.normal(0.5, 0.05, seconds),
        "server_memory_bytes": np.linspace(210e6, 264e6, seconds),
        "generator_memory_bytes": np.full(seconds, 92e6),
        "checkpoints": (np.arange(seconds) % 300 == 0).astype(float),
        "deadlocks": np.zeros(seconds),
    }
    return _series("server", "", "", seconds, columns)
