"""A result as JUnit XML: a suite a run, a test case a limit, one for the run itself and one for each stability.

Its failures and errors are there exactly when the exit code of the run is not 0, but for repeats that are not stable:
they decide no exit code. A promise of a service level says what became of its budget. The shape is that of Jenkins'
schema junit-10, which GitLab reads too; positions stand in the text, because it has no attribute for them.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from perfengine.model.result import Standing
from perfengine.model.verdict import Verdict
from perfengine.report.budget_words import (
    budget_of,
    cluster_words,
    course_words,
    culprits,
    needed_words,
    share_of_bad_words,
    spent_words,
)
from perfengine.report.comparison_junit import comparison_cases
from perfengine.report.environment_words import environment_words
from perfengine.report.junit_document import junit_document
from perfengine.report.limit_words import (
    compared,
    finding,
    limit_name,
    other_name,
    owner,
    position_of,
    reason_words,
)
from perfengine.report.signs import UNICODE, plain
from perfengine.report.stability_junit import stability_cases
from perfengine.report.text import summary_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.result import RunResult
    from perfengine.model.verdict import Judgement

#: With these a run has a verdict of its own that is no limit's.
_ENDED_BADLY: Final = frozenset(
    {Standing.INTERRUPTED, Standing.TERMINATED, Standing.RUN_FAILED, Standing.UNPROVEN}
)


def render_junit(result: RunResult, *, strict: bool = False) -> bytes:
    """Return the XML document, ending in a newline; with `strict` an unproven limit is an error, else skipped."""
    suite = ET.Element("testsuite", name=_suite_name(result))
    properties = ET.SubElement(suite, "properties")
    for name, value in environment_words(result):
        ET.SubElement(properties, "property", name=plain(name), value=plain(value))
    suite.append(_run_case(result))
    suite.extend(_limit_cases(result, strict=strict))
    suite.extend(stability_cases(result))
    if result.comparison:
        suite.extend(comparison_cases(result.comparison, strict=strict))
    ET.SubElement(suite, "system-out").text = "\n".join(_words_of_run(result))
    begun = result.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return junit_document(suite, _lasted_s(result), timestamp=begun)


def _suite_name(result: RunResult) -> str:
    return ".".join(["perfengine", *([plain("+".join(result.entities))] if result.entities else [])])


def _lasted_s(result: RunResult) -> float:
    return (result.finished_at - result.started_at).total_seconds()


def _run_case(result: RunResult) -> ET.Element:
    """Return the case of the run: it takes all the time, and is an error where the run has no verdict."""
    time_s = f"{_lasted_s(result):.3f}"
    case = ET.Element("testcase", classname="perfengine.run", name="completed and judged", time=time_s)
    if result.standing in _ENDED_BADLY:
        lines = _words_of_run(result)
        error = ET.SubElement(case, "error", type=result.standing, message=lines[-1])
        error.text = "\n".join(lines)
    return case


def _words_of_run(result: RunResult) -> list[str]:
    incomplete = [f"Incomplete: {plain(result.incomplete)}"] if result.incomplete else []
    return [*incomplete, *summary_lines(result)]


def _limit_cases(result: RunResult, *, strict: bool) -> Iterator[ET.Element]:
    """Yield the cases of all limits; no two of them have the same class and name."""
    seen = Counter[tuple[str, str]]()
    for judgement in result.judgements:
        classname, name = _class_name(judgement, result), _case_name(judgement)
        seen[classname, name] += 1
        number = seen[classname, name]
        case = ET.Element(
            "testcase", classname=classname, name=f"{name} #{number}" if number > 1 else name, time="0.000"
        )
        _add_verdict(case, judgement, _budget_words(judgement, result), strict=strict)
        yield case


def _class_name(judgement: Judgement, result: RunResult) -> str:
    if judgement.requirement and judgement.requirement.subject is None:
        return "perfengine.run"
    entities = {run.operation.name: run.operation.entity for run in result.operations}
    entity = entities.get(judgement.operation or "", result.entities[0] if result.entities else "run")
    return f"perfengine.{plain(entity)}.{owner(judgement)}"


def _case_name(judgement: Judgement) -> str:
    otherwise = other_name(judgement)
    return f"{limit_name(judgement)} (for {otherwise})" if otherwise else limit_name(judgement)


def _budget_words(judgement: Judgement, result: RunResult) -> list[str]:
    """Return what a promise allowed in this run and what became of it, a line each; nothing of a requirement."""
    budget = budget_of(judgement, result.budgets)
    if budget is None:
        return []
    words = [*course_words(budget, UNICODE.beyond), cluster_words(budget)]
    if judgement.verdict is Verdict.UNPROVEN:
        words.append(needed_words(budget))
    if budget in culprits(result.budgets):
        words.append(f"culprit of {budget.promise}: {share_of_bad_words(budget)}")
    return [f"budget of this run: {spent_words(budget)}", *filter(None, words)]


def _add_verdict(case: ET.Element, judgement: Judgement, budget: Sequence[str], *, strict: bool) -> None:
    if judgement.verdict is Verdict.FAIL:
        failure = ET.SubElement(case, "failure", type=judgement.verdict, message=finding(judgement))
        failure.text = "\n".join([*_facts(judgement), *budget])
    elif judgement.verdict is Verdict.UNPROVEN:
        kind = "error" if strict else "skipped"
        open_case = ET.SubElement(case, kind, type=judgement.verdict, message=reason_words(judgement))
        open_case.text = "\n".join([*_facts(judgement), *budget])
    elif judgement.caution or budget:
        ET.SubElement(case, "system-out").text = "\n".join([finding(judgement), *budget])


def _facts(judgement: Judgement) -> Iterator[str]:
    observed, limit = compared(judgement)
    yield f"observed: {observed or 'nothing'}"
    yield f"limit: {limit} ({'at least' if judgement.floor else 'at most'})"
    yield f"samples: {judgement.samples}"
    if reason := reason_words(judgement):
        yield reason
    if position := position_of(judgement):
        yield f"asked at: {plain(str(position))}"
