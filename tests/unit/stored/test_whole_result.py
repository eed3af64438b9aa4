"""A result that was written and read back is the same run to every report."""

from __future__ import annotations

import json
from copy import deepcopy
from math import expm1
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.errors import SpecError
from perfengine.metrics.hdr_codec import decode, encode
from perfengine.report.benchmark_action import render_bigger_is_better, render_smaller_is_better
from perfengine.report.gitlab import render_openmetrics
from perfengine.report.hgrm import distributions
from perfengine.report.hlog import render_hlog
from perfengine.report.junit import render_junit
from perfengine.report.markdown import render_markdown
from perfengine.report.result_json import render_json, result_document
from perfengine.report.series_csv import render_series_csv
from perfengine.report.summary_csv import render_summary_csv
from perfengine.report.text import render_text
from perfengine.stored.whole.numbers import exact_ns, exact_shift
from perfengine.stored.whole.result import read_whole_document
from tests.stored_results import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult


def read_back(result: RunResult) -> RunResult:
    """Return the result as its JSON has it."""
    return read_whole_document(render_json(result, encode).decode(), "result.json", decode)[1]


def written(make: Callable[[], RunResult]) -> str:
    """Return the JSON of a result."""
    return render_json(make(), encode).decode()


def told(document: dict[str, object]) -> Any:
    """Return a document without what is measured anew only: histograms of load processes, batches."""
    plain: Any = json.loads(json.dumps(document, allow_nan=False))
    for entry in [*plain["results"].values(), *plain["failed_operations"].values()]:
        del entry["batches"]
        for name in ("loop_lag", "start_delay", "gc_pause"):
            del entry["generator"][name]
    return plain


@pytest.mark.parametrize("make", SAMPLES)
def test_a_document_comes_back_whole(make: Callable[[], RunResult]) -> None:
    """Written again, it says the same to the last digit."""
    result = make()
    assert told(result_document(read_back(result), encode)) == told(result_document(result, encode))


@pytest.mark.parametrize("make", SAMPLES)
def test_every_report_of_a_stored_run_is_that_of_the_run(make: Callable[[], RunResult]) -> None:
    """Byte for byte, when the run was written once: so is what `run` renders itself."""
    once = read_back(make())
    again = read_back(once)
    for render in (
        render_text,
        render_junit,
        render_markdown,
        render_openmetrics,
        render_smaller_is_better,
        render_bigger_is_better,
    ):
        assert render(again) == render(once)
    assert render_text(once) == render_text(make())
    assert render_markdown(once) == render_markdown(make())


@given(st.integers(0, 10**15))
def test_whole_nanoseconds_come_back(value: int) -> None:
    """Up to eleven days of them."""
    assert exact_ns(value / 1e9) == value


@given(st.floats(0, 1e13))
def test_any_latency_is_written_as_the_same_number(value: float) -> None:
    """A mean need not be whole."""
    assert exact_ns(value / 1e9) / 1e9 == value / 1e9


@given(st.floats(-20, 20))
def test_any_change_is_written_as_the_same_number(shift: float) -> None:
    """As a fraction of what was there before."""
    assert expm1(exact_shift(expm1(shift))) == expm1(shift)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "2.0"}, r"version 2\.0 is newer than what this perfengine reads, 1: update perfengine"),
        ({"started": "yesterday"}, r"started: is no instant"),
        ({"processes": "two"}, r'processes: "two" is no count'),
        ({"ended": "somehow"}, r'ended: "somehow" is not known here'),
        ({"environment": []}, r"environment: \[\] is no object"),
        ({"notes": [1]}, r"notes: is no list of texts"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, object], message: str) -> None:
    """At the first value that is not as it should be."""
    document = json.loads(render_json(SAMPLES[0](), encode)) | change
    with pytest.raises(SpecError, match=message):
        read_whole_document(json.dumps(document), "result.json", decode)


def test_what_a_later_perfengine_may_compare_is_said() -> None:
    """A subject that is not known ended the command with a traceback."""
    document = next(each for each in map(json.loads, map(written, SAMPLES)) if each["comparison"])
    document["comparison"]["subjects"] = ["weather"]
    with pytest.raises(SpecError, match=r'comparison\.subjects: "weather" is not known here'):
        read_whole_document(json.dumps(document), "result.json", decode)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("delay", {"median": 0.1}, r"delay\.median: is no percentile"),
        ("share", 10**400, r"share: 1000.* is no figure of a run"),
    ],
)
def test_what_is_wrong_with_the_generator(key: str, value: object, message: str) -> None:
    """As far as a report shows it."""
    document = json.loads(written(SAMPLES[0]))
    next(iter(document["results"].values()))["generator"][key] = value
    with pytest.raises(SpecError, match=message):
        read_whole_document(json.dumps(document), "result.json", decode)


def test_a_number_too_long_for_a_series() -> None:
    """JSON has whole numbers of any length; one of 400 digits ended the command with a traceback."""
    document = json.loads(written(SAMPLES[0]))
    series = {
        "about": "operation",
        "subject": "q",
        "phase": "q",
        "times": [1.0],
        "columns": {"ok": [10**400]},
    }
    document["series"] = [series]
    with pytest.raises(SpecError, match=r"columns\.ok: is no list of numbers"):
        read_whole_document(json.dumps(document), "result.json", decode)


@pytest.mark.parametrize("key", ["run_id", "environment", "stability", "ended"])
def test_a_missing_key_is_named(key: str) -> None:
    """A document that another program made has not all of them."""
    document = json.loads(render_json(SAMPLES[0](), encode))
    del document[key]
    with pytest.raises(SpecError, match=key):
        read_whole_document(json.dumps(document), "result.json", decode)


def test_a_file_that_was_cut_off_is_told_as_such() -> None:
    """With the place where it ends."""
    text = render_json(SAMPLES[0](), encode).decode()
    with pytest.raises(SpecError, match="ends in the middle: the file was cut off"):
        read_whole_document(text[: len(text) // 2], "result.json", decode)


def test_a_baseline_is_no_result() -> None:
    """It has no run to show."""
    with pytest.raises(
        SpecError, match='is a baseline, where a result is needed: there is no "results" in it'
    ):
        read_whole_document('{"version": "1.0", "baselines": {}}', "baseline.json", decode)


_DOCUMENTS = [json.loads(render_json(make(), encode)) for make in SAMPLES]
_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 2**70, 10**400, 1e308, -0.5, float("inf"), float("nan")]),
    st.sampled_from(["", "x", "0001-01-01T00:00:00+14:00", "=1", "mean", "\ud800"]),
    st.sampled_from([[], {}, [None], ["x"], [1, 2], {"x": 1}, {"mean": {}}]),
)


@settings(max_examples=80)
@given(st.data())
def test_whatever_stands_in_a_document_is_refused_or_shown(data: st.DataObject) -> None:
    """A file may come from anywhere: nothing in it makes a report fail on the way."""
    document = deepcopy(data.draw(st.sampled_from(_DOCUMENTS)))
    place: Any = document
    while True:
        keys = range(len(place)) if isinstance(place, list) else list(place)
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.integers(0, 9)):
            place = place[key]
        else:
            place[key] = data.draw(_ODD)
            break
    try:
        _, result = read_whole_document(json.dumps(document), "result.json", decode)
    except SpecError as error:
        assert all(mistake.message for mistake in error.mistakes)  # noqa: PT017 - one of two good ends
        return
    for render in (render_text, render_junit, render_markdown, render_openmetrics, render_smaller_is_better):
        assert render(result)
    for table in (render_summary_csv, render_series_csv):
        assert table(result)
    assert render_hlog(result, encode)
    distributions(result)
