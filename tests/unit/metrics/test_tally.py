"""The sum of intervals: one process or eight, told in one piece or in many, it is the same measurement."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.recorder import Recorder
from perfengine.metrics.tally import Tally
from perfengine.model.measurement import (
    GeneratorState,
    Measurement,
    PackedCounts,
    ProcessCost,
    SecondCounts,
)
from perfengine.model.outcome import Outcome
from perfengine.stats.hdr import HIGHEST_NS, SIGNIFICANT_DIGITS, percentile
from perfengine.units import NS_PER_S
from tests.builders import count_latencies
from tests.examples import few_examples
from tests.unit.metrics.intervals import sum_up, take_interval
from tests.unit.metrics.streams import (
    CLOSED,
    Attempt,
    Desk,
    Load,
    Round,
    loads,
    ok_attempts,
    record,
    seconds_of,
    streams,
)

if TYPE_CHECKING:
    from random import Random

    from perfengine.model.measurement import Interval

OPERATIONS = ("a", "b", "c")
STAGE_ENDS_NS = (NS_PER_S, NS_PER_S, 5 * NS_PER_S)
LIMITS_NS = (NS_PER_S // 2, NS_PER_S)
shards = st.lists(streams, min_size=1, max_size=4)


def play_all(shards: list[list[Round]], load: Load) -> list[list[Interval]]:
    """Return the intervals of load processes that each carry a stream of three operations."""
    return [
        list(Desk(load, LIMITS_NS, STAGE_ENDS_NS, process=number, operations=OPERATIONS).play(stream))
        for number, stream in enumerate(shards)
    ]


def require_identities(part: Measurement, seconds: list[SecondCounts]) -> None:
    """Fail unless everything adds up: the outcomes, what was due, the seconds, the stages."""
    outcomes = Counter[Outcome]()
    for failure, n in part.failures.items():
        outcomes[failure.outcome] += n
    ok = part.response.moments.count
    bad = sum(outcomes[one] for one in (Outcome.REFUSED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.STARVED))
    assert part.attempts == ok + bad
    assert part.starved == outcomes[Outcome.STARVED]
    assert part.failed_response.moments.count == bad
    for histogram in (part.response, part.lateness, part.pool_wait, part.service):
        assert sum(histogram.counts.values()) == histogram.moments.count == ok
    due = part.attempts + part.dropped + part.unfinished
    assert [sum(getattr(one, name) for one in seconds) for name in ("due", "ok", "bad", "dropped")] == [
        due, ok, bad, part.dropped
    ]  # fmt: skip
    assert all(one.due >= one.ok + one.bad + one.dropped for one in seconds)
    assert sum(stage.ok for stage in part.stages) == ok
    assert sum(stage.bad for stage in part.stages) == bad
    assert sum(stage.dropped for stage in part.stages) == part.dropped
    assert sum(stage.response.moments.total for stage in part.stages) == part.response.moments.total
    assert all(stage.response.moments.count == stage.ok for stage in part.stages)


@few_examples
@given(shards, loads)
def test_identities_hold_everywhere(shards: list[list[Round]], load: Load) -> None:
    """For every operation in every interval of every shard, in the sum of each shard and in the whole."""
    told = play_all(shards, load)
    for intervals in told:
        for interval in intervals:
            for part, seconds in zip(interval.operations, interval.seconds, strict=True):
                require_identities(part, list(seconds.values()))
    for intervals in (*told, [interval for one in told for interval in one]):
        for part in sum_up(intervals, OPERATIONS):
            require_identities(part, list(part.seconds))


@few_examples
@given(streams, loads)
def test_intervals_come_to_what_one_piece_does(stream: list[Round], load: Load) -> None:
    """Wherever they are cut; batches end where intervals do, and hold the same together."""
    whole, cut = (
        sum_up(Desk(load, LIMITS_NS, STAGE_ENDS_NS, operations=OPERATIONS).play(stream, cut=cut), OPERATIONS)
        for cut in (False, True)
    )
    assert [sum(map(in_batch, part.batches)) for part in whole] == [
        part.response.moments.count for part in cut
    ]
    assert [sum(map(in_batch, part.batches)) for part in cut] == [part.response.moments.count for part in cut]
    assert [replace(part, batches=()) for part in whole] == [replace(part, batches=()) for part in cut]


def in_batch(batch: PackedCounts) -> int:
    """Return how many attempts a batch holds."""
    return sum(batch.counts)


@few_examples
@given(shards, loads, st.randoms(use_true_random=False))
def test_the_order_of_processes_does_not_matter(
    shards: list[list[Round]], load: Load, random: Random
) -> None:
    """Intervals of one come in their order, and between those of the others as they will."""
    told = play_all(shards, load)
    one_by_one = sum_up([interval for one in told for interval in one], OPERATIONS)
    left = [list(one) for one in told]
    mixed = []
    while waiting := [one for one in left if one]:
        mixed.append(random.choice(waiting).pop(0))
    assert sum_up(mixed, OPERATIONS) == one_by_one


@few_examples
@given(shards, loads)
def test_processes_add_up_side_by_side(shards: list[list[Round]], load: Load) -> None:
    """Second by second, whichever process an attempt was made in; the time is that of the longest."""
    told = [interval for one in play_all(shards, load) for interval in one]
    parts = sum_up(told, OPERATIONS)
    expected: Counter[tuple[int, str]] = Counter()
    for stream in shards:
        for number, second in enumerate(seconds_of(stream)):
            for name in ("due", "ok", "bad", "dropped"):
                expected[number, name] += getattr(second, name)
    found: Counter[tuple[int, str]] = Counter()
    for part in parts:
        for number, second in enumerate(part.seconds):
            for name in ("due", "ok", "bad", "dropped"):
                found[number, name] += getattr(second, name)
    assert +found == +expected
    responses = [a.response_ns(load) for stream in shards for a in ok_attempts(stream)]
    assert sum(part.response.moments.total for part in parts) == sum(responses)
    assert {part.measured_ns for part in parts} == {max(interval.elapsed_ns for interval in told)}


@few_examples  # the library looks at every counter for every percentile
@given(shards, loads)
def test_percentiles_are_those_of_hdrhistogram(shards: list[list[Round]], load: Load) -> None:
    """Of all values of all processes together, at the first rank, the last, and one between."""
    told = [interval for one in play_all(shards, load) for interval in one]
    histogram, n = HdrHistogram(1, HIGHEST_NS, SIGNIFICANT_DIGITS), 0
    for stream in shards:
        for attempt in ok_attempts(stream):
            if attempt.operation == 0:
                histogram.record_value(min(attempt.response_ns(load), HIGHEST_NS))
                n += 1
    counts = sum_up(told, OPERATIONS)[0].response.counts
    assert sum(counts.values()) == n
    for rank in {1, n // 2 + 1, n} if n else ():
        expected = histogram.get_value_at_percentile(100 * rank / n)
        assert percentile(counts, n, (rank - 0.5) / n) == expected


def test_side_by_side() -> None:
    """An example: two processes in the same two seconds."""
    quick = Attempt(gap_ns=NS_PER_S // 2, service_ns=5)
    told = [
        interval
        for process, count in enumerate((3, 5))
        for interval in Desk(CLOSED, process=process).play([Round(pause_ns=0, attempts=(quick,) * count)])
    ]
    (part,) = sum_up(told, ["a"])
    assert part.measured_ns == 5 * NS_PER_S // 2
    assert part.seconds == tuple(SecondCounts(due=n, ok=n, bad=0) for n in (2, 4, 2))


def test_costs_are_kept_by_process() -> None:
    """One saturated process spoils the whole, so they are never averaged; lag and pauses are of all."""
    tally, recorder = Tally(["a"]), Recorder("a")
    for process, cpu_ns, lag_ns in ((1, 60, 9), (0, 10, 1), (1, 30, 8)):
        generator = GeneratorState(
            processes=(ProcessCost(wall_ns=100, cpu_ns=cpu_ns, run_queue_ns=process),),
            loop_lag=count_latencies([lag_ns]),
            start_delay=count_latencies([lag_ns, lag_ns]),
            gc_pause=count_latencies([]),
        )
        tally.add(take_interval([recorder], process=process, generator=generator))
    (part,) = tally.freeze()
    assert part.generator == GeneratorState(
        processes=(
            ProcessCost(wall_ns=100, cpu_ns=10, run_queue_ns=0),
            ProcessCost(wall_ns=200, cpu_ns=90, run_queue_ns=2),
        ),
        loop_lag=count_latencies([1, 8, 9]),
        start_delay=count_latencies([1, 1, 8, 8, 9, 9]),
    )


@few_examples
@given(streams)
def test_totals(stream: list[Round]) -> None:
    """What the stop rules and the progress display see is what the result says."""
    tally = Tally(OPERATIONS)
    for interval in Desk(CLOSED, operations=OPERATIONS).play(stream):
        tally.add(interval)
    parts = tally.freeze()
    pairs = [(part.response.moments.count, sum(part.failures.values())) for part in parts]
    assert tally.by_operation == dict(zip(OPERATIONS, pairs, strict=True))
    assert tally.totals == (sum(ok for ok, _ in pairs), sum(bad for _, bad in pairs))


def test_an_empty_tally() -> None:
    """Before the first interval nothing was measured, and that is a measurement."""
    tally = Tally(["a", "b"])
    assert (tally.totals, tally.elapsed_ns) == ((0, 0), 0)
    assert tally.freeze() == (Measurement(operation="a"), Measurement(operation="b"))


def test_operations_that_do_not_match_are_refused() -> None:
    """An interval of another phase is our own mistake, and no figure."""
    with pytest.raises(ValueError, match="zip"):
        Tally(["a", "b"]).add(take_interval([Recorder("a")]))


def test_a_gap_in_the_seconds_is_a_second_of_nothing() -> None:
    """A stall is a row of zeros, not a shorter series."""
    late = Attempt(gap_ns=3 * NS_PER_S, service_ns=5)
    stream = [Round(pause_ns=0, attempts=(replace(late, gap_ns=5), late))]
    assert record(stream).seconds == (
        SecondCounts(due=1, ok=1),
        SecondCounts(),
        SecondCounts(),
        SecondCounts(due=1, ok=1),
    )
