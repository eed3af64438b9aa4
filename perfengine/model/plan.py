"""What the compiler makes of a scenario: tables, operations and the rows they need. Pure data, picklable.

Statements say `"order"`, never a schema: a session's search path decides whether that is the sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    """An operation with how much of it is to be done and the key range it may touch."""

    operation: Operation
    concurrency: int
    timeout_ns: int
    iterations: int | None  #: measured attempts, in all; None: until the duration is over
    duration_ns: int | None  #: measured time; None: until the iterations are done
    warmup_attempts: int
    keys: KeyRange  #: rows of one round: warm-up and iterations, or one refill of a duration
    round_attempts: int  #: attempts of one round, warm-up apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a run will do, in order. Same scenario, same settings, same plan."""

    tables: tuple[Table, ...]  #: parents before children
    functions: tuple[Function, ...]
    operations: tuple[OperationPlan, ...]
    available: tuple[Operation, ...]  #: all that were compiled, selected or not
    data_set: str
    data_rows: dict[str, int]  #: table to rows of the data set
    seed: int
    notes: tuple[str, ...] = ()

    def table(self, name: str) -> Table:
        """Return the table of that bare name. Raises: KeyError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)
