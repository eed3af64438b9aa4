"""When attempts of an open load are due."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice, pairwise
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc

from perfengine.model.load import Arrival, OpenLoad, Stage, stages_duration_ns
from perfengine.pacing.arrivals import BATCH, arrivals, expected_arrivals
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.unit.pacing.loads import any_load, open_loads, spans_ns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 42
STREAM = "arrivals"
#: One in ten thousand: the streams are fixed, so a test that passes once passes always.
IMPROBABLE = 1e-4


def due(
    load: OpenLoad, *, first: int = 0, step: int = 1, duration_ns: int | None = None, stream: str = STREAM
) -> Iterator[int]:
    """Return the arrivals of the one seed of these tests."""
    return arrivals(load, seed=SEED, stream=stream, first=first, step=step, duration_ns=duration_ns)


class TestAnyArrivals:
    """What holds for constant and for Poisson arrivals, with and without stages."""

    @given(any_load, spans_ns, st.integers(1, 8))
    def test_the_shards_together_are_the_whole(self, load: OpenLoad, span_ns: int, shards: int) -> None:
        """Each shard has every `shards`-th arrival, to the nanosecond."""
        whole = list(due(load, duration_ns=span_ns))
        for shard in range(shards):
            assert list(due(load, first=shard, step=shards, duration_ns=span_ns)) == whole[shard::shards]

    @given(any_load, spans_ns, st.integers(0, 3 * BATCH), st.integers(1, 3))
    def test_it_may_be_taken_up_at_any_number(
        self, load: OpenLoad, span_ns: int, first: int, step: int
    ) -> None:
        """The arrivals from a number on are those that would have come without the interruption."""
        whole = list(due(load, duration_ns=span_ns))
        assert list(due(load, first=first, step=step, duration_ns=span_ns)) == whole[first::step]

    @given(any_load, spans_ns)
    def test_the_times_ascend_within_the_span(self, load: OpenLoad, span_ns: int) -> None:
        """No arrival is due before the one before it, before the origin, or at the end."""
        times_ns = list(due(load, duration_ns=span_ns))
        assert all(earlier <= later for earlier, later in pairwise(times_ns))
        end_ns = min(span_ns, stages_duration_ns(load.stages)) if load.stages else span_ns
        assert all(0 <= time_ns < end_ns for time_ns in times_ns)
        assert all(type(time_ns) is int for time_ns in times_ns)

    @given(open_loads(Arrival.CONSTANT) | open_loads(Arrival.POISSON))
    def test_nothing_is_due_while_the_rate_is_zero(self, load: OpenLoad) -> None:
        """A pause before, between and after stages has no arrivals, but for the rounding at its begin."""
        pause = (Stage(duration_ns=0, target=0.0), Stage(duration_ns=NS_PER_S, target=0.0))
        paused = replace(load, stages=(*pause, *load.stages, *pause))
        end_ns = NS_PER_S + stages_duration_ns(load.stages)
        assert all(NS_PER_S <= time_ns <= end_ns for time_ns in due(paused))

    def test_without_an_end_it_goes_on(self) -> None:
        """Ten thousand batches and no end."""
        assert len(list(islice(due(OpenLoad(rate_per_s=1e6)), 10_000))) == 10_000


class TestConstantArrivals:
    """The n-th is due when the integral of the rate reaches n."""

    @given(open_loads(Arrival.CONSTANT), spans_ns)
    def test_as_many_as_the_integral_of_the_rate(self, load: OpenLoad, span_ns: int) -> None:
        """Not one more or less, but where the integral is a whole number to within rounding."""
        count = len(list(due(load, duration_ns=span_ns)))
        expected = expected_arrivals(load, span_ns)
        assert abs(count - expected) <= 1
        if abs(expected - round(expected)) > 1e-6:
            assert count == ceil(expected)

    @pytest.mark.parametrize(
        ("rate_per_s", "span_ns", "count"),
        [
            (1000.0, 10 * NS_PER_S, 10_000),
            (1 / 3, 3 * NS_PER_S, 1),
            (20 / 60, 60 * NS_PER_S, 20),
            (0.1, 100 * NS_PER_S, 10),
            (7.0, NS_PER_S, 7),
        ],
    )
    def test_rate_times_duration(self, rate_per_s: float, span_ns: int, count: int) -> None:
        """A whole number of arrivals is that number, although a third is no float."""
        assert len(list(due(OpenLoad(rate_per_s=rate_per_s), duration_ns=span_ns))) == count

    def test_evenly_spaced_from_the_origin(self) -> None:
        """At 1000/s one a millisecond."""
        times_ns = list(due(OpenLoad(rate_per_s=1000.0), duration_ns=NS_PER_S))
        assert times_ns == [number * NS_PER_MS for number in range(1000)]

    @pytest.mark.parametrize("rate_per_s", [1000.0, 700.0, 1e6, 12_345.678])
    def test_a_billion_arrivals_later_nothing_has_drifted(self, rate_per_s: float) -> None:
        """Number 10^9 is due at 10^9 / rate, to the nearest nanosecond."""
        number = 10**9
        for offset, time_ns in enumerate(islice(due(OpenLoad(rate_per_s=rate_per_s), first=number), 1000)):
            exact_ns = Fraction(number + offset) * NS_PER_S / Fraction(rate_per_s)
            assert abs(time_ns - exact_ns) <= 0.75

    def test_a_billion_arrivals_into_the_stages_nothing_has_drifted(self) -> None:
        """A ramp that begins after 10^9 arrivals is as exact as one that begins at once."""
        ramp = (Stage(duration_ns=0, target=10.0), Stage(duration_ns=10 * NS_PER_S, target=100.0))
        before = (Stage(duration_ns=0, target=1e5), Stage(duration_ns=10_000 * NS_PER_S, target=1e5))
        load, late = (OpenLoad(rate_per_s=1.0, stages=stages) for stages in (ramp, before + ramp))
        shifted = [time_ns - 10_000 * NS_PER_S for time_ns in due(late, first=10**9)]
        assert shifted == list(due(load))

    @given(open_loads(Arrival.CONSTANT), spans_ns)
    def test_the_integral_until_an_arrival_is_its_number(self, load: OpenLoad, span_ns: int) -> None:
        """Round trip: the rate adds up to n at the n-th arrival, give or take what half a nanosecond adds."""
        for number, time_ns in enumerate(due(load, duration_ns=span_ns)):
            tolerance = 1e-6 + 1e-9 * max([load.rate_per_s, *(stage.target for stage in load.stages)])
            assert abs(expected_arrivals(load, time_ns) - number) <= tolerance

    def test_a_ramp_from_nothing(self) -> None:
        """From 0 to 100/s in 10 s the integral is 5 t²: the n-th arrival is due at sqrt(n / 5) s."""
        load = OpenLoad(rate_per_s=1.0, stages=(Stage(duration_ns=10 * NS_PER_S, target=100.0),))
        times_ns = list(due(load))
        assert len(times_ns) == 500
        assert times_ns == [round(sqrt(number / 5) * NS_PER_S) for number in range(500)]

    def test_a_ramp_down_to_nothing_is_its_mirror(self) -> None:
        """The last arrivals before the rate is zero are as exact as the first after it was."""
        ten_s = 10 * NS_PER_S
        down = (Stage(duration_ns=0, target=100.0), Stage(duration_ns=ten_s, target=0.0))
        times_ns = list(due(OpenLoad(rate_per_s=1.0, stages=down)))
        rising = list(due(OpenLoad(rate_per_s=1.0, stages=(Stage(duration_ns=ten_s, target=100.0),))))
        assert times_ns[1:] == [ten_s - time_ns for time_ns in reversed(rising[1:])]

    def test_stages_of_jumps_alone_have_no_time_and_no_arrivals(self) -> None:
        """There is no instant at which one could be due."""
        load = OpenLoad(rate_per_s=1.0, stages=(Stage(duration_ns=0, target=100.0),))
        assert list(due(load)) == []
        assert expected_arrivals(load, NS_PER_S) == 0


class TestPoissonArrivals:
    """Exponential gaps on the scale of the integrated rate."""

    LOAD = OpenLoad(rate_per_s=1000.0, arrival=Arrival.POISSON)

    def test_gaps_are_exponential(self) -> None:
        """Chi-square over 50 classes that are equally likely under the theory."""
        times_ns = np.array(list(islice(due(self.LOAD), 100_000)))
        gaps = np.diff(times_ns, prepend=0) / NS_PER_MS
        classes = np.minimum((-np.expm1(-gaps) * 50).astype(int), 49)
        assert _probability(np.bincount(classes, minlength=50).tolist(), [1 / 50] * 50) > IMPROBABLE

    def test_gaps_do_not_depend_on_each_other(self) -> None:
        """The correlation of neighbours is within four standard errors of zero, at lags of 1, 2 and a batch."""
        gaps = np.diff(np.array(list(islice(due(self.LOAD), 100_000))))
        for lag in (1, 2, BATCH):
            assert abs(np.corrcoef(gaps[:-lag], gaps[lag:])[0, 1]) < 4 / sqrt(len(gaps))

    def test_counts_have_the_variance_of_their_mean(self) -> None:
        """Arrivals in windows of 10 ms: mean 10, and the index of dispersion is 1 within four standard errors."""
        windows = 10_000
        times_ns = np.array(list(due(self.LOAD, duration_ns=windows * 10 * NS_PER_MS)))
        counts = np.bincount(times_ns // (10 * NS_PER_MS), minlength=windows)
        assert abs(counts.mean() - 10) < 4 * sqrt(10 / windows)
        assert abs(counts.var(ddof=1) / counts.mean() - 1) < 4 * sqrt(2 / windows)

    def test_stages_bend_the_rate(self) -> None:
        """Up, level, down and a jump: arrivals a second are as many as the integral says, by chi-square."""
        stages = (
            Stage(duration_ns=10 * NS_PER_S, target=500.0),
            Stage(duration_ns=10 * NS_PER_S, target=500.0),
            Stage(duration_ns=0, target=1500.0),
            Stage(duration_ns=10 * NS_PER_S, target=100.0),
        )
        load = replace(self.LOAD, stages=stages)
        seconds = np.bincount(np.array(list(due(load))) // NS_PER_S, minlength=30).tolist()
        sums = [expected_arrivals(load, second * NS_PER_S) for second in range(31)]
        shares = [(later - earlier) / sums[-1] for earlier, later in pairwise(sums)]
        assert abs(sum(seconds) - sums[-1]) < 4 * sqrt(sums[-1])
        assert _probability(seconds, shares) > IMPROBABLE

    def test_seed_and_stream_decide(self) -> None:
        """Other streams and other seeds have other arrivals, the same ones the same."""
        first = list(islice(due(self.LOAD), 100))
        assert list(islice(due(self.LOAD), 100)) == first
        assert list(islice(due(self.LOAD, stream="other"), 100)) != first
        assert list(islice(arrivals(self.LOAD, seed=7, stream=STREAM), 100)) != first

    def test_the_values_are_kept(self) -> None:
        """Published runs can be run again: these figures may only change on purpose."""
        assert list(islice(due(self.LOAD), 4)) == [1477599, 1981772, 2538111, 3222170]


def _probability(observed: Sequence[int], shares: Sequence[float]) -> float:
    """Return the chance of a fit at least as bad as this one, by Pearson's chi-square."""
    total = sum(observed)
    statistic = sum(
        (count - total * share) ** 2 / (total * share) for count, share in zip(observed, shares, strict=True)
    )
    return float(chdtrc(len(observed) - 1, statistic))
