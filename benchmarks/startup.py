"""How long a user waits: `perfengine --help`, and `perfengine run` until the first warm-up on an embedded server.

`python -m benchmarks.startup` prints seconds, medians of the repeats. It exits with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.arms.perfengine import PROGRAM, run_command
from benchmarks.intervals import spread_of
from benchmarks.report_limit import Observation, conclude
from benchmarks.workload import POINT

HELP_LIMIT_S: Final = 0.5
WARM_UP_LIMIT_S: Final = 5.0
ROWS: Final = 10_000


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    subprocess.run([PROGRAM, "--help"], check=True, stdout=subprocess.DEVNULL)  # byte code is compiled once
    helps = [help_s() for _ in range(options.repeats)]
    warm_ups = [warm_up_s() for _ in range(options.repeats)]
    return conclude(
        [
            Observation(name="perfengine --help", unit="s", spread=spread_of(helps), at_most=HELP_LIMIT_S),
            Observation(
                name=f"perfengine run to the first warm-up, embedded server, {ROWS} rows",
                unit="s",
                spread=spread_of(warm_ups),
                at_most=WARM_UP_LIMIT_S,
            ),
        ],
        options.output,
    )


def help_s() -> float:
    """Return the seconds that `perfengine --help` takes."""
    began = time.perf_counter()
    subprocess.run([PROGRAM, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def warm_up_s() -> float:
    """Return the seconds from the start of `perfengine run` to the line that says the warm-up began."""
    command = run_command(
        (POINT,), "--filter=account_query", "--embedded", "--iterations=100", f"--data-size={ROWS}"
    )
    began, reached = time.perf_counter(), None
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr or ():
            if reached is None and "phase=warm-up" in line:
                reached = time.perf_counter() - began
    if process.returncode or reached is None:
        raise SystemExit(
            f"perfengine run ended with code {process.returncode}, warm-up seen: {reached is not None}"
        )
    return reached


if __name__ == "__main__":
    sys.exit(main())
