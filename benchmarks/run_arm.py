"""One load of one arm, from the start of its processes to the figures of its measured phase."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, TYPE_CHECKING, Final

from benchmarks.arms.arm import Arm, BenchmarkError, Launch, Load
from benchmarks.marks import Edge, Mark
from benchmarks.process_tree import read_cpu_s, watch_peak_memory
from benchmarks.scripts.orders import VARIABLE, write_orders
from benchmarks.table import count_commits

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
#: Start-up and shut-down of the slowest arm, many times over; then the arm is taken for hung.
_PATIENCE_S: Final = 90
_TAIL_LINES: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one load of one arm showed between the edges of its measured phase."""

    operations: float
    wall_s: float
    cpu_s: float
    peak_pss_bytes: int  #: over the whole life of the tree
    peak_rss_bytes: int

    @property
    def rate_per_s(self) -> float:
        """Operations per second of wall time."""
        return self.operations / self.wall_s

    @property
    def cpu_us(self) -> float:
        """CPU microseconds of the whole tree per operation."""
        return self.cpu_s * 1e6 / self.operations


def run_arm(arm: Arm, load: Load) -> Figures:
    """Run the load and return its figures.

    Raises: BenchmarkError when the arm fails, misses an edge, counts a failure, does not end, or has counted what
    the server does not know of.
    """
    write_orders(load.orders, load.orders_path)
    try:
        return _run(arm.launch(load), load)
    except BenchmarkError as error:
        raise BenchmarkError(f"{arm.name}, {load.orders.name}: {error}") from error


def _run(launch: Launch, load: Load) -> Figures:
    committed = count_commits(load.orders.dsn)
    with _started(launch, load) as process, watch_peak_memory(process.pid) as peaks:
        watch = _Watch(process, launch)
        watch.read_to_end()
    watch.verify(count_commits(load.orders.dsn) - committed)
    return watch.figures(peaks[0].pss_bytes, peaks[0].rss_bytes)


class _Watch:
    """Reads the output of the process and the CPU time of its tree at the two edges."""

    def __init__(self, process: subprocess.Popen[str], launch: Launch) -> None:
        self._process = process
        self._launch = launch
        self._edges: dict[Edge, tuple[Mark, float]] = {}
        self._tail: list[str] = []

    def read_to_end(self) -> None:
        for line in (self._process.stderr if self._launch.stdout else self._process.stdout) or ():
            self._read(line)
            if Edge.END in self._edges and not self._launch.ends_itself:
                _end_session(self._process.pid)
                break
        code = self._process.wait()
        if (code and self._launch.ends_itself) or len(self._edges) < len(Edge):
            tail = "\n  ".join(self._tail)
            raise BenchmarkError(f"exit code {code}, edges seen: {len(self._edges)} of 2\n  {tail}")

    def _read(self, line: str) -> None:
        self._tail = [*self._tail[-_TAIL_LINES:], line.rstrip()]
        mark = self._launch.read_mark(line)
        if mark is not None:
            self._edges[mark.edge] = (mark, read_cpu_s(self._process.pid))

    def verify(self, committed: int) -> None:
        end, _ = self._edges[Edge.END]
        self._launch.verify(end, committed)

    def figures(self, peak_pss_bytes: int, peak_rss_bytes: int) -> Figures:
        (start, cpu_before_s), (end, cpu_after_s) = self._edges[Edge.START], self._edges[Edge.END]
        failures = end.failures - start.failures
        operations = self._launch.count(start, end)
        if failures or operations <= 0:
            raise BenchmarkError(f"{operations:.0f} operations, {failures} failures in the measured phase")
        return Figures(
            operations=operations,
            wall_s=(end.at_ns - start.at_ns) / 1e9,
            cpu_s=cpu_after_s - cpu_before_s,
            peak_pss_bytes=peak_pss_bytes,
            peak_rss_bytes=peak_rss_bytes,
        )


@contextmanager
def _started(launch: Launch, load: Load) -> Iterator[subprocess.Popen[str]]:
    """Yield the running process in a session of its own, which is gone afterwards whatever happened."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        VARIABLE: str(load.orders_path),
        **launch.environment,
    }
    with _stdout(launch) as stdout:
        process = subprocess.Popen(
            launch.command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE if launch.stdout else subprocess.STDOUT,
            text=True,
            cwd=load.directory,
            env=environment,
            start_new_session=True,
        )
    limit_s = load.orders.warmup_s + load.orders.measured_s + _PATIENCE_S
    watchdog = Timer(limit_s, _end_session, [process.pid])
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        _end_session(process.pid)
        process.wait()


@contextmanager
def _stdout(launch: Launch) -> Iterator[int | IO[str]]:
    if launch.stdout is None:
        yield subprocess.PIPE
    else:
        with launch.stdout.open("w") as file:
            yield file


def _end_session(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
