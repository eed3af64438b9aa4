"""Whether perfengine's memory grows while it loads: resident memory after ten minutes against after one.

`python -m benchmarks.memory` runs the point select at full speed with one load process and reads the resident set
size of the whole process tree once a second. It exits with 1 when the limit is missed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.arms.perfengine import run_command
from benchmarks.intervals import spread_of
from benchmarks.process_tree import read_memory
from benchmarks.report_limit import Observation, conclude
from benchmarks.workload import POINT
from perfengine.embedded.server import start_ephemeral

GROWTH_LIMIT_MB: Final = 10.0
#: Figures are medians over this many seconds, so that no single reading decides.
_SECONDS_A_FIGURE: Final = 15
_CLIENTS: Final = 50


def main() -> int:
    """Run and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with start_ephemeral(_CLIENTS + 20) as server:
        resident = watch_resident(server.dsn, options.minutes * 60)
    early, late = (median(resident[end - _SECONDS_A_FIGURE : end]) for end in (60, len(resident)))
    print(f"resident: {early:.1f} MB after 1 minute, {late:.1f} MB after {options.minutes:g}, ", end="")
    print(f"peak {max(resident):.1f} MB")
    growth = Observation(
        name="growth of resident memory", unit="MB", spread=spread_of([late - early]), at_most=GROWTH_LIMIT_MB
    )
    return conclude([growth], options.output)


def watch_resident(dsn: str, seconds: float) -> list[float]:
    """Return the resident megabytes of the tree, one reading a second of the measure phase."""
    options = (
        "--filter=account_query",
        f"--dsn={dsn}",
        f"--concurrency={_CLIENTS}",
        f"--duration={seconds + 5:g}s",
        "--data-size=10000",
    )
    command = run_command((POINT,), *options)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr or ():
            if "phase=measure" in line:
                break
        began, resident = time.monotonic(), list[float]()
        while len(resident) < seconds:
            time.sleep(max(0.0, began + len(resident) + 1 - time.monotonic()))  # a reading a second
            resident.append(read_memory(process.pid).rss_bytes / 1e6)
            if process.poll() is not None:
                raise SystemExit(f"perfengine ended with code {process.returncode} after {len(resident)} s")
        process.communicate()
    return resident


if __name__ == "__main__":
    sys.exit(main())
