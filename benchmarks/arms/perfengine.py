"""perfengine itself, as a user starts it: `perfengine run --json`, with one load process unless said."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError, Launch, Load
from benchmarks.arms.perfengine_result import read_result, verify
from benchmarks.marks import Edge, Mark
from benchmarks.pgbench_tables import SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.workload import Workload

#: The command as installed beside this interpreter.
PROGRAM: Final = Path(sys.executable).with_name("perfengine")
_PROGRESS: Final = re.compile(r"phase=measure .*\bok=(\d+) bad=(\d+)")
#: Two lines of progress are at most this far apart; the load must go on past the one that ends the phase.
_LINES_EVERY_S: Final = 6
#: An operation alone is called six times by every client, which takes no time; a mix warms up for as long as is said.
_WARMUP: Final[tuple[tuple[str, ...], ...]] = ((), ("--warmup=1s",))


class Progress:
    """Turns lines of progress into the two marks: the first line, and the first one a measured time later.

    The first line comes five seconds after the load began, which is warm-up enough.
    """

    def __init__(self, measured_s: float) -> None:
        self._measured_ns = int(measured_s * 1e9)
        self._start_ns: int | None = None
        self._ended = False

    def read_mark(self, line: str) -> Mark | None:
        """Return the mark when the line is at an edge. Its time is that of its arrival."""
        match = _PROGRESS.search(line)
        if match is None or self._ended:
            return None
        now_ns = time.monotonic_ns()
        edge = Edge.START if self._start_ns is None else Edge.END
        if self._start_ns is None:
            self._start_ns = now_ns
        elif now_ns - self._start_ns < self._measured_ns:
            return None
        self._ended = edge is Edge.END
        return Mark(edge=edge, at_ns=now_ns, operations=int(match[1]), failures=int(match[2]))


@dataclass(frozen=True, slots=True)
class Perfengine:
    """The command, its load processes and whatever else it starts."""

    processes: int = 1
    name: str = "perfengine"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return what is installed. Raises: BenchmarkError when the command is not."""
        if not PROGRAM.exists():
            raise BenchmarkError(f"{PROGRAM} does not exist: pip install -e . there first")
        return {
            "python": sys.version.split()[0],
            **{name: version(name) for name in ("perfengine", "asyncpg", "uvloop", "numpy")},
        }

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        orders, workload = load.orders, load.workload
        seconds = ceil(orders.measured_s) + 2 * _LINES_EVERY_S + 1
        result = load.directory / "result.json"
        options = (
            f"--dsn={orders.dsn}", f"--concurrency={orders.clients}", f"--duration={seconds}s",
            f"--processes={self.processes}", *_WARMUP[len(workload.tasks) > 1], "--json", *workload_options(workload),
        )  # fmt: skip
        return Launch(
            command=run_command(workload.documents, *options),
            stdout=result,
            read_mark=Progress(orders.measured_s).read_mark,
            verify=lambda end, committed: verify(read_result(result.read_text()), end.operations, committed),
        )


def run_command(documents: Sequence[Path], *options: str) -> tuple[str, ...]:
    """Return the command line that runs what the documents say."""
    # what the server has committed is held against what was counted, and a slice of the canary is 2000 commits
    return (str(PROGRAM), "run", *map(str, documents), "--no-canary", *options)


def workload_options(workload: Workload) -> tuple[str, ...]:
    """Return the options that say which operations, and how large the data set is, where there is one."""
    if workload.builtin:  # on tables that it makes just before: what that has left to write is written first
        return (f"--builtin={workload.builtin}", f"--scale={SCALE}", "--stabilise")
    rows = (f"--data-size={workload.data_rows}",) if workload.filling else ()
    return (*(f"--filter={name}" for name in workload.filters), *rows)
