"""An attempt belongs to the stage in which it was due, whenever it was begun and ended."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.measured_time import MeasuredTime
from perfengine.metrics.recorder import Recorder
from perfengine.units import NS_PER_S
from tests.builders import count_latencies, make_failure
from tests.examples import few_examples
from tests.unit.metrics.intervals import sum_up, take_interval
from tests.unit.metrics.streams import UP_NS

if TYPE_CHECKING:
    from perfengine.model.measurement import StageMeasurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What was due then, and became that: "ok", "bad" or "dropped", `response_ns` later."""

    due_ns: int
    response_ns: int
    became: str


what_was_due = st.lists(
    st.builds(
        Due,
        due_ns=st.integers(0, 40),
        response_ns=st.integers(0, 60),
        became=st.sampled_from(["ok", "bad", "dropped"]),
    ),
    max_size=40,
)
#: Some of no duration: jumps of the level.
stages = st.lists(st.integers(0, 20), min_size=1, max_size=5)


def stage_of(due_ns: int, ends_ns: list[int]) -> int:
    """Return the stage in which an instant lies: the first that ends after it, else the last."""
    return next((n for n, end_ns in enumerate(ends_ns) if due_ns < end_ns), len(ends_ns) - 1)


def record(made: list[Due], ends_ns: list[int], *, before_ns: int = 0) -> tuple[StageMeasurement, ...]:
    """Return the stages of what was due since the begin of a round that begins at `before_ns` of measured time."""
    time = MeasuredTime()
    recorder = Recorder("a", time=time, stage_ends_ns=ends_ns)
    time.begin_round(UP_NS, before_ns)
    for one in made:
        due_ns = UP_NS + one.due_ns - before_ns
        if one.became == "dropped":
            recorder.drop(due_ns)
        elif one.became == "bad":
            recorder.fail(make_failure(), due_ns, due_ns + one.response_ns)
        else:
            recorder.keep_due(due_ns)
            recorder.keep_started(due_ns)
            recorder.keep_done(due_ns + one.response_ns)
    return sum_up([take_interval([recorder])], ["a"])[0].stages


@few_examples
@given(what_was_due, stages, st.integers(0, 20))
def test_everything_is_in_the_stage_in_which_it_was_due(
    made: list[Due], durations: list[int], before_ns: int
) -> None:
    """By measured time, whichever round it was; a jump has nothing, the last has what comes after it."""
    ends_ns = list(accumulate(durations))
    expected = [
        [one for one in made if stage_of(one.due_ns, ends_ns) == number] for number in range(len(ends_ns))
    ]
    found = record(made, ends_ns, before_ns=before_ns)
    for stage, here in zip(found, expected, strict=True):
        responses = [one.response_ns for one in here if one.became == "ok"]
        assert stage.response == count_latencies(responses)
        assert (stage.ok, stage.bad, stage.dropped) == tuple(
            sum(one.became == became for one in here) for became in ("ok", "bad", "dropped")
        )


@pytest.mark.parametrize(("due_ns", "stage"), [(9, 0), (10, 2), (19, 2), (20, 3), (29, 3), (30, 3)])
def test_a_stage_ends_before_the_next_begins(due_ns: int, stage: int) -> None:
    """To the nanosecond: what is due at its end is due in the next, and never in a jump."""
    found = record([Due(due_ns=due_ns, response_ns=5, became="ok")], [10, 10, 20, 30])
    assert [one.ok for one in found] == [int(number == stage) for number in range(4)]


def test_an_attempt_of_a_closed_load_is_due_when_it_starts() -> None:
    """One that outlives its stage is of the stage it began in."""
    time = MeasuredTime()
    recorder = Recorder("a", time=time, stage_ends_ns=[NS_PER_S, 2 * NS_PER_S])
    time.begin_round(UP_NS)
    recorder.keep_started(UP_NS + NS_PER_S - 1)
    recorder.keep_done(UP_NS + 3 * NS_PER_S)
    measurement, seconds = recorder.take()
    assert [stage.ok for stage in measurement.stages] == [1, 0]
    assert list(seconds) == [3]


def test_stages_begin_anew_with_each_interval() -> None:
    """What was told once is not told again."""
    time = MeasuredTime()
    recorder = Recorder("a", time=time, stage_ends_ns=[10, 20])
    time.begin_round(UP_NS)
    intervals = []
    for n in range(3):
        recorder.fail(make_failure(), UP_NS + 5 * n, UP_NS + 5 * n)
        recorder.drop(UP_NS + 12)
        intervals.append(take_interval([recorder]))
    assert [[(s.bad, s.dropped) for s in one.operations[0].stages] for one in intervals] == [
        [(1, 0), (0, 1)],
        [(1, 0), (0, 1)],
        [(0, 0), (1, 1)],
    ]
    assert [(s.bad, s.dropped) for s in sum_up(intervals, ["a"])[0].stages] == [(2, 0), (1, 3)]


def test_a_load_without_stages_has_none() -> None:
    """Then everything is in the whole alone."""
    assert (
        record(
            [Due(due_ns=5, response_ns=5, became="ok"), Due(due_ns=5, response_ns=5, became="dropped")], []
        )
        == ()
    )
