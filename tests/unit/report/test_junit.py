"""JUnit XML: what CI services count, and that no name can break it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.judging.exit_code import exit_code
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Verdict
from perfengine.report.junit import render_junit
from tests.builders import make_requirement, make_result, make_summary
from tests.load_results import make_mix_run, make_open_run
from tests.results import (
    MS,
    make_guide_run,
    make_interrupted_run,
    make_judged,
    make_saturated_run,
    make_troubled_run,
    make_two_entities_run,
)
from tests.stability_results import make_promised_run, make_repeated_run
from tests.unit.report.hostile import HOSTILE, make_hostile_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult
    from tests.conftest import Golden

RUNS: Final = {
    "guide": make_guide_run,
    "troubled": make_troubled_run,
    "saturated": make_saturated_run,
    "interrupted": make_interrupted_run,
    "two_entities": make_two_entities_run,
    "open": make_open_run,
    "mix": make_mix_run,
    "nothing": make_result,
    "promised": make_promised_run,
}
#: Runs whose stability is judged, which decides no exit code.
REPEATED: Final = {"repeated": make_repeated_run}
every_run = pytest.mark.parametrize("make_run", RUNS.values(), ids=RUNS.keys())

#: What Jenkins' schema junit-10 allows: attributes and children by element.
ALLOWED: Final = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
        {"properties", "testcase", "system-out"},
    ),
    "properties": (set[str](), {"property"}),
    "property": ({"name", "value"}, set[str]()),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set[str]()),
    "error": ({"type", "message"}, set[str]()),
    "skipped": ({"type", "message"}, set[str]()),
    "system-out": (set[str](), set[str]()),
}


def suite_of(result: RunResult, *, strict: bool = False) -> ET.Element:
    """Return the suite, read back."""
    suite = ET.fromstring(render_junit(result, strict=strict)).find("testsuite")  # noqa: S314 - we wrote it
    assert suite is not None
    return suite


def cases(suite: ET.Element, kind: str) -> list[ET.Element]:
    """Return the cases that hold an element of this kind."""
    return [case for case in suite.iter("testcase") if case.find(kind) is not None]


@pytest.mark.parametrize("name", ["guide", "troubled", "interrupted", "promised", "repeated"])
def test_golden(name: str, golden: Golden) -> None:
    """Whole files, for the eye."""
    golden(f"report/{name}.xml", render_junit((RUNS | REPEATED)[name]()).decode())


@pytest.mark.parametrize("make_run", [*RUNS.values(), *REPEATED.values()], ids=[*RUNS, *REPEATED])
def test_shape_is_that_of_the_schema(make_run: Callable[[], RunResult]) -> None:
    """No attribute and no element that a strict reader would refuse; the required ones are all there."""
    root = ET.fromstring(render_junit(make_run()))  # noqa: S314
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children


@every_run
@pytest.mark.parametrize("strict", [False, True])
def test_counts_are_those_of_the_cases(make_run: Callable[[], RunResult], strict: bool) -> None:
    """A case a limit and one for the run; what the suite says it has, it has."""
    result = make_run()
    suite = suite_of(result, strict=strict)
    verdicts = [judgement.verdict for judgement in result.judgements]
    unproven = verdicts.count(Verdict.UNPROVEN)
    assert len(list(suite.iter("testcase"))) == int(suite.attrib["tests"]) == len(verdicts) + 1
    assert len(cases(suite, "failure")) == int(suite.attrib["failures"]) == verdicts.count(Verdict.FAIL)
    assert len(cases(suite, "skipped")) == int(suite.attrib["skipped"]) == (0 if strict else unproven)
    errors = [case for case in cases(suite, "error") if case.attrib["name"] != "completed and judged"]
    assert len(errors) == (unproven if strict else 0)
    assert int(suite.attrib["errors"]) == len(cases(suite, "error"))


@every_run
@pytest.mark.parametrize("strict", [False, True])
def test_red_exactly_when_the_exit_code_is(make_run: Callable[[], RunResult], strict: bool) -> None:
    """A service that reads the file only, and one that reads the exit code only, say the same."""
    result = make_run()
    suite = suite_of(result, strict=strict)
    red = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    assert bool(red) == bool(exit_code(result, strict=strict))


@every_run
def test_no_two_cases_are_called_alike(make_run: Callable[[], RunResult]) -> None:
    """Services tell cases apart by class and name."""
    result = make_run()
    twice = replace(result, judgements=(*result.judgements, *result.judgements))
    names = [(case.attrib["classname"], case.attrib["name"]) for case in suite_of(twice).iter("testcase")]
    assert len(set(names)) == len(names)


def test_a_violated_limit_says_what_one_wants_to_know() -> None:
    """Observed value, limit, samples, and where it was asked."""
    result = make_judged([make_summary([300 * MS] * 400)], [make_requirement(Metric.P95, 200 * MS)])
    (case,) = cases(suite_of(result), "failure")
    assert case.attrib["classname"] == "perfengine.order.single_order_confirm"
    assert case.attrib["name"] == "p95 <= 0.2000s"
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "single_order_confirm p95: 0.3000s > 0.2000s (max)"
    assert failure.text == (
        "observed: 0.3000s\nlimit: 0.2000s (at most)\nsamples: 400\nasked at: order.yaml:12:9"
    )


def test_an_unproven_limit_says_why() -> None:
    """As skipped; with --strict as an error with the same words."""
    result = make_judged([make_summary([MS] * 10)], [make_requirement(Metric.P99, 2 * MS)])
    for strict, kind in ((False, "skipped"), (True, "error")):
        case = next(c for c in cases(suite_of(result, strict=strict), kind) if c.attrib["name"][0] == "p")
        element = case.find(kind)
        assert element is not None
        assert element.attrib["message"] == "too few samples: needs 299 samples, has 10"


def test_a_promise_says_what_became_of_its_budget() -> None:
    """Whatever its verdict: what was allowed, spent and left, how fast, since when and by whom."""
    suite = suite_of(make_promised_run())
    found = {
        (one.attrib["classname"].rpartition(".")[2], one.attrib["name"]): one
        for one in suite.iter("testcase")
    }
    broken = found["order_create", "availability >= 99.9%"][0]
    assert broken.tag == "skipped"
    assert broken.text is not None
    assert broken.text.splitlines()[3:] == [
        "too few samples: needs 483471 attempts with 85 bad, has 12000",
        "asked at: order.yaml:12:9",
        "budget of this run: spent 85 of 12 (708%), overspent by 73",
        "burn rate 7.08",
        "worst minute 14.17 from second 2",
        "first breach in second 61",
        "bad ones came in clusters of about 2 s (design effect 111)",
        "at this share of bad ones no number of attempts proves it",
        "culprit of availability: 92.39% of all bad attempts",
    ]
    held = found["order_status_query", "availability >= 99%"][0]
    assert held.tag == "system-out"
    assert held.text is not None
    assert held.text.splitlines()[1] == "budget of this run: spent 6 of 120 (5%), 114 left (95%)"
    violated = found["single_order_confirm", "availability >= 100%"][0]
    assert violated.tag == "failure"
    assert violated.text is not None
    assert "budget of this run: spent 1 of 0, overspent by 1" in violated.text


@pytest.mark.parametrize("strict", [False, True])
def test_stability_is_a_case_of_each_operation_that_was_repeated(*, strict: bool) -> None:
    """It is skipped where repeats differ by too much or that is open: the exit code is 0, and nothing is red."""
    result = make_repeated_run()
    suite = suite_of(result, strict=strict)
    stability = [one for one in suite.iter("testcase") if one.attrib["name"].startswith("stability")]
    assert [(one.attrib["classname"], one[0].tag) for one in stability] == [
        ("perfengine.order.single_order_confirm", "system-out"),
        ("perfengine.order.order_status_query", "skipped"),
        ("perfengine.order.order_create", "skipped"),
    ]
    assert {one.attrib["name"] for one in stability} == {"stability: repeats vary by <= 10%"}
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("0", "2")
    assert [one[0].attrib["type"] for one in stability[1:]] == ["FAIL", "UNPROVEN"]
    assert "vary by 32.7%, at most 62.6%" in stability[1][0].attrib["message"]
    assert exit_code(result, strict=strict) == 0
    single = suite_of(replace(result, repeats=1))
    assert not any(one.attrib["name"].startswith("stability") for one in single.iter("testcase"))


def test_the_suite_names_server_seed_and_machine() -> None:
    """As properties."""
    found = {one.attrib["name"]: one.attrib["value"] for one in suite_of(make_guide_run()).iter("property")}
    assert found["seed"] == "42"
    assert found["server_version"] == "18.0"
    assert found["server.fsync"] == "on"
    assert found["cpus"] == "2"


def test_a_limit_on_the_run_is_no_operations() -> None:
    """Its class is the run; it has the time of the run only once."""
    suite = suite_of(make_mix_run())
    classes = [case.attrib["classname"] for case in suite.iter("testcase")]
    assert classes == ["perfengine.run"] * 6
    assert sum(float(case.attrib["time"]) for case in suite.iter("testcase")) == float(suite.attrib["time"])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    """They change neither the number of elements nor what is well-formed XML 1.0."""
    calm, suite = suite_of(make_hostile_run("calm")), suite_of(make_hostile_run(text))
    assert [element.tag for element in suite.iter()] == [element.tag for element in calm.iter()]


@given(st.text())
def test_any_text_is_well_formed(text: str) -> None:
    """Also control characters, surrogates and what is no character at all."""
    suite = suite_of(make_hostile_run(text))
    assert int(suite.attrib["failures"]) == 1
