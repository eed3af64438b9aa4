"""What the live page is told: the state of a run, and points of its charts, as plain values.

Latencies are in milliseconds, rates a second, times in seconds. Names and messages are text as it came: the page puts
text into its document as text and never as markup.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from perfengine.metrics.percentiles import percentiles_of
from perfengine.report.limit_words import compared, owner, reason_words
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.live.state import GeneratorFigures, LiveState, Row
    from perfengine.model.measurement import Snapshot
    from perfengine.model.verdict import Judgement

    Plain = Mapping[str, object]

_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
#: Where a line is broken: between two phases nothing is measured.
_NOTHING: Plain = dict.fromkeys(("rate", "asked", "bad", "p50", "p95", "p99", "max"))


def state_frame(state: LiveState, notes: Sequence[str]) -> Plain:
    """Return the state of a run."""
    return {
        "scenario": state.scenario,
        "target": state.target,
        "server": state.server,
        "clock": asdict(state.clock),
        "load": asdict(state.load) if state.load else None,
        "rows": [_row(row) for row in state.rows],
        "causes": [asdict(cause) for cause in state.causes],
        "generator": _generator(state.generator) if state.generator else None,
        "judgements": [_judgement(judgement) for judgement in state.judgements],
        "notes": list(notes),
    }


def point_frame(
    snapshot: Snapshot, before: Snapshot | None, *, asked_per_s: float | None, at_s: float
) -> Plain:
    """Return what the last interval adds to the charts; `before` is the snapshot before it, of the same phase."""
    passed_ns = snapshot.elapsed_ns - (before.elapsed_ns if before else 0)
    bad = snapshot.bad - (before.bad if before else 0)
    latest = snapshot.latest
    values = percentiles_of(latest, list(_SHARES.values())) or (None,) * len(_SHARES)
    return {
        "t": round(at_s, 3),
        "rate": _per_s(latest.moments.count, passed_ns),
        "asked": asked_per_s,
        "bad": _per_s(bad, passed_ns),
        **{name: _ms(value) for name, value in zip(_SHARES, values, strict=True)},
        "max": _ms(latest.moments.maximum) if latest.counts else None,
    }


def gap_frame(at_s: float) -> Plain:
    """Return the point at which a phase begins: nothing is known there."""
    return {"t": round(at_s, 3), **_NOTHING}


def _per_s(count: int, passed_ns: int) -> float | None:
    return count * NS_PER_S / passed_ns if passed_ns > 0 else None


def _ms(latency_ns: int | None) -> float | None:
    return None if latency_ns is None else latency_ns / NS_PER_MS


def _row(row: Row) -> Plain:
    return {
        "operation": row.operation,
        "ok": row.ok,
        "rate": row.rate_per_s,
        "p50": _ms(row.p50_ns),
        "p95": _ms(row.p95_ns),
        "p99": _ms(row.p99_ns),
        "max": _ms(row.max_ns),
        "bad": row.bad,
        "done": row.is_done,
    }


def _generator(figures: GeneratorFigures) -> Plain:
    return {
        "cpu_share": figures.cpu_share,
        "processes": figures.processes,
        "loop_lag_p99": _ms(figures.loop_lag_p99_ns),
        "start_delay_p99": _ms(figures.start_delay_p99_ns),
        "lateness_p99": _ms(figures.lateness_p99_ns),
        "saturated": figures.is_saturated,
    }


def _judgement(judgement: Judgement) -> Plain:
    observed, limit = compared(judgement)
    return {
        "operation": owner(judgement),
        "metric": judgement.metric,
        "verdict": judgement.verdict,
        "why": reason_words(judgement),
        "observed": observed,
        "limit": f"{'>=' if judgement.floor else '<='} {limit}",
    }
