"""What the compiler makes of a scenario: tables, operations and the rows they need. Pure data, picklable.

Statements say `"order"`, never a schema: a session's search path decides whether that is the sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.model.safety import SafetyLimits
from perfengine.model.workload import Mode, StopRules, WhenExhausted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.entity import NotBuilt
    from perfengine.model.existing_plan import ExistingPlan
    from perfengine.model.load import Load
    from perfengine.model.operation import Operation
    from perfengine.model.table import Function, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRange:
    """A piece of a table's key space: row indexes `start` .. `start + count - 1`."""

    start: int
    count: int

    @property
    def stop(self) -> int:
        """The first index after the range."""
        return self.start + self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPlan:
    """An operation with its part of a phase and the key range it may touch."""

    operation: Operation
    concurrency: int
    timeout_ns: int
    iterations: int | None  #: measured attempts of the phase, in all; None: until the duration is over
    duration_ns: int | None  #: measured time; None: until the iterations are done
    warmup_attempts: int  #: of this operation, in the whole warm-up
    keys: KeyRange  #: rows of the warm-up and of the first round
    round_attempts: int  #: attempts of this operation in one round, warm-up apart
    weight: float = 1.0  #: its share of a mix
    #: attempts of the whole phase that find a row, the rest are starved; None: all do
    rows_for: int | None = None
    stride: int = 0  #: rows from one round's first to the next one's; 0: the same rows, made anew

    def first_row(self, round_number: int) -> int:
        """Return the first row of a round, counted from 0."""
        rows = self.operation.rows
        warmup = rows.per_attempt * self.warmup_attempts if rows else 0
        return self.keys.start + warmup + round_number * self.stride


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePlan:
    """Operations that are loaded together: one alone in benchmark mode, all of them in a mix.

    An attempt of the phase belongs to one of the operations; `datagen/deck.py` deals them out in the proportions of
    `round_attempts`, round after round in the same order.
    """

    name: str  #: the operation's own name, or "mix"
    operations: tuple[OperationPlan, ...]
    load: Load
    iterations: int | None  #: measured attempts, in all
    duration_ns: int | None  #: measured time; of a load with stages, that of all of them
    timeout_ns: int
    warmup_attempts: int  #: at most; of a benchmark, six of every client
    warmup_ns: int | None  #: of a mix; None: the warm-up is over when its attempts are
    round_attempts: int  #: at most, until rows and arguments are made anew
    #: arguments start over within a round until the time is over: no attempt uses up or changes anything
    repeats: bool = False
    when_exhausted: WhenExhausted = WhenExhausted.RECYCLE

    @property
    def clients(self) -> int:
        """How many clients there are, at most."""
        return self.load.clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a run will do, in order. Same scenario, same settings, same plan."""

    tables: tuple[Table, ...]  #: parents before children
    functions: tuple[Function, ...]
    phases: tuple[PhasePlan, ...]
    available: tuple[Operation, ...]  #: all that were compiled, selected or not
    data_set: str
    data_rows: dict[str, int]  #: table to rows of the data set
    seed: int
    notes: tuple[str, ...] = ()
    not_built: tuple[NotBuilt, ...] = ()  #: operations that the documents speak of and that cannot be
    mode: Mode = Mode.BENCHMARK
    connections: int | None = None  #: of all clients together; None: one each, as far as the server has them
    processes: int = 1
    prepare: bool = True  #: False: through a pooler in transaction mode
    session: Mapping[str, str] = field(default_factory=dict)  #: settings of every load session
    setup: tuple[str, ...] = ()  #: statements after the sandbox is filled
    teardown: tuple[str, ...] = ()  #: statements before it is dropped, whatever happened
    stop: StopRules = StopRules()  # noqa: RUF009 - frozen
    safety: SafetyLimits = SafetyLimits()  # noqa: RUF009 - frozen
    existing: ExistingPlan | None = None  #: None: all tables are in the sandbox

    @property
    def operations(self) -> tuple[OperationPlan, ...]:
        """The operations of all phases, in order."""
        return tuple(item for phase in self.phases for item in phase.operations)

    def table(self, name: str) -> Table:
        """Return the table of that bare name. Raises: KeyError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)
