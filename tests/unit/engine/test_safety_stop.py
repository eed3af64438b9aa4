"""What a run makes of samples in which others are harmed."""

from __future__ import annotations

from dataclasses import replace

from perfengine.database.address import address_of
from perfengine.engine.safety_stop import SafetyStop
from perfengine.model.safety import NO_LIMITS, SafetyLimits
from perfengine.serverview.reading import Source
from perfengine.serverview.watch import ServerSample

ADDRESS = address_of("postgresql://me@db.example.com/shop", "--dsn", {})
HIDDEN = "the role may not see how far standbys are behind (GRANT pg_monitor TO ...)"
ANSWERED = {"standbys": 1.0, "replication_lag_bytes": 0.0}


def sample(reasons: dict[Source, str] | None = None, **values: float | None) -> ServerSample:
    """Return a look at a server."""
    return ServerSample(at_s=1.0, values={**ANSWERED, **values}, reasons=reasons or {})


def test_the_first_reason_stays() -> None:
    """It is what the run stopped for; what comes of stopping is another matter."""
    safety = SafetyStop(SafetyLimits(), ADDRESS)
    safety.look(sample())
    assert safety.why is None
    assert not safety.tripped.is_set()
    safety.look(sample(slot_lag_bytes=2e9))
    safety.look(sample(blocked_others=1.0, longest_blocked_s=9.0))
    assert safety.why == "a replication slot fell 2 GB behind: replication_lag is 1 GB"
    assert safety.tripped.is_set()


def test_growth_counts_from_the_first_answer() -> None:
    """A standby that is meant to lag behind by an hour harms nobody; before the server answered there is no first."""
    safety = SafetyStop(SafetyLimits(), ADDRESS)
    safety.look(ServerSample(at_s=0.0, values={}, reasons={Source.SESSIONS: "no"}))
    safety.look(sample(replication_lag_bytes=50e9))
    safety.look(sample(replication_lag_bytes=50.9e9))
    assert safety.why is None
    safety.look(sample(replication_lag_bytes=51.1e9))
    assert safety.why == "a standby fell 1.1 GB behind: replication_lag is 1 GB"


def test_who_waited_before_a_gap_is_taken_to_wait_still() -> None:
    """A server that is too busy to be looked at is no reason to keep others waiting."""
    safety = SafetyStop(SafetyLimits(), ADDRESS)
    safety.look(sample(blocked_others=2.0, longest_blocked_s=9.0))
    safety.look(sample({Source.SESSIONS: "it does not answer"}, blocked_others=None))
    assert safety.blocked == 2
    safety.look(sample(blocked_others=0.0))
    assert safety.blocked == 0


def test_on_a_server_of_our_own_nothing_is_looked_at() -> None:
    """There are no others, and nothing to say of what was not seen."""
    safety = SafetyStop(SafetyLimits(), replace(ADDRESS, source="embedded"))
    safety.look(sample({Source.SPACE: "elsewhere"}, blocked_others=1.0, longest_blocked_s=99.0))
    assert safety.why is None
    assert safety.notes() == []


def test_what_cannot_be_seen_is_said_once() -> None:
    """By the last sample: a gap that was closed is none."""
    safety = SafetyStop(SafetyLimits(), ADDRESS)
    reasons = {Source.SPACE: "the server is not on this machine", Source.SESSIONS: "it does not answer"}
    for _ in range(2):
        safety.look(sample(reasons, replication_lag_bytes=None))
    assert safety.notes() == [
        "safety: free_disk was not looked at: the server is not on this machine",
        f"safety: replication_lag was not looked at: {HIDDEN}",
        "safety: blocked_others was not looked at: it does not answer",
    ]
    safety.look(sample())
    assert safety.notes() == []


def test_what_is_switched_off_is_not_missed() -> None:
    """`off` says that the user knows."""
    safety = SafetyStop(NO_LIMITS, ADDRESS)
    safety.look(sample({Source.SPACE: "the server is not on this machine"}, replication_lag_bytes=None))
    assert safety.notes() == []
