"""How often the verdict on a share is wrong, over a thousand runs a row: single failures, and bursts of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from perfengine.judging.budgets import budgets_of
from perfengine.judging.promises import Share
from perfengine.judging.service_levels import judge_service_level
from perfengine.model.measurement import SecondCounts
from perfengine.model.outcome import Outcome
from perfengine.model.verdict import Reason, Verdict
from perfengine.stats.clusters import find_clusters
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

    def verdicts(self, times: float) -> Counts:
        """Return how many runs are PASS, FAIL, and too short to be either."""
        return _verdicts(self, times)


class Counts(NamedTuple):
    """How many of `STREAMS` runs came to what."""

    passed: int
    failed: int
    too_short: int


@cache  # several tests look at the same runs
def _verdicts(stream: Stream, times: float) -> Counts:
    total = [stream.rate] * stream.seconds
    passed = failed = too_short = 0
    for bad in stream.bad(times, np.random.default_rng(20261123)):
        clusters = find_clusters(bad.tolist(), total)
        share = Share(bad=int(bad.sum()), total=sum(total), clusters=clusters)
        passed += share.upper <= stream.budget
        failed += share.lower > stream.budget
        too_short += share.lower <= stream.budget < share.upper and clusters.is_too_short
    return Counts(passed, failed, too_short)


@cache
def at_most(share: float) -> int:
    """Return how many of the streams a share of at most so much gives but once in a thousand such tests."""
    odds = accumulate(comb(STREAMS, n) * share**n * (1 - share) ** (STREAMS - n) for n in range(STREAMS + 1))
    return next(n for n, up_to in enumerate(odds) if up_to >= 0.999)


def test_what_chance_adds() -> None:
    """Of a thousand runs 73 and 21, where 50 and 10 are the target."""
    assert (at_most(0.05), at_most(0.01)) == (73, 21)


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
    "stalls of 10 in 3 s, half a minute": Stream(0.05, 30, 100, burst=10, lasts_s=3),
}
#: What makes attempts bad lasts a tenth of the run and longer, up to a third of it: a handful of events.
LONG_ROWS = {
    "10 s of a minute": Stream(0.05, 60, 100, burst=50, lasts_s=10),
    "10 s of a minute, faint": Stream(0.01, 60, 200, burst=20, lasts_s=10),
    "20 s of a minute": Stream(0.05, 60, 100, burst=100, lasts_s=20),
    "20 s of two minutes": Stream(0.05, 120, 200, burst=120, lasts_s=20),
    "30 s of five minutes": Stream(0.01, 300, 500, burst=100, lasts_s=30),
}


@pytest.mark.parametrize("name", [*ROWS, *LONG_ROWS])
def test_truth_table(name: str) -> None:
    """At the budget 5 % of each wrong verdict at most; PASS at 1.5 times it, and FAIL at half of it, 1 %."""
    stream = (ROWS | LONG_ROWS)[name]
    at_budget = stream.verdicts(1)
    assert at_budget.passed <= at_most(0.05)
    assert at_budget.failed <= at_most(0.05)
    assert stream.verdicts(1.5).passed <= at_most(0.01)
    assert stream.verdicts(0.5).failed <= at_most(0.01)


@pytest.mark.parametrize("name", LONG_ROWS)
def test_a_run_that_is_too_short_says_so(name: str) -> None:
    """Nine of ten runs at the budget are open, and most of those because they are short against a stall."""
    at_budget = LONG_ROWS[name].verdicts(1)
    assert at_budget.passed + at_budget.failed <= STREAMS // 10
    assert at_budget.too_short >= STREAMS // 2


@pytest.mark.parametrize("seconds", [20, 30, 60, 300])
def test_single_failures_are_not_taken_for_clusters(seconds: int) -> None:
    """At half of the budget they prove it, at 1.5 times it they refute it, however short the run is."""
    stream = Stream(0.02, seconds, 500)
    half, more = stream.verdicts(0.5), stream.verdicts(1.5)
    assert half.passed >= 0.98 * STREAMS
    assert more.failed >= 0.98 * STREAMS
    assert half.too_short + more.too_short <= at_most(0.02)


def test_the_bounds_are_worth_something() -> None:
    """Half of the budget is proven, and 1.5 times it refuted, by most runs of enough events."""
    stream = ROWS["stalls of 40 in 5 s"]
    assert stream.verdicts(0.5).passed >= 0.85 * STREAMS
    assert stream.verdicts(1.5).failed >= 0.75 * STREAMS


def test_what_is_far_from_the_budget_is_judged_all_the_same() -> None:
    """Clusters that last long widen the bounds; a share that swings around 30 % is far above 5 %, and below 60 %."""
    random, swings = np.random.default_rng(3), []
    for _ in range(100):
        wave = [0.0]
        for step in random.normal(0, 0.06, 99):
            wave.append(0.8 * wave[-1] + step)
        swings.append(random.binomial(100, np.clip(0.3 + np.array(wave[40:]), 0, 1)))
    shares = [
        Share(bad=int(bad.sum()), total=6000, clusters=find_clusters(bad.tolist(), [100] * 60))
        for bad in swings
    ]
    assert sum(share.lower > 0.05 for share in shares) >= 95
    assert sum(share.upper <= 0.6 for share in shares) >= 95


def test_one_outage_says_little() -> None:
    """Twenty seconds of a minute refute 1 % and not 5 %: one run in twenty may be twenty times as bad as others."""
    bad = [0] * 20 + [100] * 20 + [0] * 20
    share = Share(bad=2000, total=6000, clusters=find_clusters(bad, [100] * 60))
    assert share.clusters.is_too_short
    assert 0.01 < share.lower < 0.05 < share.upper


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


@pytest.mark.parametrize(("slower", "word"), [(False, "bad"), (True, "slow or failed")])
def test_a_run_that_is_too_short_says_how_long_it_takes(*, slower: bool, word: str) -> None:
    """A stall of fifteen seconds in a minute: how long they last, what that takes, and what there was."""
    level = (
        make_service_level(response_time_p95_ns=2000) if slower else make_service_level(availability="0.95")
    )
    summary = _in_seconds([0] * 30 + [20] * 15 + [0] * 15, 100, slower=slower)
    (judged,) = judge_service_level(level, [summary], [summary.operation])
    assert (judged.verdict, judged.reason) == (Verdict.UNPROVEN, Reason.TOO_SHORT)
    assert judged.detail == (
        f"{word} ones come for about 11 s at a time, which takes a run of 289 s; it has 60 s"
    )
    (budget,) = budgets_of([level], [summary], [summary.operation])
    assert (budget.needed_s, round(budget.lasts_s)) == (289, 11)
