"""The canary of a run: slices of it while no attempt is measured, as few as show whether the ground has moved."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from perfengine.database.canary import SLICE_NS, canary_slice
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from perfengine.database.connect import Connection
    from perfengine.engine.request import RunRequest
    from perfengine.model.canary import CanarySlice
    from perfengine.model.plan import Plan
    from perfengine.model.scenario import Scenario

#: Runs that measure for as long have a canary unless told otherwise: two slices are 5 % of it.
LEAST_MEASURED_NS: Final = 10 * NS_PER_S
#: Between the first slice and the last: so much of the measured time at most, and in all no more than that.
SHARE: Final = 0.025
MOST_NS: Final = 2 * NS_PER_S


def wants_canary(request: RunRequest, scenario: Scenario, plan: Plan) -> bool:
    """Return whether the run is to have a canary: as asked, else where it will be compared, now or later.

    Now: with a baseline. Later: where the result is written as JSON, of a measured time of ten seconds or more.
    """
    if request.canary is not None:
        return request.canary
    if request.baseline is not None:
        return True
    is_kept = request.prints_json or _keeps_result(request.report_paths) or _asks_for_json(scenario)
    return is_kept and (planned_ns(plan, request.repeats) or 0) >= LEAST_MEASURED_NS


def _keeps_result(paths: Iterable[Path]) -> bool:
    """Return whether one of the reports is the result, with everything, rather than figures for a chart."""
    others = (".smaller.json", ".bigger.json")
    return any(path.name.endswith(".json") and not path.name.endswith(others) for path in paths)


def _asks_for_json(scenario: Scenario) -> bool:
    return any(report.format == "json" for one in scenario.entities for report in one.performance.reports)


def planned_ns(plan: Plan, repeats: int) -> int | None:
    """Return how long will be measured in all; None where iterations say that."""
    durations = [phase.duration_ns for phase in plan.phases]
    return None if None in durations else repeats * sum(filter(None, durations))


class RunCanary:
    """Takes a slice before the first round, one after the last, and others between, over the run's own session."""

    def __init__(
        self,
        connection: Connection,
        slices: list[CanarySlice],
        planned_ns: int | None,
        clock: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        """What it measures goes to `slices`; with `planned_ns` of measured time slices are spread over all of it."""
        self._connection = connection
        self._slices = slices
        self._clock = clock
        self._before_ns = 0  #: measured time of the phases before
        self._took_ns = self._between_ns = 0  #: all of them, and those after the first
        self._share = SHARE
        if planned_ns:
            self._share = min(SHARE, (MOST_NS - 2 * SLICE_NS) / planned_ns)

    async def silence(self, elapsed_ns: int, *, phase_over: bool = False, run_over: bool = False) -> None:
        """Take a slice if one is due, after so much measured time of this phase. No attempt may be under way.

        Raises: what the driver raises.
        """
        measured_ns = self._before_ns + elapsed_ns
        if phase_over:
            self._before_ns = measured_ns
        if run_over or self._is_due(measured_ns):
            await self._take(measured_ns)

    def _is_due(self, measured_ns: int) -> bool:
        """Return whether it is the first, or the share of the measured time and the last one leave room for it."""
        if not self._slices:
            return True
        is_little = self._between_ns + SLICE_NS <= self._share * measured_ns
        return is_little and self._took_ns + 2 * SLICE_NS <= MOST_NS

    async def _take(self, measured_ns: int) -> None:
        began_ns, is_first = self._clock(), not self._slices
        self._slices.append(await canary_slice(self._connection, measured_ns, clock=self._clock))
        took_ns = self._clock() - began_ns
        self._took_ns += took_ns
        self._between_ns += 0 if is_first else took_ns
