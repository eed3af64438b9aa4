"""What this process costs: CPU time, and time spent ready to run without a processor."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

#: Linux: "cpu_ns run_queue_ns slices" of the main thread, which runs the event loop.
_SCHEDSTAT = Path("/proc/self/schedstat")


@dataclass(frozen=True, slots=True)
class ProcessTime:
    """Two readings subtract to what an interval cost; nanoseconds."""

    wall_ns: int
    cpu_ns: int
    run_queue_ns: int

    def since(self, earlier: ProcessTime) -> ProcessTime:
        """Return the time between `earlier` and this reading."""
        return ProcessTime(
            wall_ns=self.wall_ns - earlier.wall_ns,
            cpu_ns=self.cpu_ns - earlier.cpu_ns,
            run_queue_ns=self.run_queue_ns - earlier.run_queue_ns,
        )


def read_process_time() -> ProcessTime:
    """Return the reading now; run-queue wait is 0 where the system does not tell (macOS)."""
    return ProcessTime(
        wall_ns=time.perf_counter_ns(), cpu_ns=time.process_time_ns(), run_queue_ns=_run_queue_ns()
    )


def _run_queue_ns() -> int:
    try:
        return int(_SCHEDSTAT.read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
