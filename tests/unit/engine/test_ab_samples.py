"""From slices to the sample of an arm: sums and one histogram, never a mean of percentiles."""

from __future__ import annotations

from collections import Counter

import pytest

from perfengine.engine.ab.samples import merge_slices, sample_of, whole_of
from perfengine.model.comparison import OperationSample
from perfengine.model.measurement import LatencyCounts, Measurement, Moments
from perfengine.model.outcome import Failure, Outcome


def sample(name: str, response: dict[int, int], *, mean_ns: float, measured_ns: int = 100) -> OperationSample:
    """Return a sample in which all was ok but one."""
    ok = sum(response.values())
    return OperationSample(
        name=name,
        response=response,
        mean_ns=mean_ns,
        ok=ok,
        bad=1,
        due=ok + 1,
        measured_ns=measured_ns,
    )


def test_slices_merge_into_one_histogram() -> None:
    """Counts and times add up by operation; the mean is that of all attempts."""
    slices = [
        (sample("a", {10: 3, 11: 1}, mean_ns=10), sample("b", {5: 1}, mean_ns=5)),
        (sample("a", {11: 12}, mean_ns=30), sample("b", {6: 1}, mean_ns=7)),
    ]
    merged, other = merge_slices(slices)
    assert merged.response == {10: 3, 11: 13}
    assert (merged.ok, merged.bad, merged.due, merged.measured_ns) == (16, 2, 18, 200)
    assert merged.mean_ns == pytest.approx((4 * 10 + 12 * 30) / 16)
    assert (other.name, other.response, other.mean_ns) == ("b", {5: 1, 6: 1}, 6)


def test_the_whole_of_a_mix_was_measured_once() -> None:
    """Operations that ran beside each other share the time: it is not added up."""
    whole = whole_of("mix", [sample("a", {10: 3}, mean_ns=10), sample("b", {10: 1, 20: 2}, mean_ns=40)])
    assert whole.response == Counter({10: 4, 20: 2})
    assert (whole.name, whole.ok, whole.bad, whole.measured_ns) == ("mix", 6, 2, 100)
    assert whole.mean_ns == pytest.approx((3 * 10 + 3 * 40) / 6)


def test_nothing_ok_has_no_mean() -> None:
    """A mean of nothing is none."""
    empty = OperationSample(name="a", response={}, mean_ns=None, ok=0, bad=3, due=3, measured_ns=1)
    assert whole_of("mix", [empty]).mean_ns is None


def test_a_slice_as_a_sample() -> None:
    """Starved attempts are not bad ones; what was dropped was due."""
    failure = Failure(outcome=Outcome.REFUSED, sqlstate="P0001", error_class="refused", message="no")
    measured = Measurement(
        operation="work",
        attempts=12,
        starved=2,
        dropped=3,
        unfinished=1,
        failures={failure: 1},
        response=LatencyCounts(counts={7: 9}, moments=Moments(count=9, total=63)),
    )
    found = sample_of(measured, 500)
    assert (found.ok, found.bad, found.due, found.mean_ns, found.measured_ns) == (9, 1, 16, 7, 500)
