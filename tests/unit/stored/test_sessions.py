"""Runs that followed each other closely are one session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from perfengine.stored.sessions import by_session
from tests.stored_documents import figures_text, result_text, stored_run

RUN = stored_run(result_text({"q": [1_000_000] * 10}))


def at(*minutes: float) -> list[str]:
    """Return the sessions of runs of a minute that began then, as numbers in the order of the runs."""
    runs = []
    for number, minute in enumerate(minutes):
        started = RUN.started and RUN.started + timedelta(minutes=minute)
        finished = started and started + timedelta(minutes=1)
        runs.append(replace(RUN, run_id=str(number), started=started, finished=finished))
    return [run.sample.session for run in by_session(runs)]


def test_half_an_hour_apart() -> None:
    """What counts is the pause between the end of one and the start of the next."""
    assert at(0, 5, 36, 66.9) == [
        "2026-11-23T09:30:00Z",
        "2026-11-23T09:30:00Z",
        *["2026-11-23T10:06:00Z"] * 2,
    ]
    assert len(set(at(0, 31))) == 2
    assert len(set(at(0, 30.9))) == 1


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_order_does_not_matter(minutes: list[int]) -> None:
    """The same runs make the same sessions, and a session goes without a pause."""
    assert at(*minutes) == at(*sorted(minutes)) == at(*sorted(minutes, reverse=True))
    pauses = sum(
        later - earlier >= 31 for earlier, later in zip(sorted(minutes), sorted(minutes)[1:], strict=False)
    )
    assert len(set(at(*minutes))) == pauses + 1


def test_runs_without_a_time_are_one_session() -> None:
    """Nobody knows that they were apart."""
    unknown = [stored_run(figures_text({"q": 0.1}), f"{name}.json") for name in "ab"]
    found = by_session([*unknown, RUN])
    assert [run.sample.session for run in found] == ["2026-11-23T09:30:00Z", "unknown", "unknown"]
