"""Whether a run does others more harm than it may, by what was sampled of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.units import NS_PER_S, size_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.safety import SafetyLimits

    Values = Mapping[str, float | None]

#: Columns in bytes by which something that follows the server can be behind, and what to call it.
_FOLLOWERS: Final = {"replication_lag_bytes": "a standby", "slot_lag_bytes": "a replication slot"}


def harm_to_others(limits: SafetyLimits, values: Values, before: Values) -> str | None:
    """Return which limit is violated by a sample, as a clause with both figures; None while none is.

    `before` is the first figure of each column in this run: what lagged behind already is not the run's doing.
    """
    return _blocked(limits, values) or _lag(limits, values, before) or _disk(limits, values)


def _blocked(limits: SafetyLimits, values: Values) -> str | None:
    waited_s = values.get("longest_blocked_s")
    if limits.blocked_others_ns is None or waited_s is None:
        return None
    limit_s = limits.blocked_others_ns / NS_PER_S
    count = round(values.get("blocked_others") or 0)
    if not count or waited_s <= limit_s:
        return None
    sessions = "a session of others waits" if count == 1 else f"{count} sessions of others wait"
    return (
        f"{sessions} for locks of this run, the longest for {waited_s:.1f} s: blocked_others is {limit_s:g} s"
    )


def _lag(limits: SafetyLimits, values: Values, before: Values) -> str | None:
    grown_s = _growth("replication_lag_s", values, before)
    if limits.replication_lag_ns is not None and grown_s > (limit_s := limits.replication_lag_ns / NS_PER_S):
        return f"a standby fell {grown_s:.1f} s behind: replication_lag is {limit_s:g} s"
    for column, name in _FOLLOWERS.items():
        grown = _growth(column, values, before)
        if limits.replication_lag_bytes is not None and grown > limits.replication_lag_bytes:
            limit = size_text(limits.replication_lag_bytes)
            return f"{name} fell {size_text(grown)} behind: replication_lag is {limit}"
    return None


def _growth(column: str, values: Values, before: Values) -> float:
    now = values.get(column)
    return 0.0 if now is None else now - (before.get(column) or 0.0)


def _disk(limits: SafetyLimits, values: Values) -> str | None:
    free, whole = values.get("disk_free_bytes"), values.get("disk_bytes")
    if free is None or not whole:
        return None
    least = limits.least_free_bytes(whole)
    if least is None or free >= least:
        return None
    return f"the server's disk has {size_text(free)} free, {free / whole:.1%} of it: free_disk is {size_text(least)}"
