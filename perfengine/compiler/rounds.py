"""How many attempts a round has, of each operation: what can be made ready at once.

More attempts than one round holds run in several rounds: rows and arguments are made anew between them, outside the
measured time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.compiler.picks import uses_up
from perfengine.compiler.quotas import quotas_of
from perfengine.model.generator import is_distinct
from perfengine.model.operation import AttemptNumber, FieldValue, Generated, ScriptValue
from perfengine.model.workload import Mode, WhenExhausted
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.compiler.draft import PhaseLoad
    from perfengine.model.operation import Operation

#: Calls of a statement on each connection before measuring: one past the five custom plans of the plan cache.
WARMUP_CALLS: Final = 6
#: Rows that one round of counted iterations makes at most.
ROUND_ROWS: Final = 200_000
#: Rows that one round of a duration makes, where an attempt uses its rows up; in a mix of any operation.
REFILL_ROWS: Final = 50_000
#: Rows of a duration that hands the same keys out again: so many that clients do not meet on one.
SHARED_ROWS: Final = 10_000
#: Attempts of a duration that works on no rows of its own, until its parameters repeat.
READ_ATTEMPTS: Final = 65_536
#: Attempts of a round of a mix.
MIX_ATTEMPTS: Final = 131_072
LEAST_ATTEMPTS: Final = 100
#: Attempts that are made ready for a second of a phase, at most: more than a load process makes.
MOST_A_SECOND: Final = 50_000
#: Attempts between two uses of one key, as a multiple of the clients.
_ATTEMPTS_APART: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Attempts of each operation, in the order of the phase's shares."""

    attempts: tuple[int, ...]
    warmup: tuple[int, ...]
    repeats: bool


def rounds_of(phase: PhaseLoad, mode: Mode, when_exhausted: WhenExhausted) -> Rounds:
    """Return the rounds of a phase, and its warm-up, which is never longer than a round or six calls a client."""
    weights = [share.weight for share in phase.shares]
    operations = [share.operation for share in phase.shares]
    attempts = quotas_of(weights, _total(phase, mode, when_exhausted))
    return Rounds(
        attempts=attempts,
        warmup=_warmup(phase, mode),
        repeats=phase.iterations is None and not any(_is_never_the_same(one) for one in operations),
    )


def _total(phase: PhaseLoad, mode: Mode, when_exhausted: WhenExhausted = WhenExhausted.RECYCLE) -> int:
    """Return the attempts of one round, of all operations together."""
    whole = sum(share.weight for share in phase.shares)
    most = MIX_ATTEMPTS if mode is Mode.MIX else ROUND_ROWS
    for share in phase.shares:
        of_operation = _most(share.operation, phase, mode, when_exhausted)
        most = min(most, int(of_operation * whole / share.weight))
    return _clamped(most, phase, phase.duration_ns)


def _clamped(most: int, phase: PhaseLoad, duration_ns: int | None) -> int:
    """Return no more attempts than the duration has use for, and enough that clients do not meet on one row."""
    if duration_ns is not None:
        most = min(most, MOST_A_SECOND * -(-duration_ns // NS_PER_S))
    most = max(most, LEAST_ATTEMPTS, _ATTEMPTS_APART * phase.load.clients)
    return most if phase.iterations is None else min(phase.iterations, most)


def _most(operation: Operation, phase: PhaseLoad, mode: Mode, when_exhausted: WhenExhausted) -> int:
    """Return the attempts of an operation for which rows and arguments can be made at once."""
    rows, counted = operation.rows, phase.duration_ns is None
    if rows is None or is_limited(operation, when_exhausted):
        alone = ROUND_ROWS if counted else READ_ATTEMPTS
        return MIX_ATTEMPTS if mode is Mode.MIX else alone
    if mode is Mode.MIX or (not counted and rows.consumed):
        return REFILL_ROWS // rows.per_attempt
    return (ROUND_ROWS if counted else SHARED_ROWS) // rows.per_attempt


def is_limited(operation: Operation, when_exhausted: WhenExhausted) -> bool:
    """Return whether an operation has as many rows as the data set, and no more."""
    rows = operation.rows
    is_stop = when_exhausted is WhenExhausted.STOP
    return is_stop and rows is not None and uses_up(operation) and not rows.inserts


def _warmup(phase: PhaseLoad, mode: Mode) -> tuple[int, ...]:
    """Return the attempts of the warm-up, which has rows of its own whatever happens when they are used up."""
    calls = WARMUP_CALLS * phase.load.clients
    if phase.warmup_ns == 0:
        return (0,) * len(phase.shares)
    if phase.warmup_ns is None:
        return (calls,) * len(phase.shares)
    total = _clamped(_total(phase, mode), phase, phase.warmup_ns)
    return quotas_of(
        [share.weight for share in phase.shares], total if mode is Mode.MIX else max(calls, total)
    )


def _is_never_the_same(operation: Operation) -> bool:
    """Return whether no two attempts may have the same arguments.

    They use rows up, values must be distinct, or an update would write what is there already: the server then leaves
    the indexes alone, which is another cost than that of a change.
    """
    return uses_up(operation) or any(
        isinstance(one, AttemptNumber | FieldValue | ScriptValue)
        or (isinstance(one, Generated) and is_distinct(one.generator))
        for one in operation.parameters
    )
