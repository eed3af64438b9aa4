"""Runs to the one file that is a baseline: in both older shapes at once, and with the runs themselves.

Readers of the older shapes find `baselines` with mean, p95 and tolerance, and `results` with all figures. Ours reads
`runs`: histograms, seconds, fingerprints. There is never a comment in it.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from perfengine.stored.instants import instant_text
from perfengine.stored.pooled import pooled_figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from perfengine.model.stored import StoredRun

VERSION: Final = "1.0"
_DEFAULT_TOLERANCE: Final = 0.1


def render_baseline(
    runs: Sequence[StoredRun], made: datetime, tolerances: Mapping[str, float], tolerance: float | None = None
) -> bytes:
    """Return the file, ending in a newline. Same runs, same bytes but for the time.

    `tolerances` are those that operations have already, `tolerance` is that of all others, 0.1 without one.
    """
    names = list(dict.fromkeys(sample.name for run in runs for sample in run.sample.operations))
    results = {name: _result(runs, name) for name in names}
    rest = _DEFAULT_TOLERANCE if tolerance is None else tolerance
    document = {
        "version": VERSION,
        "timestamp": instant_text(made),
        "environment": runs[-1].environment,
        "baselines": {name: _baseline(results[name], tolerances.get(name, rest)) for name in names},
        "results": results,
        "runs": [_run(run) for run in runs],
    }
    return (json.dumps(_finite(document), allow_nan=False, indent=2) + "\n").encode("ascii")


def _finite(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return the value with null for what JSON has no word for: keys that nobody reads are kept as they came."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _baseline(figures: Mapping[str, Any], tolerance: float) -> dict[str, object]:
    p95 = {"p95": figures["p95"]} if "p95" in figures else {}
    return {"mean": figures["mean"], **p95, "tolerance": tolerance}


def _result(runs: Sequence[StoredRun], name: str) -> dict[str, object]:
    found = [(sample, run.entries[name]) for run in runs if (sample := run.sample.operation(name))]
    samples, entries = [sample for sample, _ in found], [entry for _, entry in found]
    figures = pooled_figures(samples, entries)
    return {
        "test_name": name,
        "iterations": sum(sample.ok + sample.bad for sample in samples),
        **figures,
        "metrics": figures,
        "samples": sum(sample.ok for sample in samples),
        "requirements": entries[-1].get("requirements"),
    }


def _run(run: StoredRun) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "session": run.sample.session,
        "started": instant_text(run.started) if run.started else None,
        "finished": instant_text(run.finished) if run.finished else None,
        "incomplete": run.incomplete,
        "environment": run.environment,
        "canary": run.canary_entry,
        "results": dict(run.entries),
    }
