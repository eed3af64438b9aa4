"""Texts that somebody may have put into a document to make a reader of the report see or do something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.comparison.stability import judge_stability
from perfengine.model.budget import Budget
from perfengine.model.mistake import Position
from perfengine.model.repeats import OperationRepeats
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Verdict
from tests.builders import make_operation, make_requirement, make_summary
from tests.results import MS, make_judged

if TYPE_CHECKING:
    from perfengine.model.result import RunResult

HOSTILE: Final = (
    "a|b",
    "a\\|b",
    "`code` ``two``",
    "`",
    "<img src=x onerror=alert(1)>",
    "</details><script>alert(1)</script>",
    "@octocat please",
    "[click](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "https://evil.example www.evil.example ftp://evil.example me@evil.example",
    "fixes #12 GH-12 owner/repo#12",
    ":tada: **bold** _it_ ~~gone~~ $x$",
    "# heading",
    "line\nRESULT: PASS\r\n::error::no",
    "]]>&amp;\"'",
    "\x00\x07\x1b[31m\x0b\ufffe\uffff\ud800 \u202e",
    "100%,x:y",
)


def make_hostile_run(text: str) -> RunResult:
    """Return a run in which everything that a user may name is called `text`; its limit is violated.

    It has a budget and was repeated.
    """
    position = Position(path=text, line=3, column=7)
    requirement = replace(make_requirement(Metric.MEAN, MS, subject="op"), position=position)
    summary = make_summary([2 * MS] * 10, operation=make_operation("op", entity=text))
    result = make_judged([summary], [requirement], entities=(text,), notes=(text,), incomplete=text)
    judged = replace(
        result.judgements[0],
        operation=text,
        subject=f"x{text}",
        verdict=Verdict.FAIL,
        reason=None,
        observed=2 * MS,
        detail=text,
    )
    named = replace(summary, operation=make_operation(text, entity=text))
    environment = replace(result.environment, target=text, server_settings={text: text})
    budget = Budget(
        operation=text,
        promise="availability",
        tier=text,
        limit=0.99,
        share=0.01,
        total=1000,
        bad=1,
        design_effect=1.0,
        share_of_bad=0.5,
    )
    means_ns = (10.0 * MS, 10.1 * MS)
    repeats = OperationRepeats(operation=text, means_ns=means_ns, between=judge_stability(means_ns))
    return replace(
        result,
        operations=(named,),
        judgements=(judged,),
        environment=environment,
        data_set=text,
        budgets=(budget, replace(budget, operation="other", bad=0, share_of_bad=0.0)),
        repeats=2,
        stability=(repeats,),
    )
