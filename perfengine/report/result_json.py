"""A result as JSON. Seconds are numbers, no figure is NaN or infinite, and the text is pure ASCII.

An operation without an ok attempt has no mean: it is left out of `results`, whose readers take one for granted, and
stands under `failed_operations` with its counts and causes.
"""

from __future__ import annotations

import json
from datetime import UTC
from math import isinf
from typing import TYPE_CHECKING, Final

from perfengine.report.canary_json import canary_entry
from perfengine.report.comparison_json import comparison_entry
from perfengine.report.latency_over_time_json import latency_over_time_entry
from perfengine.report.measures import scaled, unit_of
from perfengine.report.operation_json import operation_entry
from perfengine.report.repeats_json import repeats_entry
from perfengine.report.series_json import ceiling_entry, series_entry, watched_entry
from perfengine.report.stability_json import budget_entry, coverage_entry, stability_entry
from perfengine.report.violations import violations_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from perfengine.model.environment import Environment
    from perfengine.model.result import RunResult
    from perfengine.model.verdict import Health, Judgement
    from perfengine.report.latency_json import Encode

#: Of the result's shape: the first number changes when a reader could misread it.
VERSION: Final = "1.0"

#: What the numbers are, by key.
_UNITS: Final = {
    **dict.fromkeys(("mean", "median", "min", "max", "stdev", "p90", "p95", "p99", "p999"), "s"),
    **dict.fromkeys(("target_mean", "max_p95", "measured", "requested_duration"), "s"),
    **dict.fromkeys(
        ("delay", "wall", "cpu", "run_queue", "loop_lag", "start_delay", "gc_pause", "seeding"), "s"
    ),
    **dict.fromkeys(("lateness", "pool_wait", "service", "think", "duration", "times"), "s"),
    **dict.fromkeys(("means", "took", "first_breach", "round_trip"), "s"),
    **dict.fromkeys(("error_rate", "availability", "share", "lower", "upper"), "fraction"),
    **dict.fromkeys(("throughput", "rate"), "1/s"),
    "histograms": "ns",
}


def render_json(result: RunResult, encode_histogram: Encode) -> bytes:
    """Return the result as a JSON document, ending in a newline.

    `encode_histogram` gives a histogram as HDR V2 base64 text.
    """
    return document_text(result_document(result, encode_histogram))


def document_text(document: Mapping[str, object]) -> bytes:
    """Return a result document as it is written, ending in a newline; one that was read back gives the same bytes."""
    return (json.dumps(document, allow_nan=False, indent=2) + "\n").encode("ascii")


def result_document(result: RunResult, encode_histogram: Encode) -> dict[str, object]:
    """Return the result as a document of plain values; `result_schema` describes it."""
    entries = {
        run.operation.name: {
            **operation_entry(run, result.judgements, encode_histogram),
            "fingerprint": dict(result.fingerprints.get(run.operation.name, {})),
        }
        for run in result.operations
    }
    answered = {run.operation.name for run in result.operations if run.latency}
    return {
        "version": VERSION,
        "timestamp": _timestamp(result.started_at),
        "environment": _environment(result.environment),
        "entity": result.entities[0] if result.entities else None,
        "entities": list(result.entities),
        **_run(result),
        "operations": list(entries),
        "results": {name: entry for name, entry in entries.items() if name in answered},
        "failed_operations": {name: entry for name, entry in entries.items() if name not in answered},
        "judgements": [_judgement(judgement) for judgement in result.judgements],
        "violations": violations_of(result),
        "budgets": [budget_entry(budget) for budget in result.budgets],
        "coverage": coverage_entry(result),
        "stability": stability_entry(result),
        "repeats": repeats_entry(result, encode_histogram),
        "canary": canary_entry(result.canary) if result.canary else None,
        "comparison": comparison_entry(result.comparison) if result.comparison else None,
        "health": [_health(health) for health in result.health],
        "notes": list(result.notes),
        "watched": [watched_entry(item) for item in result.watched],
        "series": [series_entry(series) for series in result.series],
        "latency_over_time": [latency_over_time_entry(item) for item in result.latency_over_time],
        "units": _UNITS,
    }


def _run(result: RunResult) -> dict[str, object]:
    return {
        "run_id": result.run_id,
        "started": _timestamp(result.started_at),
        "finished": _timestamp(result.finished_at),
        "standing": result.standing,
        "ended": result.ended,
        "incomplete": result.incomplete,
        "paths": list(result.paths),
        "scenario_sha256": result.scenario_sha256,
        "seed": result.seed,
        "data_set": result.data_set,
        "data_rows": dict(result.data_rows),
        "seeding": None if result.seeding_s is None else dict(result.seeding_s),
        "mode": result.mode,
        "processes": result.processes,
        "in_process": result.in_process,
        "ceiling": ceiling_entry(result.ceiling) if result.ceiling else None,
    }


def _environment(environment: Environment) -> dict[str, object]:
    return {
        "perfengine": environment.perfengine,
        "python": environment.python,
        "system": environment.system,
        "cpus": environment.cpus,
        "libraries": dict(environment.libraries),
        "event_loop": environment.event_loop,
        "target": environment.target,
        "embedded": environment.embedded,
        "server_version": environment.server_version,
        "server_settings": dict(environment.server_settings),
    }


def _timestamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _judgement(judgement: Judgement) -> dict[str, object]:
    unit = unit_of(judgement.metric)
    observed = judgement.observed
    unbounded = observed is not None and isinf(observed)
    return {
        "operation": judgement.operation,
        "subject": judgement.subject,
        "metric": judgement.metric,
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "detail": judgement.detail,
        "caution": judgement.caution,
        "limit": scaled(judgement.limit, unit),
        "observed": None if observed is None or unbounded else scaled(observed, unit),
        "unbounded": unbounded,
        "unit": unit.name,
        "floor": judgement.floor,
        "samples": judgement.samples,
        "lower": judgement.lower,
        "upper": judgement.upper,
        **_asked(judgement),
    }


def _asked(judgement: Judgement) -> dict[str, object]:
    """Return where the limit was asked."""
    asked = judgement.requirement or judgement.service_level
    requirement, level = judgement.requirement, judgement.service_level
    return {
        "source": requirement.source if requirement else "service_level_agreements",
        "group": requirement.group if requirement else level.tier if level else None,
        "position": str(asked.position) if asked else None,
    }


def _health(health: Health) -> dict[str, object]:
    return {
        "operation": health.operation,
        "score": health.score,
        "without_target": health.without_target,
        "notices": [{"kind": kind, "text": text} for kind, text in health.notices],
    }
