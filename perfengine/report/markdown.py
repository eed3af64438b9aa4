"""A result as GitHub's markdown, for a comment on a pull request and for a job summary: the verdict comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.result import Standing
from perfengine.model.verdict import Verdict
from perfengine.report.budget_markdown import budget_section, stability_section
from perfengine.report.comparison_markdown import comparison_markdown
from perfengine.report.environment_words import environment_words
from perfengine.report.limit_words import (
    WORST_FIRST,
    compared,
    other_name,
    owner,
    position_of,
    reason_words,
)
from perfengine.report.markdown_text import code, code_cell, sentence
from perfengine.report.measures import FRACTION, PER_SECOND, SECONDS, value_text
from perfengine.report.text import asked
from perfengine.stats.samples import is_weak

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Judgement

#: What GitHub takes as a comment, with room for a line of the user's own.
MOST_CHARACTERS: Final = 65_000
_MOST_ROWS: Final = 100
_MOST_NOTES: Final = 20
_SIGNS: Final = {Verdict.FAIL: "❌", Verdict.UNPROVEN: "❔", Verdict.PASS: "✅"}
_WARNING: Final = "⚠️ "
_SIGN_OF_RUN: Final = {Standing.PASS: "✅", Standing.NO_LIMIT: "✅", Standing.UNPROVEN: "❔"}


def render_markdown(result: RunResult) -> str:
    """Return the report, ending in a newline; what does not fit in a comment is left out from the end, and said."""
    sections = [
        [f"## {_SIGN_OF_RUN.get(result.standing, '❌')} perfengine: {result.standing.upper()}"],
        [f"{asked(result)}."],
        *_warnings(result),
        *_limits(result.judgements),
        *budget_section(result, _MOST_ROWS),
        *stability_section(result, _MOST_ROWS),
        *_comparison(result),
        *_operations(result.operations),
        *_notes(result.notes),
        _environment(result),
    ]
    return _fitting("\n\n".join("\n".join(section) for section in sections) + "\n")


def _fitting(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    kept = text[: MOST_CHARACTERS - 100].rpartition("\n")[0]
    return f"{kept}\n\nThe rest does not fit: see the result's JSON.\n"


def _warnings(result: RunResult) -> Iterator[list[str]]:
    if result.incomplete:
        yield [f"> {_WARNING}Incomplete: {sentence(result.incomplete)}"]
    if result.unanswered:
        names = ", ".join(code(run.operation.name) for run in result.unanswered[:_MOST_ROWS])
        yield [f"> {_WARNING}No ok attempt: {names}"]
    if saturated := [run for run in result.operations if run.saturated]:
        where = ", ".join(code(run.operation.name) for run in saturated[:_MOST_ROWS])
        yield [f"> {_WARNING}The load generator was the bottleneck, not the database: {where}"]


def _limits(judgements: Sequence[Judgement]) -> Iterator[list[str]]:
    if not judgements:
        return
    ordered = sorted(judgements, key=lambda judgement: WORST_FIRST.index(judgement.verdict))
    head = ["| | operation | metric | observed | limit | |", "|---|---|---|--:|--:|---|"]
    yield ["### Limits", "", *head, *map(_limit_row, ordered[:_MOST_ROWS])]
    yield from _left_out(ordered, "limits")


def _comparison(result: RunResult) -> Iterator[list[str]]:
    if result.comparison:
        yield ["### Baseline comparison", "", *comparison_markdown(result.comparison)]


def _limit_row(judgement: Judgement) -> str:
    observed, limit = compared(judgement)
    relation = "≥" if judgement.floor else "≤"
    cells = [
        _SIGNS[judgement.verdict],
        code_cell(owner(judgement)),
        str(judgement.metric),
        observed or "–",
        f"{relation} {limit}",
        "; ".join(_remarks(judgement)),
    ]
    return f"| {' | '.join(cells)} |"


def _remarks(judgement: Judgement) -> Iterator[str]:
    if reason := reason_words(judgement):
        yield sentence(reason)
    if otherwise := other_name(judgement):
        yield f"asked for {code_cell(otherwise)}"
    if judgement.verdict is not Verdict.PASS and (position := position_of(judgement)):
        yield f"at {code_cell(str(position))}"


def _operations(operations: Sequence[OperationSummary]) -> Iterator[list[str]]:
    if not operations:
        return
    head = ["| operation | rate | p50 | p95 | p99 | errors |", "|---|--:|--:|--:|--:|--:|"]
    yield ["### Operations", "", *head, *map(_operation_row, operations[:_MOST_ROWS])]
    yield from _left_out(operations, "operations")


def _operation_row(run: OperationSummary) -> str:
    cells = [
        code_cell(run.operation.name),
        value_text(run.throughput_per_s, PER_SECOND),
        *(_percentile(run, percentile) for percentile in (50.0, 95.0, 99.0)),
        _errors(run),
    ]
    return f"| {' | '.join(cells)} |"


def _percentile(run: OperationSummary, percentile: float) -> str:
    if run.latency is None:
        return "–"
    weak = " (weak)" if is_weak(percentile / 100, run.latency.count) else ""
    return f"{value_text(run.latency.percentiles[percentile], SECONDS)}{weak}"


def _errors(run: OperationSummary) -> str:
    bad = run.refused + run.error + run.timeout
    if not bad or run.error_rate is None:
        return "0"
    return f"{bad} of {run.attempts - run.starved} ({value_text(run.error_rate, FRACTION)})"


def _notes(notes: Sequence[str]) -> Iterator[list[str]]:
    if notes:
        yield ["### Notes", "", *(f"- {sentence(note)}" for note in notes[:_MOST_NOTES])]
        yield from _left_out(notes, "notes", _MOST_NOTES)


def _left_out(items: Sequence[object], what: str, shown: int = _MOST_ROWS) -> Iterator[list[str]]:
    if len(items) > shown:
        yield [f"{len(items) - shown} more {what} are in the result's JSON."]


def _environment(result: RunResult) -> list[str]:
    rows = (f"| {sentence(name)} | {code_cell(value)} |" for name, value in environment_words(result))
    head = ["<details>", "<summary>Environment</summary>", "", "| | |", "|---|---|"]
    return [*head, *rows, "", "</details>"]
