"""The load that a calibration puts on a null server: one load process, a select by key, as fast as it goes.

It is the same process, the same messages and the same loop as in a run: what it cannot do here, no run can.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from perfengine.database.address import address_of
from perfengine.database.connect import Role, SessionSettings
from perfengine.engine.load_process import load_process
from perfengine.engine.messages import (
    DealRound,
    Dealt,
    Introduction,
    MeasureRound,
    RoundDone,
    TakeOn,
    WarmedUp,
)
from perfengine.errors import TargetError
from perfengine.model.load import ClosedLoad
from perfengine.model.operation import Constant, Expectation, Group, Kind, Operation, Success
from perfengine.model.plan import KeyRange, OperationPlan, PhasePlan
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from perfengine.database.address import Address
    from perfengine.model.measurement import Interval

#: Of every client, before anything is measured: caches are warm, and the interpreter has specialised the loop.
_WARM_UP_EACH: Final = 200
#: Attempts that are laid out; they start over until the time is over.
_ROUND_ATTEMPTS: Final = 1000
#: From the message until the load begins, so that the message has arrived by then.
_LEAD_NS: Final = 20 * NS_PER_MS
_TIMEOUT_NS: Final = 3600 * NS_PER_S

POINT_SELECT: Final = Operation(
    name="point_select",
    entity="account",
    group=Group.OWN,
    kind=Kind.STATEMENT,
    sql="SELECT id, balance, filler FROM account WHERE id = $1",
    parameters=(Constant(value=1),),
    expectation=Expectation(success=Success.ROWS, count=1),
    default_iterations=_ROUND_ATTEMPTS,
    read_only=True,
)


@dataclass(slots=True)
class LoadFigures:
    """What the load process did while it measured: the sum of what it told, mutable while it does."""

    ok: Counter[int] = field(default_factory=Counter)  #: by second of measured time
    attempts: int = 0
    failures: Counter[str] = field(default_factory=Counter)  #: by their words
    wall_ns: int = 0
    cpu_ns: int = 0
    run_queue_ns: int = 0  #: ready to run and waiting for a processor; 0 where the system does not tell

    def take(self, interval: Interval) -> None:
        """Add an interval."""
        for measurement, seconds in zip(interval.operations, interval.seconds, strict=True):
            self.attempts += measurement.attempts
            self.ok.update({number: second.ok for number, second in seconds.items()})
            self.failures.update({failure.message: count for failure, count in measurement.failures.items()})
        for cost in interval.generator.processes:
            self.wall_ns += cost.wall_ns
            self.cpu_ns += cost.cpu_ns
            self.run_queue_ns += cost.run_queue_ns


@asynccontextmanager
async def null_load(dsn: str, clients: int) -> AsyncIterator[Callable[[int], Awaitable[LoadFigures]]]:
    """Give what measures for so many seconds, with a load process that is connected and warm.

    Raises: TargetError when the null server is to blame, InternalError when the load process is.
    """
    async with load_process() as load:
        await load.introduce(_introduction(address_of(dsn, "calibrate", os.environ)))
        task = TakeOn(phase=_phase(clients), shards=1, connections=clients, rule_values={}, limits_ns={})
        await load.ask(task, WarmedUp, lambda _: None)

        async def measure(seconds: int) -> LoadFigures:
            figures = LoadFigures()
            await load.ask(DealRound(number=0, attempts=_ROUND_ATTEMPTS), Dealt, figures.take)
            done = await load.ask(_round(seconds), RoundDone, figures.take)
            if done.lost:
                raise TargetError(done.lost)
            return figures

        yield measure


def _introduction(address: Address) -> Introduction:
    return Introduction(
        index=0,
        address=address,
        settings=SessionSettings(run_id="calibrate", role=Role.LOAD),
        tables=(),
        data_rows={},
        seed=0,
        anchor=datetime.now(UTC),
    )


def _phase(clients: int) -> PhasePlan:
    plan = OperationPlan(
        operation=POINT_SELECT,
        concurrency=clients,
        timeout_ns=_TIMEOUT_NS,
        iterations=None,
        duration_ns=_TIMEOUT_NS,
        warmup_attempts=_WARM_UP_EACH * clients,
        keys=KeyRange(start=0, count=0),
        round_attempts=_ROUND_ATTEMPTS,
    )
    return PhasePlan(
        name=POINT_SELECT.name,
        operations=(plan,),
        load=ClosedLoad(users=clients),
        iterations=None,
        duration_ns=_TIMEOUT_NS,
        timeout_ns=_TIMEOUT_NS,
        warmup_attempts=plan.warmup_attempts,
        warmup_ns=None,
        round_attempts=_ROUND_ATTEMPTS,
        repeats=True,
    )


def _round(seconds: int) -> MeasureRound:
    return MeasureRound(
        window_ns=seconds * NS_PER_S,
        begin_ns=time.perf_counter_ns() + _LEAD_NS,
        elapsed_ns=0,
        first_arrival=0,
    )
