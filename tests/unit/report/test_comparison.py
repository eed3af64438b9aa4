"""Comparisons as text, JSON, JUnit XML and markdown, beside each other and within the report of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, log
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from perfengine.errors import ExitCode
from perfengine.judging.comparison_exit_code import comparison_exit_code
from perfengine.judging.exit_code import exit_code
from perfengine.metrics.hdr_codec import encode
from perfengine.model.compared import ComparisonResult
from perfengine.model.comparison import (
    Answer,
    Direction,
    Effect,
    MetricComparison,
    OperationComparison,
    Presence,
)
from perfengine.model.fingerprint import FieldClass, FieldDifference
from perfengine.model.requirement import Metric
from perfengine.model.result import Ending, Standing
from perfengine.report.comparison_json import render_comparison_json
from perfengine.report.comparison_junit import render_comparison_junit
from perfengine.report.comparison_markdown import render_comparison_markdown
from perfengine.report.comparison_text import render_comparison
from perfengine.report.comparison_words import sentence as report_sentence
from perfengine.report.degradation_text import render_degradations
from perfengine.report.junit import render_junit
from perfengine.report.markdown import render_markdown
from perfengine.report.result_json import render_json
from perfengine.report.result_schema import result_schema
from perfengine.report.signs import WIDTH
from perfengine.report.text import render_text
from tests.builders import make_result
from tests.results import make_guide_run

if TYPE_CHECKING:
    from tests.conftest import Golden

MS = 1_000_000


def make_row(
    answer: Answer, ratio: float, *, metric: Metric = Metric.MEAN, **others: Any
) -> MetricComparison:
    """Return a row whose B is that many times A, give or take 2 %."""
    shift = log(ratio)
    change = (
        {"direction": Direction.WORSE if ratio > 1 else Direction.BETTER} if answer is Answer.CHANGE else {}
    )
    values = {
        "before": 20 * MS,
        "after": 20 * MS * ratio,
        "effect": Effect(shift=shift, lower=shift - 0.02, upper=shift + 0.02),
        "is_gating": True,
        "fails": answer is Answer.CHANGE and ratio > 1,
        "evidence": (3, 3),
        "smallest": 0.0312,
        **change,
        **others,
    }
    return MetricComparison(metric=metric, answer=answer, **values)


def make_comparison(*operations: OperationComparison, **others: Any) -> ComparisonResult:
    """Return a comparison of two files."""
    return ComparisonResult(before=("a.json",), after=("b.json",), operations=operations, **others)


SLOWER = OperationComparison(
    name="order_create",
    metrics=(
        make_row(Answer.CHANGE, 1.234, p_value=0.0001),
        make_row(Answer.INCONCLUSIVE, 1.03, metric=Metric.P99, is_gating=False, needed=4, reason="too wide"),
        make_row(
            Answer.SAME,
            1.0,
            metric=Metric.ERROR_RATE,
            is_gating=False,
            before=0.0,
            after=0.002,
            effect=Effect(shift=0.002, lower=-0.001, upper=0.005, is_ratio=False),
        ),
    ),
    differences=(
        FieldDifference(name="setting.work_mem", before="4MB", after="8MB", field_class=FieldClass.SOFT),
        FieldDifference(name="load.iterations", before=100, after=200, field_class=FieldClass.INFO),
    ),
)
FASTER = OperationComparison(name="order_query", metrics=(make_row(Answer.CHANGE, 0.8),))
SAME = OperationComparison(name="order_status_query", metrics=(make_row(Answer.SAME, 1.001),))
OPEN = OperationComparison(
    name="bulk_order_update",
    metrics=(
        make_row(Answer.INCONCLUSIVE, 1.05, needed=7, reason="the interval reaches beyond what matters"),
    ),
)
ANOTHER = OperationComparison(
    name="complex_order_search",
    differences=(FieldDifference(name="load.users", before=10, after=50, field_class=FieldClass.HARD),),
    metrics=(
        make_row(
            Answer.NOT_COMPARABLE,
            1.5,
            effect=None,
            evidence=(0, 0),
            smallest=None,
            reason="differs in load.users",
        ),
    ),
)
MISSING = OperationComparison(name="order_delete", presence=Presence.MISSING)
NEW = OperationComparison(name="order_update", presence=Presence.NEW)
PLAIN = OperationComparison(
    name="order_ship",
    metrics=(
        make_row(
            Answer.INCONCLUSIVE,
            1.12,
            effect=Effect(shift=log(1.12), lower=-inf, upper=inf),
            direction=Direction.WORSE,
            is_unconfirmed=True,
            fails=True,
            smallest=None,
            reason="the baseline does not say how much runs differ",
        ),
    ),
)
#: A p95 of a hundred attempts: it was taken for what the tolerance alone decides, and nothing known for a success.
UNBOUNDED = OperationComparison(
    name="order_pay",
    metrics=(
        make_row(
            Answer.INCONCLUSIVE,
            1.1,
            metric=Metric.P95,
            effect=Effect(shift=log(1.1), lower=-0.5, upper=inf),
            smallest=inf,
            p_value=1.0,
            reason="the interval reaches beyond what matters",
        ),
    ),
)
EVERYTHING = make_comparison(
    SLOWER, FASTER, SAME, OPEN, ANOTHER, MISSING, NEW, PLAIN, notes=("b.json is incomplete: interrupted",)
)


def test_golden(golden: Golden) -> None:
    """One of everything."""
    golden("report/comparison.txt", render_comparison(EVERYTHING))
    golden("report/comparison.md", render_comparison_markdown(EVERYTHING))
    golden("report/comparison.xml", render_comparison_junit(EVERYTHING).decode())
    golden("report/comparison.json", render_comparison_json(EVERYTHING).decode())


def test_golden_run(golden: Golden) -> None:
    """The report of a run has its comparison after the limits, and the last line says what came of it."""
    result = replace(make_guide_run(), comparison=make_comparison(SLOWER, SAME))
    golden("report/guide_compared.txt", render_text(result))


def test_width() -> None:
    """Eighty columns are enough."""
    assert max(map(len, render_comparison(EVERYTHING).splitlines())) <= WIDTH


def test_ascii() -> None:
    """Streams without signs get words."""
    assert render_comparison(EVERYTHING, unicode=False).isascii()
    assert render_degradations(EVERYTHING, unicode=False).isascii()


@pytest.mark.parametrize(
    ("operations", "sentence"),
    [
        ((SLOWER, SAME), "❌ 1 of 2 operations: changed for the worse: order_create."),
        (
            (FASTER, SAME),
            "✅ Nothing changed for the worse: 1 changed for the better: order_query (2 compared).",
        ),
        ((SAME,), "✅ Nothing changed for the worse (1 compared)."),
        ((SAME, OPEN), "✅ Nothing changed for the worse: 1 cannot be told (2 compared)."),
        (
            (SLOWER, PLAIN, MISSING),
            (
                "❌ 3 of 3 operations: changed for the worse: order_create; beyond the tolerance, unconfirmed: "
                "order_ship; not measured any more: order_delete."
            ),
        ),
        ((OPEN,), "❔ Cannot tell: none of 1 operation gave an answer; below stands why."),
    ],
)
def test_the_first_sentence(operations: tuple[OperationComparison, ...], sentence: str) -> None:
    """It says it all."""
    assert report_sentence(make_comparison(*operations)) == sentence


@pytest.mark.parametrize(
    ("operations", "code", "strict"),
    [
        ((SAME, NEW), 0, 0),
        ((FASTER,), 0, 0),
        ((SLOWER, OPEN), 1, 1),
        ((MISSING, SAME), 1, 1),
        ((SAME, OPEN), 0, 4),
        ((SAME, ANOTHER), 0, 4),
        ((OPEN,), 4, 4),
        ((ANOTHER,), 4, 4),
        ((PLAIN,), 1, 1),
        ((UNBOUNDED,), 4, 4),
    ],
)
def test_exit_codes(operations: tuple[OperationComparison, ...], code: int, strict: int) -> None:
    """1 for the worse or missing, 4 when nothing could be judged, with strict: or not everything."""
    comparison = make_comparison(*operations)
    assert comparison_exit_code(comparison) == code
    assert comparison_exit_code(comparison, strict=True) == strict


@pytest.mark.parametrize(
    ("operations", "standing", "code", "strict"),
    [
        ((SAME,), Standing.PASS, 0, 0),
        ((SLOWER,), Standing.FAIL, 1, 1),
        ((OPEN,), Standing.PASS, 0, 4),
    ],
)
def test_a_run_with_limits_that_hold(
    operations: tuple[OperationComparison, ...], standing: Standing, code: int, strict: int
) -> None:
    """A comparison can fail it; what it leaves open is no failure."""
    result = replace(make_guide_run(), comparison=make_comparison(*operations))
    assert result.standing is standing
    assert (exit_code(result), exit_code(result, strict=True)) == (code, strict)


@pytest.mark.parametrize(
    ("operations", "standing"),
    [((SAME,), Standing.PASS), ((MISSING,), Standing.FAIL), ((ANOTHER,), Standing.UNPROVEN)],
)
def test_a_run_without_limits(operations: tuple[OperationComparison, ...], standing: Standing) -> None:
    """The comparison is all that was asked."""
    result = replace(make_guide_run(), judgements=(), comparison=make_comparison(*operations))
    assert result.standing is standing


def test_an_open_bound_is_no_plain_rule() -> None:
    """The interval is shown, and the operation is open."""
    comparison = make_comparison(UNBOUNDED)
    assert report_sentence(comparison).startswith("❔ Cannot tell")
    assert "-39.3%..>+999% INCONCLUSIVE" in render_comparison(comparison)
    assert b"<skipped" in render_comparison_junit(comparison)


def test_columns_stand_below_each_other_whatever_is_in_them() -> None:
    """A latency below a tenth of a millisecond has ten signs, and moved all that followed."""
    quick = make_row(Answer.SAME, 1.0, before=26_000, after=26_100)
    lines = render_comparison(make_comparison(OperationComparison(name="q", metrics=(quick,)))).splitlines()
    head = next(place for place, line in enumerate(lines) if line.startswith("metric"))
    assert lines[head].index("verdict") == lines[head + 1].index("SAME")


def test_a_signal_comes_first() -> None:
    """An interrupted run is that, whatever the comparison says."""
    result = make_result(ended=Ending.INTERRUPTED)
    assert exit_code(replace(result, comparison=make_comparison(SLOWER))) is ExitCode.SIGINT


def test_the_result_s_schema() -> None:
    """A result with everything in its comparison is valid."""
    result = replace(make_guide_run(), comparison=EVERYTHING)
    Draft202012Validator(result_schema()).validate(json.loads(render_json(result, encode)))


def test_junit_of_a_run() -> None:
    """Beside the cases of the limits stands one for each operation."""
    result = replace(make_guide_run(), comparison=EVERYTHING)
    cases = ET.fromstring(render_junit(result)).findall(".//testcase[@classname='perfengine.baseline']")  # noqa: S314
    kinds = {case.get("name"): next((child.tag for child in case), "") for case in cases}
    assert kinds == {
        "order_create": "failure",
        "order_query": "",
        "order_status_query": "",
        "bulk_order_update": "skipped",
        "complex_order_search": "skipped",
        "order_delete": "failure",
        "order_update": "",
        "order_ship": "failure",
    }
    strict = render_junit(result, strict=True).decode()
    assert strict.count("<error ") == 2


def test_junit_is_red_where_strict_makes_the_exit_code_so() -> None:
    """A run within the tolerance of a baseline of figures alone ended with 4, and its JUnit file was green."""
    within = replace(PLAIN, metrics=(replace(PLAIN.metrics[0], fails=False, is_unconfirmed=False),))
    result = replace(make_guide_run(), comparison=make_comparison(within))
    assert (exit_code(result), exit_code(result, strict=True)) == (0, 4)
    assert [render_junit(result, strict=strict).count(b"<error ") for strict in (False, True)] == [0, 1]


def test_markdown_of_a_run() -> None:
    """The comparison has a section of its own."""
    text = render_markdown(replace(make_guide_run(), comparison=make_comparison(SLOWER)))
    assert "### Baseline comparison" in text
    assert "| ❌ | `order_create` | mean |" in text


@pytest.mark.parametrize(
    ("operations", "lines"),
    [
        ((SAME, OPEN), ["✅ No performance regressions detected"]),
        (
            (SLOWER, PLAIN),
            [
                "🚨 Performance regressions detected:",
                "  order_create: 23.4% degradation",
                "  order_ship: 12.0% degradation",
            ],
        ),
        ((MISSING,), ["🚨 Performance regressions detected:", "  order_delete: not measured any more"]),
        ((ANOTHER,), ["❔ No performance regression could be looked for: nothing is comparable"]),
    ],
)
def test_lines_for_scripts(operations: tuple[OperationComparison, ...], lines: list[str]) -> None:
    """Those that the regression script of the guide prints."""
    assert render_degradations(make_comparison(*operations)).splitlines() == lines


def test_names_from_outside_are_harmless() -> None:
    """No control character of a file reaches the terminal, no tag the markdown."""
    comparison = make_comparison(replace(SLOWER, name="a\x1b[2J<b>|"))
    assert "\x1b" not in render_comparison(comparison) + render_degradations(comparison)
    assert "\x1b" not in render_comparison_junit(comparison).decode()
    assert "<b>|" not in render_comparison_markdown(comparison).replace("`a?[2J<b>\\|`", "")
