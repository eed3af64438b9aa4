"""More clients than connections: a thousand on ninety, whether all goes well and what memory it takes.

`python -m benchmarks.many_clients` runs the point select at full speed against an embedded server. Memory is the
greatest sum over the whole process tree, read every half second from start to end; the server is not in it.
It exits with 1 when a limit is missed, with 3 when perfengine could not run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError
from benchmarks.arms.perfengine import run_command
from benchmarks.arms.perfengine_result import Result, read_result
from benchmarks.intervals import spread_of
from benchmarks.process_tree import watch_peak_memory
from benchmarks.report_limit import Observation, conclude
from benchmarks.run_arm import ROOT
from benchmarks.workload import POINT
from perfengine.embedded.server import start_ephemeral

if TYPE_CHECKING:
    from benchmarks.process_tree import Memory

CLIENTS: Final = 1000
CONNECTIONS: Final = 90
MEMORY_LIMIT_MB: Final = 400.0
_OPERATION: Final = "account_query"
_MB: Final = 1e6
_EXIT_BROKEN: Final = 3


def main() -> int:
    """Run and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_clients", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--output", type=Path, default=ROOT / "perf-results/benchmarks/many_clients.json")
    options = parser.parse_args()
    try:
        result, memory = _run(options.seconds)
    except BenchmarkError as error:
        print(f"benchmark broken off: {error}", file=sys.stderr)
        return _EXIT_BROKEN
    entry = result.operations[_OPERATION]
    waited_ms = entry["pool_wait"]["median"] * 1000
    print(
        f"{entry['concurrency']} clients on {entry['connections']} connections, {entry['measured']:.1f} s: "
        f"{entry['throughput']:.0f} attempts a second, wait for a turn p50 {waited_ms:.1f} ms"
    )
    return conclude(
        observations_of(result, memory), options.output, connections=entry["connections"], clients=CLIENTS
    )


def _run(seconds: int) -> tuple[Result, Memory]:
    """Return the result and the peak of the tree. Raises: BenchmarkError when there is no result."""
    with start_ephemeral(CONNECTIONS + 20) as server:
        command = run_command(
            (POINT,), f"--filter={_OPERATION}", f"--dsn={server.dsn}", f"--concurrency={CLIENTS}",
            f"--connections={CONNECTIONS}", f"--duration={seconds}s", "--data-size=10000", "--json", "--quiet",
        )  # fmt: skip
        pipe = subprocess.PIPE
        with (
            subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process,
            watch_peak_memory(process.pid) as peaks,
        ):
            out, err = process.communicate()
    if process.returncode:
        raise BenchmarkError(f"perfengine ended with code {process.returncode}:\n{err}")
    result = read_result(out)
    entry = result.operations[_OPERATION]
    if (entry["concurrency"], entry["connections"]) != (CLIENTS, CONNECTIONS):
        raise BenchmarkError(f"{entry['concurrency']} clients on {entry['connections']} connections")
    return result, peaks[0]


def observations_of(result: Result, memory: Memory) -> list[Observation]:
    """Return what is judged."""
    return [
        Observation(
            name="attempts that were not ok",
            unit="",
            spread=spread_of([float(result.bad)]),
            at_most=0,
            decimals=0,
        ),
        *(
            Observation(
                name=f"peak memory of the process tree, {name}",
                unit="MB",
                spread=spread_of([size / _MB]),
                at_most=MEMORY_LIMIT_MB,
                decimals=1,
            )
            for name, size in (("resident", memory.rss_bytes), ("proportional", memory.pss_bytes))
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
