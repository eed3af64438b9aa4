"""`safety:` of a workload to its limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.model.safety import SafetyLimits

if TYPE_CHECKING:
    from perfengine.spec.shape.safety_parts import Limit, SafetyPart


def build_safety(part: SafetyPart) -> SafetyLimits:
    """Return the limits: what is not written is as ever."""
    limits = SafetyLimits()
    if part.blocked_others is not None:
        limits = replace(limits, blocked_others_ns=part.blocked_others.duration_ns)
    if part.replication_lag is not None:
        limits = _with_lag(limits, part.replication_lag)
    if part.free_disk is not None:
        free = part.free_disk
        limits = replace(limits, free_disk_share=free.share, free_disk_bytes=free.size_bytes)
    return limits


def _with_lag(limits: SafetyLimits, lag: Limit) -> SafetyLimits:
    """A lag in time says nothing of a standby that answers no more, one in bytes nothing of a quiet server."""
    if lag.duration_ns is None and lag.size_bytes is None:
        return replace(limits, replication_lag_ns=None, replication_lag_bytes=None)
    if lag.duration_ns is not None:
        return replace(limits, replication_lag_ns=lag.duration_ns)
    return replace(limits, replication_lag_bytes=lag.size_bytes)
