"""A run of perfengine that somebody watches, or nobody: the CPU time of its processes while it measures, as JSON.

The display is what the command line shows on this terminal, the run is its run; between the two stands a watch that
reads CPU times when measuring begins and ends.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.process_tree import read_cpu_s
from benchmarks.workload import POINT
from perfengine.cli.progress import progress_display
from perfengine.engine.event_loop import run_async
from perfengine.engine.events import PhaseBegan, detail_of
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.engine.run import run_plan
from perfengine.exporters.exporting import ExportRequest, exporting
from perfengine.live.follow import Follower
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from perfengine.web.showing import showing

if TYPE_CHECKING:
    from perfengine.engine.events import Event, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """CPU seconds so far of the whole tree, and of the parent alone, at an instant."""

    at_s: float
    tree_s: float
    parent_s: float


class Edges:
    """A watch that hands everything on, and reads CPU times at the edges of the measured phase."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.detail = detail_of(watch)
        self.readings: list[Reading] = []

    def __call__(self, event: Event) -> None:
        """Read, where the event is an edge."""
        if isinstance(event, PhaseBegan) and event.plan and event.phase in {"measure", "clean up"}:
            tree_s = read_cpu_s(os.getpid())
            self.readings.append(Reading(at_s=time.monotonic(), tree_s=tree_s, parent_s=time.process_time()))
        self._watch(event)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scripts.live_arm", description=__doc__)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--watched", action="store_true")
    parser.add_argument("--listen", metavar="ADDRESS")
    parser.add_argument("--otlp", metavar="URL")
    parser.add_argument("--web", type=int, metavar="PORT")
    options = parser.parse_args()
    load = LoadSettings(
        concurrency=options.clients,
        duration_ns=round(options.seconds * NS_PER_S),
        filters=("account_query",),
        data_size=10_000,
    )
    target = TargetRequest(dsn=options.dsn)
    # with limits, so that there is something to judge while it runs
    planned = plan_run(RunRequest(paths=(POINT,), load=load, default_requirements=True, target=target))
    exported = ExportRequest(listen=options.listen, otlp=options.otlp is not None, otlp_endpoint=options.otlp)
    follower = None if options.web is None else Follower(time.monotonic())
    with (
        showing(options.web, follower) as view,
        exporting(exported, lambda _: None) as exports,
        progress_display(quiet=not options.watched, no_color=False, follower=follower) as watch,
    ):
        edges = Edges(view.beside(exports.beside(watch)))
        result = run_async(run_plan, planned, target, edges)
    begin, end = edges.readings
    print(
        json.dumps(
            {
                "operations": sum(operation.ok for operation in result.operations),
                "failures": sum(operation.attempts - operation.ok for operation in result.operations),
                "wall_s": end.at_s - begin.at_s,
                "cpu_s": end.tree_s - begin.tree_s,
                "parent_cpu_s": end.parent_s - begin.parent_s,
            }
        )
    )


if __name__ == "__main__":
    main()
