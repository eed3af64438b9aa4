"""Measured time is that of the rounds, put end to end; the pauses between them are none of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.measured_time import MeasuredTime
from tests.unit.metrics.streams import UP_NS

some = st.integers(0, 10**10)


@given(st.lists(st.tuples(some, st.lists(some, max_size=5)), max_size=5))
def test_rounds_are_put_end_to_end(rounds: list[tuple[int, list[int]]]) -> None:
    """Each from its begin to the last end of an attempt in it, whatever order they are seen in."""
    time, now_ns, expected_ns = MeasuredTime(), UP_NS, 0
    for pause_ns, ends_ns in rounds:
        now_ns += pause_ns
        time.begin_round(now_ns)
        assert time.at(now_ns) == time.elapsed_ns == expected_ns
        for end_ns in ends_ns:
            time.see(now_ns + end_ns)
            assert time.at(now_ns + end_ns) == now_ns + end_ns + time.offset_ns == expected_ns + end_ns
        time.end_round()
        now_ns += max(ends_ns, default=0)
        expected_ns += max(ends_ns, default=0)
        assert time.elapsed_ns == expected_ns


def test_a_round_may_be_measured_beyond_its_last_attempt() -> None:
    """A window that was waited out has been measured whole; one that attempts outlived, until they ended."""
    time = MeasuredTime()
    time.begin_round(UP_NS)
    time.see(UP_NS + 30)
    time.end_round(UP_NS + 100)
    assert time.elapsed_ns == 100
    time.begin_round(UP_NS + 500)
    time.see(UP_NS + 650)
    time.end_round(UP_NS + 600)
    assert time.elapsed_ns == 250


def test_a_round_may_begin_where_all_processes_are() -> None:
    """The slowest says how far measured time has come, and no process is behind it."""
    time = MeasuredTime()
    time.begin_round(UP_NS)
    time.see(UP_NS + 30)
    time.end_round()
    time.begin_round(UP_NS + 500, 45)
    assert (time.elapsed_ns, time.at(UP_NS + 501)) == (45, 46)


def test_time_begins_with_the_first_attempt_where_nobody_began_a_round() -> None:
    """And only once."""
    time = MeasuredTime()
    assert time.elapsed_ns == 0
    time.begin_with(UP_NS)
    time.begin_with(UP_NS + 10)
    time.see(UP_NS + 25)
    assert (time.elapsed_ns, time.at(UP_NS + 5)) == (25, 5)


def test_a_warm_up_is_forgotten() -> None:
    """What comes after it begins at nothing, with or without a round."""
    for begin in (MeasuredTime.begin_round, MeasuredTime.begin_with):
        time = MeasuredTime()
        time.begin_round(UP_NS)
        time.see(UP_NS + 30)
        time.end_round()
        time.restart()
        assert time.elapsed_ns == 0
        begin(time, UP_NS + 1_000)
        time.see(UP_NS + 1_007)
        assert time.elapsed_ns == 7
