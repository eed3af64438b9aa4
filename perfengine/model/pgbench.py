"""A pgbench script as values: what `perfengine/pgbench/` has read, and what load processes evaluate.

The words are pgbench's own: PostgreSQL documentation, pgbench, "Custom Scripts".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.transaction import Transaction

#: A text is what nobody has computed: of `-D`, or of a column that `\gset` kept.
Value = int | float | bool | str | None


# --- expressions ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A number, `true`, `false` or `null`."""

    value: int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """`:name`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function of its arguments. Operators are functions too: `+`, `and`, `is`, `case`."""

    function: str
    arguments: tuple[Expression, ...]


Expression = Literal | Variable | Call


# --- commands ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    r"""`\set name expression`."""

    name: str
    expression: Expression
    place: str  #: `script.sql:3:1`


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    r"""`\gset prefix`, which wants exactly one row, or `\aset prefix`, which takes the last of any number."""

    prefix: str
    of_one_row: bool

    @property
    def command(self) -> str:
        r"""The command itself: `\gset` or `\aset`."""
        return "\\gset" if self.of_one_row else "\\aset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sql:
    """A statement with `$1`, `$2`, ... for its variables, in that order."""

    sql: str
    variables: tuple[str, ...]
    place: str
    capture: Capture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleep:
    r"""`\sleep`: so many units, or as many as a variable says."""

    amount: int
    variable: str | None
    unit_ns: int
    place: str

    @property
    def length_ns(self) -> int:
        """How long it is, where no variable says so; less than nothing is nothing."""
        return max(0, self.amount * self.unit_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    r"""`\if`, `\elif` or `\else` with the commands up to the next; without a condition it is the last."""

    condition: Expression | None
    commands: tuple[Command, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class If:
    r"""`\if` ... `\endif`: the first arm whose condition holds is run."""

    arms: tuple[Arm, ...]


Command = Set | Sql | Sleep | If


# --- a script, settled ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Hand over the value that a variable has now: an argument of the attempt."""

    name: str
    is_integer: bool  #: whatever is drawn, it is an integer


@dataclass(frozen=True, slots=True, kw_only=True)
class PgbenchScript:
    """A script as an operation makes it.

    Where nothing in it depends on an answer of the server, `statements` has it all, and `arguments` says how the
    values of an attempt are made before it is measured. Else `commands` are followed one by one.
    """

    constants: tuple[tuple[str, Value], ...]  #: of `-D` and `--scale`
    arguments: tuple[Set | Take, ...] = ()
    statements: Transaction | None = None
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptStatement:
    """A statement as it was written, at `start` of the text of a script."""

    sql: str  #: as it is sent
    written: str
    path: str
    script: str  #: the whole text
    start: int
