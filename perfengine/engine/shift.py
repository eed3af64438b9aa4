"""What a load process does with one message: wires datagen, database, execution and metrics around the load loop."""

from __future__ import annotations

import gc
import time
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio

from perfengine.database.failures import is_about_target
from perfengine.database.target import AsyncpgTarget
from perfengine.datagen.arguments import arguments_of
from perfengine.datagen.layout import RowSource
from perfengine.engine.messages import Introduction, MeasureRound, RoundDone, TakeOn, WarmedUp
from perfengine.errors import InternalError, TargetError, leaf
from perfengine.execution.crew import Crew, patience_for
from perfengine.execution.loop_lag import sample_loop_lag
from perfengine.execution.script import Script
from perfengine.execution.window import NEVER_NS, Window
from perfengine.metrics.process_time import ProcessTime, read_process_time
from perfengine.metrics.recorder import Recorder, count_values
from perfengine.model.measurement import GeneratorState, Measurement, Snapshot
from perfengine.model.rows import Claims

if TYPE_CHECKING:
    from collections.abc import Callable

#: Draining a tenth of a second of appended integers takes tens of microseconds: no attempt notices.
DRAIN_PERIOD_S = 0.1
DRAINS_A_SNAPSHOT = 10

clock = time.perf_counter_ns


class Shift:
    """The state of a load process between messages: its crew, and the operation they are on."""

    def __init__(self, run: Introduction, tell: Callable[[object], None]) -> None:
        self._run = run
        self._tell = tell
        self._source = RowSource(
            seed=run.seed, tables={table.name: table for table in run.tables}, rows=run.data_rows
        )
        target = AsyncpgTarget(address=run.address, settings=run.settings)
        self._crew = Crew(target, clock, patience_for(run.settings.statement_timeout_ns))
        self._task: TakeOn | None = None
        self._recorder = Recorder("")
        self._window = Window()
        self._stopped = False
        self._rounds = 0
        self._cost = ProcessTime(0, 0, 0)
        self._lag_ns = array("q")
        self._warm_up = WarmedUp(attempts=0, failures=0, claims=None)

    def stop(self) -> None:
        """Hand out no more work."""
        self._stopped = True
        self._window.close(clock())

    def blames_target(self, error: BaseException) -> bool:
        """Return whether an exception is the database's doing rather than ours."""
        return isinstance(error, TargetError) or is_about_target(error)

    async def take_on(self, task: TakeOn) -> WarmedUp:
        """Connect, prepare and warm up for an operation. Raises: TargetError."""
        plan = task.plan
        self._task = task
        self._recorder = Recorder(plan.operation.name, task.limits_ns)
        self._cost, self._lag_ns, self._rounds = ProcessTime(0, 0, 0), array("q"), 0
        await self._crew.take_on(plan.operation, plan.concurrency)
        script = self._script(first_row=plan.keys.start, first_attempt=0, attempts=plan.warmup_attempts)
        recorder, self._window = Recorder(plan.operation.name), Window()
        if self._stopped:
            self._window.close(clock())
        each = plan.warmup_attempts // plan.concurrency
        await self._crew.warm_up(plan.concurrency, each, script, recorder, self._window)
        warm_up = recorder.freeze()
        failures = warm_up.attempts - warm_up.response.moments.count
        claims = self._claims(script, plan.keys.start, plan.warmup_attempts)
        self._warm_up = WarmedUp(attempts=warm_up.attempts, failures=failures, claims=claims)
        return self._warm_up

    async def measure(self, task: MeasureRound) -> RoundDone:
        """Measure a round. A server that goes away ends it early, with what was measured so far."""
        plan = self._current().plan
        first_row = plan.keys.start + plan.warmup_attempts * self._per_attempt
        script = self._script(
            first_row=first_row, first_attempt=task.first_attempt, attempts=task.attempts, repeat=task.repeat
        )
        lost = None
        self._rounds += 1
        try:
            await self._measured(script, task.window_ns)
        except TargetError as error:
            lost = str(error)
        return RoundDone(
            measurement=self._measurement(),
            claims=self._claims(script, first_row, plan.round_attempts),
            taken=script.taken,
            lost=lost,
        )

    async def _measured(self, script: Script, window_ns: int | None) -> None:
        # What exists now lives through the round: keep the collector from walking it again and again.
        gc.collect()
        gc.freeze()
        before = read_process_time()
        self._open_window(window_ns)
        try:
            async with anyio.create_task_group() as beside:
                beside.start_soon(self._report)
                beside.start_soon(sample_loop_lag, self._lag_ns, clock)
                try:
                    clients = self._current().plan.concurrency
                    await self._crew.measure(clients, script, self._recorder, self._window)
                finally:
                    beside.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise leaf(group) from group
        finally:
            self._recorder.end_round()
            cost = read_process_time().since(before)
            self._cost = cost.plus(self._cost)
            gc.unfreeze()

    def _open_window(self, window_ns: int | None) -> None:
        """Begin the round and its window at one instant: a round that lasts its window has measured all of it."""
        now_ns = clock()
        self._recorder.begin_round(now_ns)
        self._window = Window(NEVER_NS if window_ns is None else now_ns + window_ns)
        if self._stopped:
            self._window.close(now_ns)

    async def _report(self) -> None:
        """Drain the recorder ten times a second and tell the parent once a second."""
        drains = 0
        while True:
            await anyio.sleep(DRAIN_PERIOD_S)
            self._recorder.drain()
            drains += 1
            if drains % DRAINS_A_SNAPSHOT == 0:
                ok, bad = self._recorder.totals
                self._tell(
                    Snapshot(
                        operation=self._current().plan.operation.name,
                        phase="measure",
                        elapsed_ns=self._recorder.measured_ns,
                        ok=ok,
                        bad=bad,
                        latest=self._recorder.take_interval(),
                    )
                )

    def _measurement(self) -> Measurement:
        generator = GeneratorState(
            wall_ns=self._cost.wall_ns,
            cpu_ns=self._cost.cpu_ns,
            run_queue_ns=self._cost.run_queue_ns,
            loop_lag=count_values(self._lag_ns),
        )
        return replace(
            self._recorder.freeze(),
            warmup_attempts=self._warm_up.attempts,
            warmup_failures=self._warm_up.failures,
            rounds=self._rounds,
            clients=self._current().plan.concurrency,
            generator=generator,
        )

    @property
    def _per_attempt(self) -> int:
        rows = self._current().plan.operation.rows
        return rows.per_attempt if rows else 1

    def _current(self) -> TakeOn:
        if self._task is None:
            raise InternalError("a load process takes on an operation before it measures")
        return self._task

    def _script(self, *, first_row: int, first_attempt: int, attempts: int, repeat: bool = False) -> Script:
        task = self._current()
        arguments = arguments_of(
            task.plan.operation,
            self._source,
            anchor=self._run.anchor,
            rule_values=task.rule_values,
            first_row=first_row,
            first_attempt=first_attempt,
            attempts=attempts,
        )
        return Script(arguments, repeat=repeat)

    def _claims(self, script: Script, first_row: int, attempts: int) -> Claims | None:
        operation = self._current().plan.operation
        if operation.rows is None or not operation.rows.consumed:
            return None
        failed, in_doubt = script.positions()
        return Claims(
            first_row=first_row,
            last_row=first_row + attempts * self._per_attempt - 1,
            per_attempt=self._per_attempt,
            taken=script.taken,
            failed=failed,
            in_doubt=in_doubt,
        )

    async def end(self) -> None:
        """Close all connections."""
        await self._crew.dismiss()
