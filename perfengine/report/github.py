"""Limits that do not hold as GitHub's workflow commands: annotations on the line of the document that asked.

What changed against a baseline has no line: it is said all the same, or a job would be red without a word.

GitHub keeps ten annotations of a kind for each step and drops the rest silently: the tenth says how many more there
are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.result import Standing
from perfengine.model.verdict import Verdict
from perfengine.report.comparison_words import (
    change_text,
    interval_text,
    is_open,
    metric_word,
    operation_verdict,
)
from perfengine.report.limit_words import finding, owner, position_of
from perfengine.report.signs import plain
from perfengine.report.text import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from perfengine.model.comparison import OperationComparison
    from perfengine.model.result import RunResult
    from perfengine.model.verdict import Judgement

    Annotation = tuple[Mapping[str, str], str]

_MOST: Final = 10
_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = _DATA | str.maketrans({":": "%3A", ",": "%2C"})
_ENDED_BADLY: Final = frozenset({Standing.INTERRUPTED, Standing.TERMINATED, Standing.RUN_FAILED})


def annotation_lines(
    result: RunResult, file_of: Callable[[str], str | None], *, strict: bool = False
) -> list[str]:
    """Return the commands, a line each.

    Errors are violated limits, changes for the worse and a failed run, warnings unproven limits and comparisons that
    stay open; with `strict` these are errors too. `file_of` gives the name of a document in the repository, None for
    what is no file there.
    """
    failed, unproven = (
        [_annotation(judgement, file_of) for judgement in result.judgements if judgement.verdict is verdict]
        for verdict in (Verdict.FAIL, Verdict.UNPROVEN)
    )
    worse, unanswered = _compared(result, strict=strict)
    still_open = [*unproven, *unanswered]
    errors = [*_run(result), *failed, *worse, *(still_open if strict else [])]
    warnings = [] if strict else still_open
    return [*_commands("error", errors), *_commands("warning", warnings)]


def _run(result: RunResult) -> Iterator[Annotation]:
    if result.standing in _ENDED_BADLY:
        names = ", ".join(plain(run.operation.name) for run in result.unanswered)
        causes = [result.incomplete, f"no ok attempt: {names}" if names else None, asked(result)]
        yield {"title": f"perfengine: {result.standing}"}, plain("; ".join(filter(None, causes)))


def _compared(result: RunResult, *, strict: bool) -> tuple[list[Annotation], list[Annotation]]:
    """Return what is worse than the baseline or missing, and what nobody can tell of."""
    comparison = result.comparison
    if comparison is None:
        return [], []
    stays_open = comparison.is_open_for if strict else is_open
    others = [one for one in comparison.operations if not comparison.fails_for(one) and stays_open(one)]
    return [_change(one) for one in comparison.failing], [_change(one) for one in others]


def _change(operation: OperationComparison) -> Annotation:
    name = plain(operation.name)
    rows = [row for row in operation.metrics if row.is_gating and row.effect]
    changes = (f"{metric_word(row)} {change_text(row)} {interval_text(row)}".strip() for row in rows)
    return {"title": f"perfengine: {name} baseline"}, ", ".join(
        [f"{name}: {operation_verdict(operation)}", *changes]
    )


def _annotation(judgement: Judgement, file_of: Callable[[str], str | None]) -> Annotation:
    title = {"title": f"perfengine: {owner(judgement)} {judgement.metric}"}
    position = position_of(judgement)
    file = file_of(position.path) if position else None
    if position is None or file is None:
        return title, finding(judgement)
    place = {"file": file, "line": str(position.line), "col": str(position.column)}
    return place | title, finding(judgement)


def _commands(kind: str, found: list[Annotation]) -> Iterator[str]:
    shown = found if len(found) <= _MOST else found[: _MOST - 1]
    for properties, message in shown:
        yield _command(kind, properties, message)
    if rest := len(found) - len(shown):
        yield _command(kind, {"title": "perfengine"}, f"and {rest} more: see the summary of the job")


def _command(kind: str, properties: Mapping[str, str], message: str) -> str:
    written = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{kind} {written}::{message.translate(_DATA)}"
