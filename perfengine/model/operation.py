"""A compiled operation: its statement, where its parameters come from, when it is ok, which rows it uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta
    from decimal import Decimal

    from perfengine.model.generator import Generator
    from perfengine.model.pgbench import PgbenchScript
    from perfengine.model.python_call import PythonCall
    from perfengine.model.table import Check
    from perfengine.model.transaction import Transaction


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
    STATEMENT = "statement"  #: an own operation of one statement
    TRANSACTION = "transaction"  #: an own operation of several
    FUNCTION = "function"  #: an own operation that calls a function of the database
    PYTHON = "python"  #: an own operation written in Python


#: Other words for a kind that documents use.
KIND_ALIASES: dict[str, Kind] = {"complex_search": Kind.COMPLEX_JOIN}


# --- where the value of a parameter comes from ---


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A value of an own operation's parameter `name`, by the number of the attempt."""

    name: str
    generator: Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptNumber:
    """The number of the attempt itself: an operation written in Python draws its values from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptValue:
    """What variable `name` of a pgbench script is where the script binds it."""

    name: str
    is_integer: bool  #: whatever the script computes, it is an integer


Parameter = (
    ClaimedKey
    | NewKey
    | DataSetKey
    | FieldValue
    | Constant
    | RuleValue
    | Generated
    | AttemptNumber
    | ScriptValue
)


# --- how success is decided ---


class Success(StrEnum):
    """What a reply must look like for an attempt to be ok."""

    RETURNED = "returned"  #: one row whose first value says yes: not NULL and not false
    COUNTED = "counted"  #: one row whose first value equals `count`
    ROWS = "rows"  #: exactly `count` rows
    AFFECTED = "affected"  #: the command tag ends in `count`
    REFUSED = "refused"  #: the database refuses, with `sqlstate` and, where given, `constraint`
    ANY = "any"  #: whatever comes back without an error
    AT_LEAST = "at_least"  #: `count` rows or more
    NOT_NULL = "not_null"  #: one row or more, and the first value is not NULL
    DECLINED = "declined"  #: the function says no, by the same convention or by raising
    ACCEPTED = "accepted"  #: by the convention of the function's reply: see execution/replies.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """When an attempt is ok. Anything else the database says without an error is `refused`."""

    success: Success
    count: int = 1
    sqlstate: str | None = None
    constraint: str | None = None
    empty_is_starved: bool = (
        False  #: the statement looks for its row itself: no row back means there was none
    )


# --- rows ---


class Effect(StrEnum):
    """What must be true of the rows of ok attempts, and only of those, after the phase."""

    NONE = "none"
    STATE = "state"  #: claimed rows are in `RowUse.target_state`
    EXISTS = "exists"  #: new rows are there
    GONE = "gone"  #: claimed rows are gone


class Pick(StrEnum):
    """How an operation that works on existing rows finds its row."""

    CLAIM = "claim"  #: handed out beforehand, each to one attempt
    LOCK = "lock"  #: the statement looks for one that nobody has locked (FOR UPDATE SKIP LOCKED)
    RANDOM = "random"  #: drawn from the operation's rows, and may be drawn twice
    FIRST = "first"  #: the statement takes the first it finds, as everybody else does


@dataclass(frozen=True, slots=True, kw_only=True)
class RowUse:
    """The rows an operation works on. Added before its phase (unless it inserts them), removed after it."""

    per_attempt: int
    source_states: tuple[str, ...] = ()  #: rows are seeded in these states in turn; empty: the initial state
    target_state: str | None = None
    effect: Effect = Effect.NONE
    inserts: bool = False  #: attempts make the rows themselves
    consumed: bool = True  #: a row serves one attempt only; False: keys may be handed out again
    pick: Pick = Pick.CLAIM
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
    optional: bool = False  #: runs only when a filter or a mix names it
    rule: str | None = None  #: the validation rule it is about
    transaction: Transaction | None = None  #: several steps, or retries: instead of `sql`
    python: PythonCall | None = None  #: instead of `sql`
    pgbench: PgbenchScript | None = None  #: the script that it was written as
    read_only: bool = False  #: an own operation that is known to change nothing

    @property
    def full_id(self) -> str:
        """`order.state_machine.single_order_confirm`: what `--filter` matches besides the name and the kind."""
        prefix = f"{self.entity}.{self.group}."
        # where two operations would share a name, the name is the full id already
        return self.name if self.name.startswith(prefix) else prefix + self.name

    @property
    def writes(self) -> bool:
        """Whether a lost connection leaves the attempt in doubt."""
        return self.rows is not None or (self.group is Group.OWN and not self.read_only)
