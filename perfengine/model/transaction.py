"""Operations of several steps, and operations that are tried again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.load import ThinkTime
    from perfengine.model.operation import Expectation


class Isolation(StrEnum):
    """The isolation level that a transaction begins with, as SQL spells it."""

    READ_COMMITTED = "READ COMMITTED"
    REPEATABLE_READ = "REPEATABLE READ"
    SERIALIZABLE = "SERIALIZABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """The value at `position` of the attempt's arguments, from 0."""

    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """`column` of the first row that the step named `step` returned."""

    step: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementStep:
    """A statement with `$1`, `$2`, ... and where their values come from, in that order."""

    sql: str
    bindings: tuple[Argument | Captured, ...] = ()
    name: str | None = None  #: under which later steps find its first row
    expectation: Expectation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseStep:
    """The application thinks while the transaction is open: part of the attempt's latency."""

    think: ThinkTime


Step = StatementStep | PauseStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """When an attempt is tried again from its beginning. One attempt is all its tries; its latency spans them."""

    sqlstates: frozenset[str] = frozenset({"40001", "40P01"})
    max_retries: int = 0
    #: before the first retry; doubles with each, and is drawn between half and the whole of it
    backoff_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Steps between BEGIN and COMMIT; with `explicit` False a lone statement that commits itself."""

    steps: tuple[Step, ...]
    isolation: Isolation | None = None  #: None: the server's default
    retry: Retry = Retry()
    explicit: bool = True
    read_only: bool = False
    rolls_back: bool = False  #: it ends in ROLLBACK instead: nothing of it stays
