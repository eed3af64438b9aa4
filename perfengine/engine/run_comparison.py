"""A run of this moment against a baseline: read before the load, compared when the run is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.engine.comparing import CompareSettings, held_against, nothing_common
from perfengine.engine.outputs import json_of
from perfengine.engine.result_files import read_baseline_file
from perfengine.errors import UsageError
from perfengine.metrics.hdr_codec import decode
from perfengine.stored.repeats import read_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.request import RunRequest
    from perfengine.model.compared import ComparisonResult
    from perfengine.model.result import RunResult
    from perfengine.model.stored import BaselineFile


def comparison_asked(planned: PlannedRun, request: RunRequest) -> Callable[[RunResult], RunResult]:
    """Return what adds the comparison that was asked for to the result of a run to come; the baseline is read now.

    Raises: UsageError, SpecError for a baseline that cannot be read or knows no operation of the run, UsageError for
    a threshold without one.
    """
    if request.baseline is None:
        if request.regression_threshold is not None:
            raise UsageError("--regression-threshold belongs to a comparison: add --baseline FILE")
        return lambda result: result
    baseline = baseline_for_run(request.baseline, planned)
    return lambda result: with_comparison(result, planned, baseline, request.regression_threshold)


def with_comparison(
    result: RunResult, planned: PlannedRun, baseline: BaselineFile, tolerance: float | None
) -> RunResult:
    """Return the result of a run with its comparison; without an ok attempt there is nothing to compare."""
    if not any(run.latency for run in result.operations):
        return result
    settings = CompareSettings(tolerance=tolerance)
    return replace(result, comparison=_compare_run(result, planned, baseline, settings))


def baseline_for_run(path: Path, planned: PlannedRun) -> BaselineFile:
    """Return the baseline of a run to come.

    Raises: UsageError, SpecError when it cannot be read, or knows no operation of the run.
    """
    baseline = read_baseline_file(path)
    names = [item.operation.name for item in planned.plan.operations]
    known = [stored.name for stored in baseline.baseline.operations]
    if not set(names) & set(known):
        raise UsageError(nothing_common(baseline.label, known, "this run", names))
    return baseline


def _compare_run(
    result: RunResult, planned: PlannedRun, baseline: BaselineFile, settings: CompareSettings
) -> ComparisonResult:
    """Return what came of comparing a run of this moment with a baseline.

    Operations of the baseline that the scenario has and the run was not to measure are left out.
    """
    selected = {item.operation.name for item in planned.plan.operations}
    skipped = {operation.name for operation in planned.plan.available} - selected
    kept = tuple(stored for stored in baseline.baseline.operations if stored.name not in skipped)
    left_out = len(baseline.baseline.operations) - len(kept)
    asked = replace(baseline, baseline=replace(baseline.baseline, operations=kept))
    runs = read_runs(json_of(result).decode(), f"run {result.run_id}", decode)
    compared = held_against(asked, runs, settings)
    if not left_out:
        return compared
    note = f"{left_out} of the baseline's operations {'was' if left_out == 1 else 'were'} not selected"
    return replace(compared, notes=(*compared.notes, note))
