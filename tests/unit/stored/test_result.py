"""Results come back as they were written; what is wrong with one is said with its place."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.errors import SpecError
from perfengine.metrics.hdr_codec import decode
from perfengine.model.series import About, Series
from perfengine.stats.hdr import HIGHEST_NS, percentile
from perfengine.stored.repeats import read_runs
from perfengine.stored.result import environment_line
from perfengine.units import NS_PER_S
from tests.builders import STARTED, count_latencies
from tests.examples import few_examples
from tests.stored_documents import FINGERPRINT, figures_text, latencies, result_text, stored_run

if TYPE_CHECKING:
    from perfengine.model.comparison import ResultSample


def sample_of(text: str) -> ResultSample:
    """Return what a result says of its operations."""
    return stored_run(text).sample


def wrong(text: str) -> str:
    """Return what is said of a result that cannot be read."""
    with pytest.raises(SpecError) as caught:
        read_runs(text, "a.json", decode)
    return str(caught.value)


def changed(**changes: Any) -> str:
    """Return a result with one operation, whose entry has other values."""
    document = json.loads(result_text({"q": latencies(2)}))
    document["results"]["q"].update(changes)
    return json.dumps(document)


@few_examples
@given(st.lists(st.integers(1, HIGHEST_NS), min_size=1, max_size=50))
def test_histograms_come_back(values: list[int]) -> None:
    """Counters, counts and mean are those that were written."""
    sample = sample_of(result_text({"q": values})).operations[0]
    assert sample.response == count_latencies(values).counts
    assert sample.ok == len(values)
    assert sample.mean_ns == pytest.approx(sum(values) / len(values))
    assert sample.bad == 0
    assert sample.measured_ns == 30 * NS_PER_S
    assert sum(second.ok for second in sample.seconds) == len(values)
    assert sample.fingerprint == FINGERPRINT


def test_run() -> None:
    """A run knows its name, its time and what it ran on."""
    run = stored_run(result_text({"q": latencies(2)}, run=3, after=timedelta(hours=1)))
    assert run.run_id == "run-3"
    assert run.started == STARTED + timedelta(hours=1)
    assert run.incomplete is None
    assert run.environment.startswith("PostgreSQL 18.0 (embedded); ")


def test_means_of_seconds_come_from_the_series() -> None:
    """The row of second 1 is that of the first second; a second without a mean has none."""
    document = json.loads(result_text({"q": latencies(2)}))
    series = Series(
        about=About.OPERATION,
        subject="q",
        phase="q",
        times_s=(1.0, 2.0, 4.0),
        columns={"mean_s": (0.002, 0.003, 0.004)},
    )
    document["series"] = [
        {
            "about": series.about,
            "subject": series.subject,
            "phase": series.phase,
            "times": series.times_s,
            "columns": series.columns,
        }
    ]
    seconds = sample_of(json.dumps(document)).operations[0].seconds
    assert [second.mean_ns for second in seconds[:5]] == [2e6, 3e6, None, 4e6, None]


def test_a_second_that_is_not_whole_is_left_out() -> None:
    """Of 2.5 s the first two count."""
    text = changed(measured=2.5)
    assert len(sample_of(text).operations[0].seconds) == 2


def test_batches_come_back() -> None:
    """Each with its attempts, and those of them that took no longer than a percentile of all."""
    values = latencies(2)
    sample = sample_of(result_text({"q": values})).operations[0]
    assert [batch.ok for batch in sample.batches] == [300] * 10
    for q in (0.5, 0.95, 0.99):
        limit = percentile(count_latencies(values).counts, len(values), q)
        up_to = [sum(value <= limit for value in values[n::10]) for n in range(10)]
        assert [batch.up_to[q] for batch in sample.batches] == up_to


def test_older_results_have_no_batches() -> None:
    """They are read; what they say of percentiles is less sure."""
    document = json.loads(result_text({"q": latencies(2)}))
    del document["results"]["q"]["batches"]
    assert sample_of(json.dumps(document)).operations[0].batches == ()


@pytest.mark.parametrize("entry", [{"mean": 0.02, "p95": 0.03}, {"metrics": {"mean": 0.02}, "iterations": 5}])
def test_older_results(entry: dict[str, Any]) -> None:
    """Figures alone are read, flat or under `metrics`; then nothing was counted."""
    sample = sample_of(json.dumps({"results": {"q": entry}})).operations[0]
    assert sample.mean_ns == pytest.approx(0.02 * NS_PER_S)
    assert sample.response == {}


def test_without_a_fingerprint_what_is_known_of_the_work_is_one() -> None:
    """Results that are older than fingerprints say their SQL and their load model."""
    text = changed(fingerprint=None)
    fields = sample_of(text).operations[0].fingerprint
    assert fields == {"operation.sql": 'SELECT "order_confirm"($1)', "load.model": "closed"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.json:1:1: is empty"),
        ("  \n", "is empty"),
        ("mean: 1", "a.json:1:1: is not JSON"),
        ("[]", "a.json:1:1: [] is no result and no baseline"),
        ('{"results": {"q": {"mean": 0.1', "a.json:1:31: ends in the middle"),
        ('{"results": {"q": {"me', "ends in the middle"),
        ('{"results": {"q": {"mean": 1},}} x', "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"results": {"q": {"mean": ' + "9" * 5000 + "}}}", "a.json:1:"),
        ('{"results": {"q": {"mean": 1}, "q": {"mean": 2}}}', 'a.json:1:32: "q" stands here a second time'),
        ('{"results": {"q": {"mean": NaN}}}', "a.json:1:28: results.q.mean: NaN is no mean"),
        ('{"results": {"q": {"mean": 1e999}}}', "results.q.mean: Infinity is no mean"),
        ('{"results": {"q": {"mean": 0}}}', "results.q.mean: 0 is no mean: a number above 0"),
        ('{"results": {"q": {"mean": -1.5}}}', "results.q.mean: -1.5 is no mean"),
        ('{"results": {"q": {"mean": true}}}', "results.q.mean: true is no mean"),
        ('{"results": {"q": {}}}', "results.q.mean: nothing is no mean"),
        ('{"results": {"q": 1}}', "results.q: 1 is no object"),
        ('{"results": []}', "results: [] is no object"),
        ('{"results": {}}', "holds no operation"),
        ('{"version": "1.0"}', 'is no result: there is no "results" in it'),
        ('{"baselines": {}}', "is a baseline, where a result is needed"),
        ('{"baselines": {}, "results": {"q": {"mean": 1}}}', "is a baseline, where a result is needed"),
        ('{"results": {"q": {"mean": 1, "p95": NaN}}}', "results.q.p95: is no latency of a run"),
        ('{"results": {"q": {"mean": 1, "metrics": {"p99": -1}}}}', "results.q.p99: is no latency of a run"),
        (changed(outcomes={"error": 10**400}), "is no count"),
        (changed(per_second={"ok": [10**400], "bad": [0]}), "per_second.ok: is no list of counts"),
        (changed(fingerprint={"load.users": 1e999}), "results.q.fingerprint.load.users: is no text"),
        (
            figures_text({"q": 1}, version="2.0"),
            "version: version 2.0 is newer than what this perfengine reads",
        ),
        (figures_text({"q": 1}, version="x"), 'version: "x" is no version'),
        (figures_text({"q": 1}, units={"mean": "ms"}), 'units.mean: "ms", and times are read in seconds'),
        (figures_text({"q": 1}, started="soon"), "started: is no instant"),
        (changed(histograms={"response": "AAAA"}), "results.q.histograms.response: is no histogram"),
        (changed(histograms={"response": 7}), "results.q.histograms.response: is no histogram"),
        (changed(samples=7), "results.q.samples: 7, and the histogram holds 3000 attempts"),
        (changed(outcomes={"error": -1}), "results.q.outcomes.error: -1 is no count"),
        (changed(measured=0), "results.q.measured: 0 is no measured time"),
        (changed(per_second={"ok": [1], "bad": []}), "results.q.per_second: 1 seconds of ok, and 0 of bad"),
        (changed(per_second={"ok": ["x"], "bad": [0]}), "results.q.per_second.ok: is no list of counts"),
        (
            changed(per_second={"ok": [1], "bad": [0], "mean": 5}),
            "results.q.per_second.mean: is no list of means",
        ),
        (
            changed(per_second={"ok": [1], "bad": [0], "mean": [1e999]}),
            "results.q.per_second.mean: is no list",
        ),
        (figures_text({"q": 1}, started="0001-01-01T00:00:00+14:00"), "started: is no instant"),
        (
            changed(batches={"ok": [1, 2], "median": [1], "p95": [1], "p99": [1]}),
            "results.q.batches: 2 batches of ok, and 1, 1, 1 of others",
        ),
        (
            changed(batches={"ok": [1], "median": [1], "p95": [2], "p99": [1]}),
            "results.q.batches: a batch of 1 attempts, 2 of them up to a percentile",
        ),
        (changed(batches={"ok": ["x"]}), "results.q.batches.ok: is no list of counts"),
        (changed(fingerprint={"load.users": []}), "results.q.fingerprint.load.users: is no text"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    """File, place, what was found."""
    assert said in wrong(text)


def test_all_mistakes_at_once() -> None:
    """Each with its own line."""
    text = '{"results": {\n "a": {"mean": 0},\n "b": {"mean": -1}\n}}'
    said = wrong(text)
    assert "a.json:2:16: results.a.mean" in said
    assert "a.json:3:16: results.b.mean" in said


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but our own exception comes of a text from outside."""
    wrong(text)


@given(st.data())
def test_a_damaged_result_is_read_or_refused(data: st.DataObject) -> None:
    """A result of which a piece is missing, or another stands twice, raises nothing else."""
    text = figures_text({"a": 0.1, "b": 0.2}, started="2026-11-23T09:30:00Z")
    first, second = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    for damaged in (text[:first] + text[second:], text[:second] + text[first:]):
        try:
            read_runs(damaged, "a.json", decode)
        except SpecError as error:
            assert str(error).startswith("a.json:")  # noqa: PT017 - reading it is as good


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ("production-like", "production-like"),
        (None, ""),
        (7, ""),
        ({}, "PostgreSQL ?; ?, ? processors; perfengine ?"),
    ],
)
def test_environment_line(environment: object, line: str) -> None:
    """Whatever stands there, a line comes of it."""
    assert environment_line(environment) == line
