"""When a run does others more harm than it may, and in which words."""

from __future__ import annotations

import pytest

from perfengine.judging.safety import harm_to_others
from perfengine.model.safety import NO_LIMITS, SafetyLimits
from perfengine.units import NS_PER_S

LIMITS = SafetyLimits(
    blocked_others_ns=2 * NS_PER_S,
    replication_lag_ns=30 * NS_PER_S,
    replication_lag_bytes=10**9,
    free_disk_share=0.05,
    free_disk_bytes=5 * 10**9,
)
BEFORE = {"replication_lag_s": 3600.0, "replication_lag_bytes": 7e9, "slot_lag_bytes": None}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, None),
        ({"blocked_others": None, "longest_blocked_s": None, "disk_free_bytes": None}, None),
        ({"blocked_others": 3.0, "longest_blocked_s": 2.0}, None),
        ({"blocked_others": 0.0, "longest_blocked_s": 0.0}, None),
        (
            {"blocked_others": 1.0, "longest_blocked_s": 2.31},
            "a session of others waits for locks of this run, the longest for 2.3 s: blocked_others is 2 s",
        ),
        (
            {"blocked_others": 3.0, "longest_blocked_s": 7.0},
            "3 sessions of others wait for locks of this run, the longest for 7.0 s: blocked_others is 2 s",
        ),
        ({"replication_lag_s": 3630.0, "replication_lag_bytes": 8e9, "slot_lag_bytes": 1e9}, None),
        ({"replication_lag_s": 3631.0}, "a standby fell 31.0 s behind: replication_lag is 30 s"),
        ({"replication_lag_bytes": 8.5e9}, "a standby fell 1.5 GB behind: replication_lag is 1 GB"),
        ({"slot_lag_bytes": 1.25e9}, "a replication slot fell 1.25 GB behind: replication_lag is 1 GB"),
        ({"disk_free_bytes": 5e9, "disk_bytes": 1e12}, None),
        (
            {"disk_free_bytes": 4.9e9, "disk_bytes": 1e12},
            "the server's disk has 4.9 GB free, 0.5% of it: free_disk is 5 GB",
        ),
        ({"disk_free_bytes": 6e8, "disk_bytes": 1e10}, None),
        (
            {"disk_free_bytes": 4e8, "disk_bytes": 1e10},
            "the server's disk has 400 MB free, 4.0% of it: free_disk is 500 MB",
        ),
        ({"disk_free_bytes": 0.0, "disk_bytes": 0.0}, None),
    ],
)
def test_harm(values: dict[str, float | None], why: str | None) -> None:
    """Beyond a limit, not at it; what lagged behind before the run counts from there."""
    assert harm_to_others(LIMITS, values, BEFORE) == why


def test_what_is_switched_off_harms_nobody() -> None:
    """Whatever is seen."""
    everything = {
        "blocked_others": 9.0,
        "longest_blocked_s": 99.0,
        "replication_lag_s": 1e6,
        "replication_lag_bytes": 1e15,
        "slot_lag_bytes": 1e15,
        "disk_free_bytes": 1.0,
        "disk_bytes": 1e12,
    }
    assert harm_to_others(NO_LIMITS, everything, {}) is None


@pytest.mark.parametrize(
    ("share", "size", "least"),
    [(0.05, 5e9, 5e9), (0.05, 500e9, 50e9), (0.1, None, 100e9), (None, 20e9, 20e9), (None, None, None)],
)
def test_of_a_share_and_a_size_the_lesser_counts(
    share: float | None, size: float | None, least: float | None
) -> None:
    """A twentieth of a large disk is much, and five gigabytes of a small one are."""
    limits = SafetyLimits(free_disk_share=share, free_disk_bytes=None if size is None else int(size))
    assert limits.least_free_bytes(1e12) == least
