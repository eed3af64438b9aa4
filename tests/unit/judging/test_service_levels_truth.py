"""How often the verdict on a share is wrong, over a thousand runs a row: single failures, and bursts of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from perfengine.judging.promises import Share
from perfengine.judging.service_levels import judge_service_level
from perfengine.model.measurement import SecondCounts
from perfengine.model.outcome import Outcome
from perfengine.model.verdict import Reason, Verdict
from perfengine.stats.clusters import cluster_effect
from tests.builders import make_failure, make_service_level, make_summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perfengine.model.summary import OperationSummary

STREAMS = 1000


@dataclass(frozen=True)
class Stream:
    """Failures of a run, in bursts that come at random and last so long."""

    budget: float
    seconds: int
    rate: int  #: attempts a second
    burst: int = 1
    lasts_s: int = 1

    def bad(self, times: float, random: np.random.Generator) -> NDArray[np.int64]:
        """Return bad attempts by run and second, of a true share of `times` the budget."""
        share = self.budget * times
        if self.burst == 1:
            return random.binomial(self.rate, share, (STREAMS, self.seconds))
        begun = random.poisson(share * self.rate / self.burst, (STREAMS, self.seconds + self.lasts_s))
        running = sum(begun[:, ago : ago + self.seconds] for ago in range(self.lasts_s))
        return np.minimum(random.poisson(np.asarray(running) * self.burst / self.lasts_s), self.rate)

    def verdicts(self, times: float) -> tuple[float, float]:
        """Return the shares of runs that are PASS, and FAIL."""
        total = [self.rate] * self.seconds
        passed = failed = 0
        for bad in self.bad(times, np.random.default_rng(20261123)):
            share = Share(
                bad=int(bad.sum()), total=sum(total), design_effect=cluster_effect(bad.tolist(), total)
            )
            passed += share.upper <= self.budget
            failed += share.lower > self.budget
        return passed / STREAMS, failed / STREAMS


#: What chance alone adds to 5 % in a thousand runs, at 99.9 %.
AT_MOST_5 = 0.075
ROWS = {
    "single, three nines": Stream(0.001, 300, 400),
    "single, two nines": Stream(0.01, 120, 200),
    "single, a p95": Stream(0.05, 60, 100),
    "bursts of 5": Stream(0.001, 300, 400, burst=5),
    "bursts of 20": Stream(0.001, 600, 1000, burst=20),
    "stalls of 20 in 4 s": Stream(0.001, 600, 1000, burst=20, lasts_s=4),
    "stalls of 60 in 4 s": Stream(0.001, 600, 1000, burst=60, lasts_s=4),
    "bursts of 10, two nines": Stream(0.01, 120, 200, burst=10),
    "stalls of 40 in 5 s": Stream(0.01, 300, 500, burst=40, lasts_s=5),
    "stalls of a p95": Stream(0.05, 120, 200, burst=30, lasts_s=3),
}


@pytest.mark.parametrize("name", ROWS)
def test_truth_table(name: str) -> None:
    """At the budget 5 % of each wrong verdict; at 1.5 times it PASS, and at half of it FAIL, nearly never."""
    stream = ROWS[name]
    passed_at_budget, failed_at_budget = stream.verdicts(1)
    assert passed_at_budget <= AT_MOST_5
    assert failed_at_budget <= AT_MOST_5
    assert stream.verdicts(1.5)[0] <= 0.01
    assert stream.verdicts(0.5)[1] <= 0.01


def test_the_bounds_are_worth_something() -> None:
    """Half of the budget is proven, and 1.5 times it refuted, by most runs of enough events."""
    stream = ROWS["stalls of 40 in 5 s"]
    assert stream.verdicts(0.5)[0] >= 0.85
    assert stream.verdicts(1.5)[1] >= 0.75


def test_without_clusters_the_table_would_not_hold() -> None:
    """Bounds of independent attempts call one of three clustered runs at the budget proven."""
    stream = ROWS["bursts of 20"]
    total = stream.rate * stream.seconds
    bad = stream.bad(1, np.random.default_rng(1)).sum(axis=1)
    assert np.mean([Share(bad=int(one), total=total).upper <= stream.budget for one in bad]) > 0.2


def _in_seconds(bad: list[int], tried: int, *, slower: bool = False) -> OperationSummary:
    """Return a run with so many bad attempts in each second, out of `tried`."""
    total, whole = sum(bad), tried * len(bad)
    if slower:
        values = [1000] * (whole - total) + [3000] * total
        summary = make_summary(values, counted_limits_ns=[500, 2000])
        seconds = tuple(SecondCounts(due=tried, ok=tried, slower=(tried, one)) for one in bad)
    else:
        summary = make_summary([1000] * (whole - total), failures={make_failure(Outcome.ERROR): total})
        seconds = tuple(SecondCounts(due=tried, ok=tried - one, bad=one) for one in bad)
    return replace(summary, measurement=replace(summary.measurement, seconds=seconds))


@pytest.mark.parametrize("slower", [False, True])
def test_a_burst_is_one_event(*, slower: bool) -> None:
    """Forty bad attempts prove their share when they are spread, and next to nothing in one second."""
    level = (
        make_service_level(response_time_p95_ns=2000) if slower else make_service_level(availability="0.95")
    )
    spread = [1, 1] * 20
    burst = [0] * 39 + [40]
    (even,), (clustered,) = (
        judge_service_level(level, [summary], [summary.operation])
        for summary in (_in_seconds(bad, 50, slower=slower) for bad in (spread, burst))
    )
    assert even.verdict is Verdict.PASS
    assert (clustered.verdict, clustered.reason) == (Verdict.UNPROVEN, Reason.TOO_FEW_SAMPLES)
    assert clustered.upper
    assert even.upper
    assert clustered.upper > 2 * even.upper
    assert clustered.observed == even.observed
