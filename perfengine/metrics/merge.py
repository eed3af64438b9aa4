"""Measurements merge by addition: counts, moments, failures, seconds. Percentiles are never merged."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from perfengine.model.measurement import GeneratorState, LatencyCounts, Measurement, Moments, SecondCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = TypeVar("Key")


def merge_latency(left: LatencyCounts, right: LatencyCounts) -> LatencyCounts:
    """Return the histogram of both streams together: equal to recording one after the other."""
    return LatencyCounts(
        counts=_add(left.counts, right.counts),
        above_range=left.above_range + right.above_range,
        moments=_merge_moments(left.moments, right.moments),
    )


def merge_measurements(left: Measurement, right: Measurement) -> Measurement:
    """Return what two shards of one operation did in the same measured time.

    Counts add; the measured time is that of the longer shard, for they ran side by side.
    """
    return replace(
        left,
        attempts=left.attempts + right.attempts,
        starved=left.starved + right.starved,
        unfinished=left.unfinished + right.unfinished,
        dropped=left.dropped + right.dropped,
        failures=_add(left.failures, right.failures),
        response=merge_latency(left.response, right.response),
        failed_response=merge_latency(left.failed_response, right.failed_response),
        slower_than=_add(left.slower_than, right.slower_than),
        seconds=_merge_seconds(left.seconds, right.seconds),
        measured_ns=max(left.measured_ns, right.measured_ns),
        warmup_attempts=left.warmup_attempts + right.warmup_attempts,
        warmup_failures=left.warmup_failures + right.warmup_failures,
        rounds=max(left.rounds, right.rounds),
        clients=left.clients + right.clients,
        generator=_worse(left.generator, right.generator),
    )


def _add(left: Mapping[Key, int], right: Mapping[Key, int]) -> dict[Key, int]:
    both = dict(left)
    for key, count in right.items():
        both[key] = both.get(key, 0) + count
    return both


def _merge_moments(left: Moments, right: Moments) -> Moments:
    if not left.count or not right.count:
        return left if left.count else right
    return Moments(
        count=left.count + right.count,
        total=left.total + right.total,
        total_squares=left.total_squares + right.total_squares,
        minimum=min(left.minimum, right.minimum),
        maximum=max(left.maximum, right.maximum),
    )


def _merge_seconds(
    left: tuple[SecondCounts, ...], right: tuple[SecondCounts, ...]
) -> tuple[SecondCounts, ...]:
    return tuple(
        SecondCounts(due=a.due + b.due, ok=a.ok + b.ok, bad=a.bad + b.bad)
        for a, b in zip_longest(left, right, fillvalue=SecondCounts())
    )


def _worse(left: GeneratorState, right: GeneratorState) -> GeneratorState:
    """One saturated load process spoils the whole: keep the state of the busier, and both lags."""
    busier = max(left, right, key=_busyness)
    return replace(busier, loop_lag=merge_latency(left.loop_lag, right.loop_lag))


def _busyness(state: GeneratorState) -> tuple[float, int, int]:
    """Return the busy share first; the rest decides a tie, so that the order of shards does not."""
    busy_ns = state.cpu_ns + state.run_queue_ns
    return busy_ns / max(state.wall_ns, 1), state.wall_ns, state.cpu_ns
