"""Comparing what was stored: results with results, a result with a baseline, a run with a baseline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log1p
from typing import TYPE_CHECKING

from perfengine.comparison.canary import canary_shift
from perfengine.comparison.families import apply_families
from perfengine.comparison.figures import merge_samples
from perfengine.comparison.stored import compare_with_baseline
from perfengine.comparison.two_results import compare_results
from perfengine.engine.result_files import read_baseline_file, read_result_files
from perfengine.errors import UsageError
from perfengine.model.compared import ComparisonResult
from perfengine.model.comparison import CompareRule, StoredBaseline, StoredOperation
from perfengine.model.requirement import Metric
from perfengine.model.stored import BaselineFile
from perfengine.stored.baseline import side_of_runs
from perfengine.stored.sessions import by_session, canaries_by_session

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from perfengine.model.canary import CanaryShift
    from perfengine.model.comparison import OperationComparison
    from perfengine.model.fingerprint import Subject
    from perfengine.model.stored import StoredRun


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareSettings:
    """What the command line says of a comparison."""

    tolerance: float | None = None  #: as a fraction; None: those of the baseline, or what matters by default
    subjects: tuple[Subject, ...] = ()
    force: bool = False
    allow_missing: bool = False


def compare_files(
    before: Sequence[Path], after: Sequence[Path], settings: CompareSettings, *, as_baseline: bool = False
) -> ComparisonResult:
    """Return what came of comparing results with results; A may be one baseline file instead, or taken for one.

    Raises: UsageError for files that cannot be read or have no operation in common, SpecError for what is wrong in
    them.
    """
    if len(before) == 1 and (as_baseline or _is_baseline(before[0])):
        return compare_with_file(read_baseline_file(before[0]), read_result_files(after), settings)
    sides = read_result_files(before), read_result_files(after)
    earlier, later = (by_session(side) for side in sides)
    if not all(_is_counted(run) for run in (*earlier, *later)):
        return compare_with_file(_as_baseline(earlier), later, settings)
    _require_common(_names(earlier), later, earlier[0].label)
    rule = CompareRule()
    if settings.tolerance is not None:
        rule = replace(rule, practical=log1p(settings.tolerance))
    canary = _canary(earlier, later, rule, settings)
    operations = compare_results(
        [run.sample for run in earlier],
        [run.sample for run in later],
        rule,
        canary=canary,
        subjects=settings.subjects,
        force=settings.force,
    )
    return _concluded(tuple(run.label for run in earlier), earlier, later, operations, canary, settings)


def compare_with_file(
    baseline: BaselineFile, runs: Sequence[StoredRun], settings: CompareSettings
) -> ComparisonResult:
    """Return what came of comparing runs with a baseline.

    Raises: UsageError when they have no operation in common.
    """
    known = [stored.name for stored in baseline.baseline.operations]
    _require_common(known, by_session(runs), baseline.label)
    return held_against(baseline, runs, settings)


def held_against(
    baseline: BaselineFile, runs: Sequence[StoredRun], settings: CompareSettings
) -> ComparisonResult:
    """Return what came of comparing runs with a baseline, also where none of its operations was ok in them."""
    current, rule = by_session(runs), CompareRule()
    canary = _canary(baseline.runs, current, rule, settings)
    operations = compare_with_baseline(
        _with_known_figures(baseline.baseline, current),
        [run.sample for run in current],
        rule,
        tolerance=settings.tolerance,
        canary=canary,
        subjects=settings.subjects,
        force=settings.force,
    )
    return _concluded((baseline.label,), baseline.runs, current, operations, canary, settings)


def _canary(
    before: Sequence[StoredRun], after: Sequence[StoredRun], rule: CompareRule, settings: CompareSettings
) -> CanaryShift | None:
    sides = canaries_by_session(before), canaries_by_session(after)
    return canary_shift(*sides, rule.confidence, settings.subjects)


def _is_baseline(path: Path) -> bool:
    """Return whether a file is a baseline rather than a result: whoever has `baselines` is one.

    A pipe can be read once only, and is taken for a result.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(1 << 20)
    except OSError:
        return False
    return b'"baselines"' in head


def _is_counted(run: StoredRun) -> bool:
    return all(sample.response for sample in run.sample.operations)


def _as_baseline(runs: Sequence[StoredRun]) -> BaselineFile:
    """Return results as what is compared against: with their runs where they were counted, else with figures."""
    operations = tuple(
        StoredOperation(
            name=name, figures={Metric.MEAN: _mean_ns(runs, name)}, sessions=side_of_runs(runs, name)
        )
        for name in _names(runs)
    )
    return BaselineFile(
        label=", ".join(dict.fromkeys(run.label for run in runs)),
        baseline=StoredBaseline(operations=operations),
        runs=tuple(runs),
    )


def _mean_ns(runs: Sequence[StoredRun], name: str) -> float:
    """Return the mean of an operation over all runs that have it, as it is of the runs that are held against it."""
    samples = [run.sample.operation(name) for run in runs]
    return merge_samples([sample for sample in samples if sample is not None]).mean_ns or 1.0


def _with_known_figures(baseline: StoredBaseline, current: Sequence[StoredRun]) -> StoredBaseline:
    """Return the baseline with the mean alone where the current runs have no histogram: a mean is all they show."""
    uncounted = {sample.name for run in current for sample in run.sample.operations if not sample.response}
    return replace(
        baseline,
        operations=tuple(
            replace(stored, sessions=(), figures={Metric.MEAN: stored.figures[Metric.MEAN]})
            if stored.name in uncounted
            else stored
            for stored in baseline.operations
        ),
    )


def _concluded(
    labels: tuple[str, ...],
    before: Sequence[StoredRun],
    after: Sequence[StoredRun],
    operations: Sequence[OperationComparison],
    canary: CanaryShift | None,
    settings: CompareSettings,
) -> ComparisonResult:
    return ComparisonResult(
        before=labels,
        after=tuple(run.label for run in after),
        operations=apply_families(operations),
        subjects=settings.subjects,
        allow_missing=settings.allow_missing,
        canary=canary,
        notes=tuple(_notes((*before, *after))),
    )


def _notes(runs: Sequence[StoredRun]) -> Iterator[str]:
    for run in runs:
        if run.incomplete:
            yield f"{run.label} is incomplete: {run.incomplete}"


def _names(runs: Sequence[StoredRun]) -> list[str]:
    return list(dict.fromkeys(sample.name for run in runs for sample in run.sample.operations))


def _require_common(known: Collection[str], runs: Sequence[StoredRun], label: str) -> None:
    if not set(known) & set(_names(runs)):
        raise UsageError(nothing_common(label, known, runs[0].label, _names(runs)))


def nothing_common(label: str, known: Collection[str], other: str, names: Collection[str]) -> str:
    """Return what is said of two that have no operation in common."""
    return (
        f"{label} and {other} have no operation in common: they are of different scenarios\n"
        f"   {label}: {_some(known)}\n"
        f"   {other}: {_some(names)}"
    )


def _some(names: Collection[str], shown: int = 5) -> str:
    listed = list(names)
    more = f" and {len(listed) - shown} more" if len(listed) > shown else ""
    return ", ".join(listed[:shown]) + more
