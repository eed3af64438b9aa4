"""Counters become rates; a counter that goes backwards is no negative rate."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from perfengine.serverview.changes import Changes
from perfengine.serverview.reading import ASKED_OF_SERVER, Reading, Source
from perfengine.units import NS_PER_S


def reading(at_s: float, **values: float | None) -> Reading:
    """Return a reading at that second."""
    return Reading(at_ns=round(at_s * NS_PER_S), values=values)


def test_a_gauge_is_shown_as_it_is() -> None:
    """From the first reading on."""
    changes = Changes(ASKED_OF_SERVER)
    assert changes.since_last(reading(0, connection_count=3.0))["connection_count"] == 3.0


def test_a_rate_takes_two_readings() -> None:
    """It is growth over seconds; a growth is growth alone."""
    changes = Changes(ASKED_OF_SERVER)
    first = changes.since_last(reading(1, xact_commit=100.0, deadlocks=1.0))
    assert (first["commits_per_s"], first["deadlocks"]) == (None, None)
    second = changes.since_last(reading(3, xact_commit=150.0, deadlocks=4.0))
    assert (second["commits_per_s"], second["deadlocks"]) == (25.0, 3.0)


def test_a_counter_that_was_reset_gives_no_figure() -> None:
    """The next reading counts from the new beginning."""
    changes = Changes(ASKED_OF_SERVER)
    changes.since_last(reading(0, xact_commit=100.0))
    assert changes.since_last(reading(1, xact_commit=10.0))["commits_per_s"] is None
    assert changes.since_last(reading(2, xact_commit=17.0))["commits_per_s"] == 7.0


def test_a_source_with_a_reason_has_no_figure() -> None:
    """Even where the server gave one: with counting switched off its zeros are untrue."""
    changes = Changes(ASKED_OF_SERVER)
    values = {"connection_count": 3.0, "active_sessions": 0.0}
    off = Reading(at_ns=0, values=values, reasons={Source.SESSIONS: "track_activities is off"})
    assert changes.since_last(off)["active_sessions"] is None


@given(st.lists(st.tuples(st.floats(0.1, 5), st.integers(0, 10**9), st.booleans()), min_size=1))
def test_rates_add_up_to_the_growth(steps: list[tuple[float, int, bool]]) -> None:
    """Over whatever gaps: rate times the seconds since the last figure is what the counter grew by."""
    changes = Changes(ASKED_OF_SERVER)
    changes.since_last(reading(0, xact_commit=0.0))
    at_s, counter, seen_s, seen, total = 0.0, 0.0, 0.0, 0.0, 0.0
    for duration_s, growth, answered in steps:
        at_s, counter = at_s + duration_s, counter + growth
        rate = changes.since_last(reading(at_s, **({"xact_commit": counter} if answered else {})))
        value = rate["commits_per_s"]
        assert (value is not None) is answered
        if value is not None:
            assert value >= 0
            total += value * (at_s - seen_s)
            seen_s, seen = at_s, counter
    assert math.isclose(total, seen, rel_tol=1e-6, abs_tol=1e-3)
