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
}
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


@pytest.mark.parametrize("name", ["guide", "troubled", "interrupted"])
def test_golden(name: str, golden: Golden) -> None:
    """Whole files, for the eye."""
    golden(f"report/{name}.xml", render_junit(RUNS[name]()).decode())


@every_run
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
