"""What a run does to others at most, in words; only what is not as in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.safety import SafetyLimits
from perfengine.report.load_words import duration_text
from perfengine.report.measures import FRACTION, value_text
from perfengine.units import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator


def safety_lines(safety: SafetyLimits) -> Iterator[str]:
    """Yield a line for each limit that was set, or switched off."""
    usual = SafetyLimits()
    if safety.blocked_others_ns != usual.blocked_others_ns:
        yield _line("others wait for its locks for", _duration(safety.blocked_others_ns), "blocked_others")
    if _lag(safety) != _lag(usual):
        yield _line("a standby falls behind by", _lag(safety), "replication_lag")
    if _free(safety) != _free(usual):
        yield _line("the server's disk has less free than", _free(safety), "free_disk")


def _line(harm: str, limit: str, name: str) -> str:
    return f"stops when {harm} {limit}" if limit else f"does not look at {name}"


def _duration(value_ns: int | None) -> str:
    return "" if value_ns is None else duration_text(value_ns)


def _lag(safety: SafetyLimits) -> str:
    size = safety.replication_lag_bytes
    parts = (_duration(safety.replication_lag_ns), "" if size is None else size_text(size))
    return " or ".join(filter(None, parts))


def _free(safety: SafetyLimits) -> str:
    share, size = safety.free_disk_share, safety.free_disk_bytes
    parts = (
        "" if share is None else f"{value_text(share, FRACTION)} of it",
        "" if size is None else size_text(size),
    )
    return " and ".join(filter(None, parts))
