"""How far a measurement can be trusted, before any limit is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.summary import OperationSummary, RowCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What stands against judging: a reason that forbids it, a phase cut short, a saturated generator."""

    blocked: Reason | None = None
    why: str = ""  #: one clause about `blocked`
    cut_short: str | None = None
    saturated: bool = False


def trust_in(operations: Sequence[OperationSummary]) -> Trust:
    """Return how far the figures of these operations, taken together, can be trusted."""
    blocked, why = _blocked(operations)
    return Trust(
        blocked=blocked,
        why=why,
        cut_short=next(_cuts(operations), None),
        saturated=any(operation.saturated for operation in operations),
    )


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
