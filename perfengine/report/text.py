"""A result as text for a terminal of 80 columns: figures by entity, then limits, health, notes and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.verdict import Verdict
from perfengine.report.budget_text import HEADING as BUDGETS
from perfengine.report.budget_text import budget_lines, coverage_lines
from perfengine.report.comparison_text import comparison_sections
from perfengine.report.limit_text import limit_lines
from perfengine.report.operation_text import operation_lines
from perfengine.report.run_text import process_lines, watched_lines
from perfengine.report.signs import ASCII, UNICODE, folded, for_stream, plain
from perfengine.report.stability_text import HEADING as STABILITY
from perfengine.report.stability_text import stabilising_lines, stability_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Health, Judgement
    from perfengine.report.signs import Signs

_RULE: Final = "=" * 35


def render_text(result: RunResult, *, unicode: bool = True) -> str:
    """Return the report, ending in a newline; without `unicode` it is pure ASCII, with words for the signs."""
    signs = UNICODE if unicode else ASCII
    sections = [
        *_incomplete(result, signs),
        *(section for entity in _entities(result) for section in _entity(entity, result, signs)),
        *_run(result),
        *_limits(result, signs),
        *_stability(result, signs),
        *(comparison_sections(result.comparison, signs) if result.comparison else []),
        *_health(result, signs),
        *_notes(result),
        summary_lines(result),
    ]
    text = "\n\n".join("\n".join(section) for section in sections) + "\n"
    return for_stream(text, unicode=unicode)


def summary_lines(result: RunResult) -> list[str]:
    """Return the last lines of the report: what had no ok attempt, and what the run came to."""
    return [*_unanswered(result), f"RESULT: {result.standing.upper()} ({asked(result)})"]


def asked(result: RunResult) -> str:
    """Return what was asked of the run and what became of it: limits, and the comparison with a baseline."""
    if result.comparison is None:
        return tally(result.judgements)
    limits = [tally(result.judgements)] if result.judgements else []
    failing = len(result.comparison.failing)
    judged = "cannot tell" if not result.comparison.is_judged else f"{failing} worse"
    return "; ".join([*limits, f"baseline: {judged}"])


def tally(judgements: tuple[Judgement, ...]) -> str:
    """Return how many limits there are and what became of them: `5 limits: 3 held, 1 violated, 1 unproven`."""
    if not judgements:
        return "nothing was asked"
    words = {Verdict.PASS: "held", Verdict.FAIL: "violated", Verdict.UNPROVEN: "unproven"}
    counts = {
        word: sum(judged.verdict is verdict for judged in judgements) for verdict, word in words.items()
    }
    parts = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return f"{len(judgements)} limit{'s' if len(judgements) > 1 else ''}: {parts}"


def _incomplete(result: RunResult, signs: Signs) -> Iterator[list[str]]:
    if result.incomplete:
        why = f"{signs.warning}Incomplete: {plain(result.incomplete)}. What follows is what was measured until then."
        yield folded(why)


def _entities(result: RunResult) -> Iterable[str]:
    return dict.fromkeys((*result.entities, *(run.operation.entity for run in result.operations)))


def _entity(entity: str, result: RunResult, signs: Signs) -> Iterator[list[str]]:
    operations = [operation for operation in result.operations if operation.operation.entity == entity]
    yield [f"Performance Test Results for {plain(entity)}", _RULE]
    yield from _saturation(operations, signs)
    for operation in operations:
        together = (other.weight for other in result.operations if other.phase == operation.phase)
        yield list(operation_lines(operation, sum(together)))
    if not operations:
        yield ["No operation was run."]


def _saturation(operations: Sequence[OperationSummary], signs: Signs) -> Iterator[list[str]]:
    """Yield the caution that the generator was the bottleneck: it stands before the figures that it spoilt."""
    saturated = sum(operation.saturated for operation in operations)
    if not saturated:
        return
    where = f" in {saturated} of {len(operations)} operations, marked below" if len(operations) > 1 else ""
    yield folded(
        f"{signs.warning}The load generator was the bottleneck{where}: the database alone would show lower"
        " latencies and higher rates."
    )


def _run(result: RunResult) -> Iterator[list[str]]:
    if lines := list(process_lines(result)):
        yield lines
    if result.watched:
        yield ["Watched:", *watched_lines(result.watched)]


def _limits(result: RunResult, signs: Signs) -> Iterator[list[str]]:
    requirements = [judgement for judgement in result.judgements if judgement.requirement]
    service_levels = [judgement for judgement in result.judgements if judgement.service_level]
    if requirements:
        yield ["Performance Requirements:", *_lines(requirements, signs)]
    if service_levels:
        yield ["Service Levels (95% confidence):", *_lines(service_levels, signs)]


def _stability(result: RunResult, signs: Signs) -> Iterator[list[str]]:
    if result.budgets:
        yield [BUDGETS, *budget_lines(result, signs)]
    if lines := list(coverage_lines(result)):
        yield lines
    if lines := list(stability_lines(result, signs)):
        yield [STABILITY, *lines]
    if result.stabilised:
        yield ["Stabilised:", *stabilising_lines(result.stabilised)]


def _lines(judgements: Iterable[Judgement], signs: Signs) -> Iterator[str]:
    for judgement in judgements:
        yield from limit_lines(judgement, signs)


def _health(result: RunResult, signs: Signs) -> Iterator[list[str]]:
    worth_saying = (health for health in result.health if health.notices or not health.without_target)
    for health in worth_saying:
        if health.score is not None:
            yield [f"Health: {plain(health.operation)}", *_health_lines(health, health.score, signs)]


def _health_lines(health: Health, score: float, signs: Signs) -> Iterator[str]:
    for _, notice in health.notices:
        yield f"{signs.warning}{notice}"
    without = " (no target mean)" if health.without_target else ""
    if score < 0.8:
        yield f"{signs.poor}Poor performance health: {score:.2f}{without}"
    elif score < 0.9:
        yield f"{signs.acceptable}Acceptable performance health: {score:.2f}{without}"
    else:
        yield f"{signs.good}Good performance health: {score:.2f}{without}"


def _notes(result: RunResult) -> Iterator[list[str]]:
    if result.notes:
        yield ["Notes:", *(line for note in result.notes for line in folded(f"- {plain(note)}", "  "))]


def _unanswered(result: RunResult) -> list[str]:
    names = ", ".join(plain(operation.operation.name) for operation in result.unanswered)
    return folded(f"No ok attempt: {names}") if names else []
