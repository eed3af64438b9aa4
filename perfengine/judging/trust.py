"""How far a measurement can be trusted, before any limit is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.verdict import Reason
from perfengine.stats.hdr import percentile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.summary import OperationSummary, RowCounts

#: A generator that begins attempts so late, as a share of a latency limit, cannot judge that limit alone.
LATE_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What stands against judging: a reason that forbids it, a phase cut short, a saturated generator."""

    blocked: Reason | None = None
    why: str = ""  #: one clause about `blocked`
    cut_short: str | None = None
    saturated: bool = False


def trust_in(operations: Sequence[OperationSummary], latency_limit_ns: float | None = None) -> Trust:
    """Return how far the figures of these operations, taken together, can be trusted.

    Beside a limit on a latency a generator counts as saturated, too, when it began attempts late by a share of it.
    """
    blocked, why = _blocked(operations)
    return Trust(
        blocked=blocked,
        why=why,
        cut_short=next(_cuts(operations), None),
        saturated=any(
            operation.saturated or _begins_late(operation, latency_limit_ns) for operation in operations
        ),
    )


def _begins_late(operation: OperationSummary, limit_ns: float | None) -> bool:
    """Return whether clients that had nothing else to do began too late, at the 99th percentile."""
    delay = operation.measurement.generator.start_delay
    if limit_ns is None or not delay.counts:
        return False
    p99_ns = percentile(delay.counts, sum(delay.counts.values()), 0.99)
    return min(p99_ns, delay.moments.maximum) > LATE_SHARE * limit_ns


def _cuts(operations: Sequence[OperationSummary]) -> Iterator[str]:
    return (operation.cut_short for operation in operations if operation.cut_short)


def _blocked(operations: Sequence[OperationSummary]) -> tuple[Reason | None, str]:
    attempts = sum(operation.attempts for operation in operations)
    if not attempts:
        return Reason.NO_DATA, next(_cuts(operations), "no attempt has ended")
    if starved := sum(operation.starved for operation in operations):
        return Reason.STARVED, f"no row to work on in {starved} of {attempts} attempts"
    for operation in operations:
        if operation.rows and not operation.rows.verified:
            return Reason.NOT_CONFIRMED, _mismatch(operation.rows)
    return None, ""


def _mismatch(rows: RowCounts) -> str:
    clause = f"{rows.found} rows show the effect, {rows.expected} should"
    return f"{clause}, {rows.unexpected} of others do too" if rows.unexpected else clause
