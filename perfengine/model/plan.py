"""What the compiler makes of a scenario: tables, operations and the rows they need. Pure data, picklable.

Names are bare here and quoted in every SQL text. Statements say `"order"`, never a schema: a session's search path
decides whether that is the sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta
    from decimal import Decimal

    from perfengine.model.entity import Field


class Group(StrEnum):
    """The part of a specification that an operation comes from; the middle of its full id."""

    CRUD = "crud"
    STATE_MACHINE = "state_machine"
    VALIDATION = "validation"
    OWN = "own"


class Kind(StrEnum):
    """What an operation does; a limit may name a kind instead of an operation."""

    SINGLE_TRANSITION = "single_transition"
    BULK_TRANSITION = "bulk_transition"
    TRANSITION_REJECT = "transition_reject"
    SIMPLE_SELECT = "simple_select"
    COMPLEX_JOIN = "complex_join"
    VALIDATION_ACCEPT = "validation_accept"
    VALIDATION_REJECT = "validation_reject"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    BULK_UPDATE = "bulk_update"


#: Other words for a kind that documents use.
KIND_ALIASES: dict[str, Kind] = {"complex_search": Kind.COMPLEX_JOIN}


# --- where the value of a parameter comes from -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedKey:
    """The key of a row that this attempt alone was handed; bulk: a list of `RowUse.per_attempt` keys."""

    bulk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """The key of a row that this attempt will insert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSetKey:
    """The key of a row of the data set, drawn uniformly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """A generated value of `field` of the operation's entity."""

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """The same value for every attempt."""

    value: str | int | bool | float | Decimal | timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleValue:
    """A value of `field` with which `rule` accepts (or refuses) a row; found at prepare time."""

    field: str
    rule: str
    accept: bool


Parameter = ClaimedKey | NewKey | DataSetKey | FieldValue | Constant | RuleValue


# --- how success is decided ---------------------------------------------------------------------------------------


class Success(StrEnum):
    """What a reply must look like for an attempt to be ok."""

    RETURNED = "returned"  #: one row whose first value says yes: not NULL, not false, no failed status
    COUNTED = "counted"  #: one row whose first value equals `count`
    ROWS = "rows"  #: exactly `count` rows
    AFFECTED = "affected"  #: the command tag ends in `count`
    REFUSED = "refused"  #: the database refuses, with `sqlstate` and, where given, `constraint`


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """When an attempt is ok. Anything else the database says without an error is `refused`."""

    success: Success
    count: int = 1
    sqlstate: str | None = None
    constraint: str | None = None


# --- rows ---------------------------------------------------------------------------------------------------------


class Effect(StrEnum):
    """What must be true of the rows of ok attempts, and only of those, after the phase."""

    NONE = "none"
    STATE = "state"  #: claimed rows are in `RowUse.target_state`
    EXISTS = "exists"  #: new rows are there
    GONE = "gone"  #: claimed rows are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class RowUse:
    """The rows an operation works on. Added before its phase (unless it inserts them), removed after it."""

    per_attempt: int
    source_states: tuple[str, ...] = ()  #: rows are seeded in these states in turn; empty: the initial state
    target_state: str | None = None
    effect: Effect = Effect.NONE
    inserts: bool = False  #: attempts make the rows themselves
    consumed: bool = True  #: a row serves one attempt only; False: keys may be handed out again
    guard: Check | None = None  #: what the rows must satisfy besides the rules; no constraint of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A named thing to do, with one latency distribution of its own."""

    name: str
    entity: str
    group: Group
    kind: Kind
    sql: str
    parameters: tuple[Parameter, ...]
    expectation: Expectation
    default_iterations: int
    aliases: tuple[str, ...] = ()
    rows: RowUse | None = None  #: None: reads the data set, or needs none
    optional: bool = False  #: runs only when a filter names it
    rule: str | None = None  #: the validation rule it is about

    @property
    def full_id(self) -> str:
        """`order.state_machine.single_order_confirm`: what `--filter` matches besides the name and the kind."""
        prefix = f"{self.entity}.{self.group}."
        # where two operations would share a name, the name is the full id already
        return self.name if self.name.startswith(prefix) else prefix + self.name

    @property
    def writes(self) -> bool:
        """Whether a lost connection leaves the attempt in doubt."""
        return self.rows is not None


# --- tables -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """Generated numbers of a field: uniform over `low`..`high` inclusive, in steps of 10^-scale."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Generated values of a field are drawn uniformly from `values`."""

    values: tuple[str | int | bool | float | Decimal | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceTo:
    """Generated values of a field are keys of `table`, uniform over its rows."""

    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """Generated timestamps or dates: uniform over the `days` before the anchor instant of the run."""

    days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOf:
    """The state column: the states in turn by row for the data set, set by the demand for other rows."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """No constraint known: the default of the type (text words, uuids, booleans, json objects)."""


Generator = NumberRange | Choice | ReferenceTo | Recent | StateOf | Free


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sandbox table, with how its values are made."""

    field: Field
    sql_type: str
    generator: Generator
    references: str | None = None  #: the table whose key this column holds

    @property
    def name(self) -> str:
        """The bare name."""
        return self.field.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A validation rule as a CHECK constraint of its table."""

    constraint: str  #: the bare constraint name
    rule: str
    field: str
    expression: str
    #: the fields the expression reads, `field` first; key and references only where it reads nothing else
    fields: tuple[str, ...]
    candidates: tuple[tuple[str, tuple[str | None, ...]], ...]  #: per field, values to try, as SQL text input


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the sandbox; `columns[0]` is the key."""

    name: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...] = ()
    parent: bool = False  #: made only because another table refers to it

    @property
    def key(self) -> Column:
        """The primary key column."""
        return self.columns[0]

    def column(self, name: str) -> Column:
        """Return the column of that bare name. Raises: KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A transition function of the sandbox."""

    name: str
    arguments: str  #: `"uuid"`: the argument types as SQL
    ddl: str


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
