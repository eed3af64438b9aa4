"""What the documents of a run say under `workload:` and `data:`, merged and checked; None means not said."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from perfengine.model.safety import SafetyLimits
from perfengine.model.transaction import Retry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.generator import Generator
    from perfengine.model.load import Arrival, Stage, ThinkTime
    from perfengine.model.mistake import Position
    from perfengine.model.operation import Expectation, Pick
    from perfengine.model.pgbench import PgbenchScript, ScriptStatement
    from perfengine.model.python_call import PythonCall
    from perfengine.model.requirement import Requirement
    from perfengine.model.transaction import Isolation


class Mode(StrEnum):
    """Each operation alone, one after the other, or all together by weight."""

    BENCHMARK = "benchmark"
    MIX = "mix"


class Model(StrEnum):
    """The two load models."""

    CLOSED = "closed"
    OPEN = "open"


class WhenExhausted(StrEnum):
    """What happens when the rows of an operation are used up."""

    RECYCLE = "recycle"  #: they are made anew while nothing is measured
    CREATE = "create"  #: more are made while the load goes on
    STOP = "stop"  #: there are as many as the data set has of its table; attempts beyond are starved


@dataclass(frozen=True, slots=True, kw_only=True)
class MixShare:
    """`order_status_query: 50` of a mix."""

    name: str  #: an operation's name, alias or full id, as written
    weight: float
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnParameter:
    """A `:name` of an operation's SQL and how its values are made."""

    name: str
    generator: Generator
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStatement:
    """A statement as written: with `:name`, `:step.column` and `{{entity}}`."""

    sql: str
    position: Position
    name: str | None = None  #: `as`
    expectation: Expectation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPause:
    """`think` between two steps."""

    think: ThinkTime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOperation:
    """An operation of `ops:`, of a Python file, or a script.

    Exactly one of `steps`, `function`, `python` and `pgbench` says something.
    """

    name: str
    position: Position
    steps: tuple[OwnStatement | OwnPause, ...] = ()
    #: whether the steps stand between BEGIN and COMMIT; a lone `sql:` does not
    explicit: bool = False
    function: str | None = None  #: called without arguments, or with its parameters by name
    python: PythonCall | None = None
    pgbench: PgbenchScript | None = None
    written: tuple[ScriptStatement, ...] = ()  #: the statements of a pgbench script
    kind: str | None = None  #: `kind:` as written
    parameters: tuple[OwnParameter, ...] = ()
    isolation: Isolation | None = None
    retry: Retry = Retry()  # noqa: RUF009 - frozen
    expectation: Expectation | None = None
    requirements: tuple[Requirement, ...] = ()
    iterations: int | None = None
    weight: float | None = None
    read_only: bool = False  #: the author says that it changes nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupStatement:
    """A statement of `setup:` or `teardown:`; `{{entity}}` stands for a table, `analyze` names tables instead."""

    position: Position
    sql: str = ""
    analyze: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRules:
    """What ends a run before its time."""

    abort_on_fail: bool = False  #: when a requirement is violated
    abort_delay_ns: int = 0  #: not looked at before so much was measured
    max_error_rate: float | None = None  #: (refused + error + timeout) over attempts, of the whole workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """The merged `workload:` of a run."""

    position: Position | None = None
    places: Mapping[str, Position] = field(default_factory=dict)  #: where each key is written, for mistakes
    mode: Mode | None = None
    model: Model | None = None
    seed: int | None = None
    warmup_ns: int | None = None
    duration_ns: int | None = None
    iterations: int | None = None
    timeout_ns: int | None = None
    concurrency: int | None = None
    connections: int | None = None
    processes: int | None = None  #: 0: as many as the machine has processors (`auto`)
    rate_per_s: float | None = None
    arrival: Arrival | None = None
    max_in_flight: int | None = None
    think: ThinkTime | None = None
    stages: tuple[Stage, ...] = ()
    mix: tuple[MixShare, ...] = ()
    pick: Pick | None = None
    when_exhausted: WhenExhausted | None = None
    prepare: bool | None = None  #: False: through a pooler in transaction mode
    session: Mapping[str, str] = field(default_factory=dict)
    setup: tuple[SetupStatement, ...] = ()
    teardown: tuple[SetupStatement, ...] = ()
    operations: tuple[OwnOperation, ...] = ()
    stop: StopRules = StopRules()
    existing: bool | None = None  #: tables that are there are loaded, no sandbox is made
    safety: SafetyLimits = SafetyLimits()  # noqa: RUF009 - frozen


#: What a run without a `workload:` has.
NOTHING_SAID = Workload()
