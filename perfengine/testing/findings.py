"""What a result means to a test: held, violated, or unknown, in words that a failed test shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.result import Standing
from perfengine.model.verdict import Verdict
from perfengine.report.comparison_text import comparison_lines
from perfengine.report.comparison_text import operation_lines as table_lines
from perfengine.report.comparison_words import is_open, operation_verdict
from perfengine.report.limit_words import finding, position_of
from perfengine.report.operation_text import operation_lines
from perfengine.report.signs import UNICODE, plain
from perfengine.report.text import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.result import RunResult
    from perfengine.model.verdict import Judgement

_BROKEN: Final = frozenset({Standing.RUN_FAILED, Standing.INTERRUPTED, Standing.TERMINATED, Standing.FAIL})
_SIGNS: Final = {Verdict.FAIL: UNICODE.violated, Verdict.UNPROVEN: UNICODE.unproven}


def does_not_hold(result: RunResult, *, strict: bool) -> bool:
    """Return whether a test must fail: the run failed, a limit is violated or something changed for the worse.

    With `strict` also where a limit is unproven, or a comparison open.
    """
    unproven = any(judgement.verdict is Verdict.UNPROVEN for judgement in result.judgements)
    is_open = result.comparison is not None and result.comparison.is_open
    return result.standing in _BROKEN or (strict and (unproven or is_open))


def is_unknown(result: RunResult) -> bool:
    """Return whether limits were asked for and nobody can tell whether they hold."""
    return result.standing is Standing.UNPROVEN


def verdict_line(result: RunResult) -> str:
    """Return what the run came to: `FAIL (3 limits: 2 held, 1 violated)`."""
    return f"{result.standing.upper()} ({asked(result)})"


def finding_lines(result: RunResult, *, strict: bool = False) -> list[str]:
    """Return the verdict and everything that spoils it; what is violated comes before what is unproven."""
    passed_else = strict and result.standing is Standing.PASS
    first = f"not proven, as strict asks ({asked(result)})" if passed_else else verdict_line(result)
    return [first, *_broken(result), *unproven_lines(result), *_compared(result, strict=strict)]


def unproven_lines(result: RunResult) -> list[str]:
    """Return the limits that nobody can tell about, and why."""
    return list(_limits(result, Verdict.UNPROVEN))


def _broken(result: RunResult) -> Iterator[str]:
    if result.incomplete:
        yield f"Incomplete: {plain(result.incomplete)}"
    for run in result.unanswered:
        yield from operation_lines(run, run.weight)
    yield from _limits(result, Verdict.FAIL)


def _compared(result: RunResult, *, strict: bool) -> Iterator[str]:
    """Yield what came of a comparison, in a sentence and in figures, unless nothing is to be said against it.

    With `strict` what the tolerance alone decides is open, too.
    """
    comparison = result.comparison
    if comparison is None or not (comparison.fails or comparison.is_open):
        return
    stays_open = comparison.is_open_for if strict else is_open
    yield from comparison_lines(comparison, UNICODE)
    for operation in comparison.operations:
        if comparison.fails_for(operation) or stays_open(operation):
            yield f"{plain(operation.name)}: {operation_verdict(operation)}"
            yield from (f"   {line}" for line in table_lines(operation))


def _limits(result: RunResult, verdict: Verdict) -> Iterator[str]:
    for judgement in result.judgements:
        if judgement.verdict is verdict:
            yield f"{_SIGNS[verdict]}{finding(judgement)}"
            yield f"   {_evidence(judgement)}"


def _evidence(judgement: Judgement) -> str:
    position = position_of(judgement)
    samples = f"{judgement.samples} sample{'' if judgement.samples == 1 else 's'}"
    return ", asked at ".join([samples, *([plain(str(position))] if position else [])])
