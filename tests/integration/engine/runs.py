"""Runs in this process, with somebody watching their events."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from perfengine.compiler.compile import compile_scenario
from perfengine.engine.event_loop import run_async
from perfengine.engine.events import PhaseBegan
from perfengine.engine.planning import PlannedRun
from perfengine.engine.request import TargetRequest
from perfengine.engine.run import run_plan
from perfengine.model.measurement import Snapshot
from perfengine.model.settings import LoadSettings
from tests.documents import scenario_of
from tests.entities import make_order, make_scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from perfengine.engine.events import Event
    from perfengine.model.plan import PhasePlan
    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary

NOTHING_ASKED = LoadSettings()


def plan_order(settings: LoadSettings) -> PlannedRun:
    """Return what is to be done with the original document's order."""
    scenario = make_scenario(make_order())
    return PlannedRun(scenario=scenario, plan=compile_scenario(scenario, settings))


def plan_documents(*texts: str, settings: LoadSettings = NOTHING_ASKED) -> PlannedRun:
    """Return what is to be done with documents."""
    scenario = scenario_of(*texts)
    return PlannedRun(scenario=scenario, plan=compile_scenario(scenario, settings))


@dataclass
class Meddler:
    """Does something in a thread of its own, beside a run; what it raises is raised at the end of the block."""

    work: Callable[[PhasePlan], None]
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))
    _done: list[Future[None]] = field(default_factory=list)

    def __call__(self, phase: PhasePlan) -> None:
        """Begin, and let the run go on."""
        self._done.append(self._pool.submit(self.work, phase))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        for future in self._done:
            future.result()


@dataclass
class Watcher:
    """Hears the events of a run, and does something when a part of a phase begins."""

    when: dict[str, Callable[[PhasePlan], None]] = field(default_factory=dict)
    heard: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Take an event."""
        self.heard.append(event)
        if isinstance(event, PhaseBegan) and event.plan is not None and event.phase in self.when:
            self.when[event.phase](event.plan)


class Onset(Watcher):
    """Does something once, as soon as ok attempts are known of: the load is under way then, whatever the pace."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work
        self.ok = 0  #: attempts that were known of then

    def __call__(self, event: Event) -> None:
        """Take an event."""
        super().__call__(event)
        if isinstance(event, Snapshot) and event.ok and not self.ok:
            self.ok = event.ok
            self._work()


def run_order(dsn: str, settings: LoadSettings, watcher: Watcher | None = None) -> RunResult:
    """Return the result of a run of the order on a server."""
    return run_async(run_plan, plan_order(settings), TargetRequest(dsn=dsn), watcher or Watcher())


def run_documents(
    dsn: str, *texts: str, settings: LoadSettings = NOTHING_ASKED, watcher: Watcher | None = None
) -> RunResult:
    """Return the result of a run of documents on a server."""
    planned = plan_documents(*texts, settings=settings)
    return run_async(run_plan, planned, TargetRequest(dsn=dsn), watcher or Watcher())


def summary_of(result: RunResult, name: str) -> OperationSummary:
    """Return what an operation of a run did."""
    return next(one for one in result.operations if one.operation.name == name)


def load_processes(parent: int | None = None) -> list[int]:
    """Return the process ids of the load processes of a process, ours unless said."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listing.stdout.splitlines()]
    wanted = str(parent or os.getpid())
    return [
        int(pid) for pid, ppid, command in rows if ppid == wanted and "perfengine.engine.worker" in command
    ]
