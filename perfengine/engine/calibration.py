"""Measure the ceiling: one load process of ours, as fast as it goes, against a server that does no work.

Which process was the limit is told from what both of them cost in the same time. Only when it was the load process
is the rate a ceiling; otherwise the ceiling is higher, and the words say so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import floor, log10
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from perfengine.engine.ceiling import Calibration, Limit, store_calibration, this_machine
from perfengine.engine.null_load import LoadFigures, null_load
from perfengine.errors import InternalError
from perfengine.nullserver.launch import null_server
from perfengine.stats.digits import SIGNIFICANT_DIGITS, decimals_for
from perfengine.units import NS_PER_US

if TYPE_CHECKING:
    from pathlib import Path

#: Measures for so many seconds and returns what one load process did.
Measure = Callable[[int], Awaitable[LoadFigures]]
#: Takes a DSN and the number of clients; gives a load process that is connected and warm.
WarmLoad = Callable[[str, int], AbstractAsyncContextManager[Measure]]

#: A load process that ran for no more of the time than this could have done more.
BUSY_SHARE: Final = 0.9
#: Waiting for a processor more than this is worth a word: somebody else had it.
DISTURBED_SHARE: Final = 0.05
#: Fewer may be served in turns with the null server, on one processor.
FEW_CLIENTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """What was measured, and where it is kept."""

    calibration: Calibration
    path: Path

    def lines(self) -> list[str]:
        """Return what it says, for a reader."""
        return [*lines_of(self.calibration), f"kept in {self.path}, for this machine and these versions"]

    def document(self) -> dict[str, Any]:
        """Return the same for a program."""
        return {**asdict(self.calibration), "machine": asdict(this_machine()), "kept_in": str(self.path)}


async def calibrate(clients: int, seconds: int) -> Calibrated:
    """Measure this machine's ceiling and keep it. Raises: PerfengineError when it cannot be kept, InternalError."""
    calibration = await measure_ceiling(null_load, clients, seconds)
    return Calibrated(calibration=calibration, path=store_calibration(calibration))


async def measure_ceiling(warm_load: WarmLoad, clients: int, seconds: int) -> Calibration:
    """Return what a load process does against a null server of its own. Raises: InternalError, TargetError."""
    async with null_server() as server, warm_load(server.dsn, clients) as measure:
        before = await server.cost()
        figures = await measure(seconds)
        busy_share = (await server.cost()).busy_share_since(before)
    return calibration_of(figures, busy_share, clients=clients, seconds=seconds)


def calibration_of(
    figures: LoadFigures, null_server_busy_share: float, *, clients: int, seconds: int
) -> Calibration:
    """Return the calibration that follows from one measurement. Raises: InternalError when it is no good one."""
    rates = [float(figures.ok[second]) for second in range(seconds)]
    if figures.failures or not median(rates):
        failed = "; ".join(sorted(figures.failures)) or "none failed"
        raise InternalError(
            f"the null server was not loaded as it should be: {figures.attempts} attempts in {seconds} s, {failed}"
        )
    cpu_share, run_queue_share = figures.cpu_ns / figures.wall_ns, figures.run_queue_ns / figures.wall_ns
    return Calibration(
        rate_per_s=median(rates),
        rate_per_s_min=min(rates),
        rate_per_s_max=max(rates),
        seconds=seconds,
        clients=clients,
        cpu_us_per_attempt=figures.cpu_ns / NS_PER_US / figures.attempts,
        busy_share=cpu_share + run_queue_share,
        run_queue_share=run_queue_share,
        null_server_busy_share=null_server_busy_share,
        limit=_limit(cpu_share, run_queue_share, null_server_busy_share),
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _limit(cpu_share: float, run_queue_share: float, null_server_busy_share: float) -> Limit:
    """Only a load process that ran all the time has shown what it can do.

    One that waited for a processor may have waited for the null server: with a client or two the system likes to run
    both on the same one, in turns.
    """
    if null_server_busy_share > cpu_share:
        return Limit.NULL_SERVER
    if cpu_share > BUSY_SHARE:
        return Limit.LOAD_PROCESS
    return Limit.PROCESSORS if cpu_share + run_queue_share > BUSY_SHARE else Limit.CLIENTS


def lines_of(calibration: Calibration) -> list[str]:
    """Return the figure with its spread, what it means and what to mind."""
    least = "" if calibration.limit is Limit.LOAD_PROCESS else "at least "
    spread = f"{_rate(calibration.rate_per_s_min)}..{_rate(calibration.rate_per_s_max)}"
    cpu_us = calibration.cpu_us_per_attempt
    figure = (
        f"ceiling: {least}{_rate(calibration.rate_per_s)} operations/s of one load process "
        f"(median of {calibration.seconds} s, {spread}), {cpu_us:.{decimals_for(cpu_us, 0)}f} us CPU each, "
        f"{_clients(calibration.clients)}"
    )
    return [
        figure,
        "   what it does at most: select a row by its key, from a server that answers at once and does no work",
        *_cautions(calibration),
    ]


def _cautions(calibration: Calibration) -> list[str]:
    cautions = []
    if calibration.limit is Limit.NULL_SERVER:
        cautions.append(
            f"   the null server was the limit: it ran {_percent(calibration.null_server_busy_share)} of the time, "
            f"the load process {_percent(calibration.busy_share - calibration.run_queue_share)}"
        )
    if calibration.limit is Limit.CLIENTS:
        cautions.append(
            f"   {_clients(calibration.clients)} kept the load process at work only "
            f"{_percent(calibration.busy_share)} of the time: take more with --concurrency"
        )
    if calibration.run_queue_share > DISTURBED_SHARE:
        cautions.append(
            f"   the load process waited for a processor {_percent(calibration.run_queue_share)} of the time: other "
            f"work on this machine, or the null server, had it; {_remedy(calibration)}"
        )
    return cautions


def _remedy(calibration: Calibration) -> str:
    few = calibration.clients < FEW_CLIENTS
    return "take more clients with --concurrency" if few else "repeat it when the machine is quiet"


def _rate(rate_per_s: float) -> str:
    """Return a rate with three significant digits and a space between thousands: `31 200`."""
    digits = SIGNIFICANT_DIGITS - 1 - floor(log10(rate_per_s)) if rate_per_s else 0
    return f"{round(rate_per_s, min(digits, 0)):,.0f}".replace(",", " ")


def _clients(count: int) -> str:
    return f"{count} client" if count == 1 else f"{count} clients"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
