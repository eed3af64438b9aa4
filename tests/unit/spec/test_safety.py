"""`safety:` of a workload."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.model.safety import NO_LIMITS, SafetyLimits
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.documents import mistakes_of, scenario_of
from tests.integration.engine.parcels import PARCEL

USUAL = SafetyLimits()


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("{blocked_others: 500ms}", replace(USUAL, blocked_others_ns=500 * NS_PER_MS)),
        ("{blocked_others: off}", replace(USUAL, blocked_others_ns=None)),
        ("{replication_lag: 5s}", replace(USUAL, replication_lag_ns=5 * NS_PER_S)),
        ("{replication_lag: 64MB}", replace(USUAL, replication_lag_bytes=64_000_000)),
        (
            "{replication_lag: off}",
            replace(USUAL, replication_lag_ns=None, replication_lag_bytes=None),
        ),
        ("{free_disk: 20%}", replace(USUAL, free_disk_share=0.2, free_disk_bytes=None)),
        ("{free_disk: 0.2}", replace(USUAL, free_disk_share=0.2, free_disk_bytes=None)),
        ("{free_disk: 20GiB}", replace(USUAL, free_disk_share=None, free_disk_bytes=20 * 2**30)),
        ("{blocked_others: off, replication_lag: off, free_disk: off}", NO_LIMITS),
    ],
)
def test_a_limit_is_read_and_the_others_stay(text: str, limits: SafetyLimits) -> None:
    """A lag is a time or a size; free disk a share or a size, and what was written alone."""
    assert scenario_of(PARCEL, f"workload:\n  safety: {text}\n").workload.safety == limits


def test_unless_said_there_are_limits() -> None:
    """Nobody has to ask for them."""
    assert scenario_of(PARCEL).workload.safety == USUAL
    assert not USUAL.asks_nothing
    assert NO_LIMITS.asks_nothing


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{blocked_others: 2}", "blocked_others: a duration needs a unit: 2ms or 2s?"),
        ("{replication_lag: far}", '"far" is neither a duration such as 30s nor a size such as 512MB'),
        ("{free_disk: some}", '"some" is neither a share such as "5%" nor a size such as 20GB'),
        ("{free_disk: 100%}", '"100%" of a disk cannot be asked to stay free'),
        ("{free_disk: [1]}", "free_disk: it must be a share"),
        ("{blocked: 2s}", 'unknown key "blocked" in safety'),
        ("{}", "safety"),
    ],
)
def test_what_is_no_limit_is_a_mistake(text: str, message: str) -> None:
    """At its place, with what it may be."""
    found = mistakes_of(PARCEL, f"workload:\n  safety: {text}\n")
    assert any(message in str(one) for one in found), found
