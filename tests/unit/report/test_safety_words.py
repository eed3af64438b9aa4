"""What a plan says of its safety limits."""

from __future__ import annotations

from dataclasses import replace

from perfengine.model.safety import NO_LIMITS, SafetyLimits
from perfengine.report.safety_words import safety_lines
from perfengine.units import NS_PER_S

USUAL = SafetyLimits()


def test_only_what_is_not_as_ever_is_said() -> None:
    """A limit that was set, or switched off."""
    assert list(safety_lines(USUAL)) == []
    limits = replace(
        USUAL,
        blocked_others_ns=NS_PER_S // 2,
        replication_lag_bytes=64_000_000,
        free_disk_share=0.2,
        free_disk_bytes=None,
    )
    assert list(safety_lines(limits)) == [
        "stops when others wait for its locks for 500ms",
        "stops when a standby falls behind by 30s or 64 MB",
        "stops when the server's disk has less free than 20% of it",
    ]
    assert list(safety_lines(NO_LIMITS)) == [
        "does not look at blocked_others",
        "does not look at replication_lag",
        "does not look at free_disk",
    ]
