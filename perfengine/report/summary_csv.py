"""The operations of a result as CSV: a row each, with all counts, percentiles and moments; units in the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.csv_text import render_table
from perfengine.report.latency_json import latency_figures
from perfengine.report.limit_words import worst_verdict
from perfengine.report.load_json import load_entry
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.summary import LatencySummary, OperationSummary
    from perfengine.model.verdict import Judgement
    from perfengine.report.csv_text import Cell

_FIGURES: Final = ("mean", "stdev", "min", "median", "p90", "p95", "p99", "p999", "max")
_PARTS: Final = ("response", "service", "lateness", "pool_wait")


def render_summary_csv(result: RunResult) -> bytes:
    """Return the table; operations without an ok attempt have counts and no latencies."""
    rows = [_row(result, run) for run in result.operations]
    head = rows[0] if rows else {"run_id": None, "operation": None}
    return render_table(list(head), (list(row.values()) for row in rows))


def _row(result: RunResult, run: OperationSummary) -> dict[str, Cell]:
    return {
        "run_id": result.run_id,
        "started": result.started_at.isoformat(timespec="milliseconds"),
        "operation": run.operation.name,
        "entity": run.operation.entity,
        "group": str(run.operation.group),
        "kind": str(run.operation.kind),
        **_load(run),
        **_counts(run),
        "throughput_per_s": run.throughput_per_s,
        "error_rate": run.error_rate,
        "availability": run.availability,
        **_latencies(run),
        "generator_share": run.generator_share,
        "generator_saturated": run.saturated,
        "verdict": _verdict(run.operation.name, result.judgements),
        "cut_short": run.cut_short,
    }


def _load(run: OperationSummary) -> dict[str, Cell]:
    load = load_entry(run.load)
    rate = load["rate"]
    return {
        "phase": run.phase,
        "weight": run.weight,
        "load_model": str(load["model"]),
        "rate_asked_per_s": rate if isinstance(rate, int | float) else None,
        "concurrency": run.concurrency,
        "connections": run.connections,
        "measured_s": run.measurement.measured_ns / NS_PER_S,
        "rounds": run.measurement.rounds,
    }


def _counts(run: OperationSummary) -> dict[str, Cell]:
    measurement = run.measurement
    return {
        "due": run.due,
        "attempts": run.attempts,
        "ok": run.ok,
        "refused": run.refused,
        "error": run.error,
        "timeout": run.timeout,
        "starved": run.starved,
        "dropped": measurement.dropped,
        "unfinished": measurement.unfinished,
        "retries": sum(measurement.retries.values()),
        "retried_ok": measurement.retried,
        "warmup_attempts": measurement.warmup_attempts,
    }


def _latencies(run: OperationSummary) -> dict[str, Cell]:
    parts = dict(zip(_PARTS, (run.latency, run.service, run.lateness, run.pool_wait), strict=True))
    return dict(pair for name, part in parts.items() for pair in _part(name, part))


def _part(name: str, part: LatencySummary | None) -> Iterator[tuple[str, Cell]]:
    figures: Mapping[str, float] = latency_figures(part) if part else {}
    yield f"{name}_samples", part.count if part else 0
    for figure in _FIGURES:
        yield f"{name}_{figure}_s", figures.get(figure)


def _verdict(operation: str, judgements: Sequence[Judgement]) -> str | None:
    """Return the worst verdict of all limits of the operation, None where it has none."""
    worst = worst_verdict(judged for judged in judgements if judged.operation == operation)
    return None if worst is None else str(worst)
