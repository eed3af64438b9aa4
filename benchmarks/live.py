"""What it costs that a run is watched: the live view on a terminal, and with it all that tells others.

`python -m benchmarks.live` runs the point select at full speed, with the limits of `--requirements default`, on a
pseudo-terminal of 120 columns and 40 lines: quiet, with the live view, and with the live view, a page that Prometheus
scrapes, pushes over OTLP and the web page with a reader. The three of a round come in an order drawn anew; a ratio is
that of one round. CPU is that of the whole process tree while it measures, without the
server. What is watched costs the parent, so what it adds is told apart too: what the load process costs an operation
differs more from run to run than that. It exits with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import socket
import struct
import subprocess
import sys
import termios
import threading
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError
from benchmarks.intervals import spread_of
from benchmarks.listeners import listening
from benchmarks.report_limit import Observation, conclude
from benchmarks.run_arm import ROOT
from perfengine.embedded.server import start_ephemeral

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What watching may add to the CPU of an operation.
LIMIT: Final = 0.02
QUIET, LIVE, ALL = "quiet", "live view", "live view and all exporters"
ARMS: Final = (QUIET, LIVE, ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run showed while it measured."""

    operations: int
    failures: int
    wall_s: float
    cpu_s: float
    parent_cpu_s: float

    @property
    def rate_per_s(self) -> float:
        """Operations a second."""
        return self.operations / self.wall_s

    @property
    def cpu_us(self) -> float:
        """CPU microseconds of the tree per operation."""
        return self.cpu_s * 1e6 / self.operations

    @property
    def parent_share(self) -> float:
        """CPU seconds of the parent a second, in percent."""
        return 100 * self.parent_cpu_s / self.wall_s


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=12.0, help="one push over OTLP in ten")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    order, rounds = Random(1), []
    with start_ephemeral(options.clients + 20) as server:
        for number in range(options.rounds):
            costs = {
                arm: run_once(arm, server.dsn, options.clients, options.seconds)
                for arm in order.sample(ARMS, len(ARMS))
            }
            rounds.append(costs)
            print(f"round {number + 1}: " + ", ".join(f"{arm} {costs[arm].cpu_us:.1f} us" for arm in ARMS))
    entries = [{arm: asdict(cost) for arm, cost in costs.items()} for costs in rounds]
    return conclude(list(observations(rounds)), options.output, rounds=entries)


def observations(rounds: Sequence[dict[str, Cost]]) -> Iterator[Observation]:
    """Yield what the rounds show: ratios inside each round, and the parent's own CPU."""
    for arm in (LIVE, ALL):
        yield Observation(
            name=f"{arm}, CPU that it adds to the parent, over that of the quiet tree",
            unit="",
            spread=spread_of([_added(costs[arm], costs[QUIET]) for costs in rounds]),
            at_most=LIMIT,
            decimals=4,
        )
        yield Observation(
            name=f"{arm} / quiet, CPU per operation",
            unit="",
            spread=spread_of([costs[arm].cpu_us / costs[QUIET].cpu_us for costs in rounds]),
            at_most=1 + LIMIT,
            decimals=4,
        )
        yield Observation(
            name=f"{arm} / quiet, operations/s",
            unit="",
            spread=spread_of([costs[arm].rate_per_s / costs[QUIET].rate_per_s for costs in rounds]),
            decimals=4,
        )
    for arm in ARMS:
        yield Observation(
            name=f"{arm}, CPU of the parent",
            unit="%",
            spread=spread_of([costs[arm].parent_share for costs in rounds]),
        )


def _added(watched: Cost, quiet: Cost) -> float:
    """Return the CPU of the parent a second that a quiet run has not, over all CPU a second of that one."""
    more = watched.parent_cpu_s / watched.wall_s - quiet.parent_cpu_s / quiet.wall_s
    return more / (quiet.cpu_s / quiet.wall_s)


def run_once(arm: str, dsn: str, clients: int, seconds: float) -> Cost:
    """Return what one run showed. Raises: BenchmarkError when it fails, counts a failure or is not listened to."""
    command = (f"--dsn={dsn}", f"--clients={clients}", f"--seconds={seconds}")
    if arm == QUIET:
        return _run(arm, command)
    if arm == LIVE:
        return _run(arm, (*command, "--watched"))
    page, web = _free_port(), _free_port()
    with listening(page, web) as (collector, heard):
        exporting = (f"--listen=127.0.0.1:{page}", f"--otlp={collector}", f"--web={web}")
        cost = _run(arm, (*command, "--watched", *exporting))
    heard.require_all()
    return cost


def _run(arm: str, options: Sequence[str]) -> Cost:
    with _terminal() as slave:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.scripts.live_arm", *options],
            cwd=ROOT, env=os.environ | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=slave, check=False,
        )  # fmt: skip
    if done.returncode:
        raise BenchmarkError(f"{arm}: exit code {done.returncode}")
    cost = Cost(**json.loads(done.stdout))
    if cost.failures or not cost.operations:
        raise BenchmarkError(f"{arm}: {cost.operations} operations, {cost.failures} failures")
    return cost


@contextmanager
def _terminal() -> Iterator[int]:
    """Give a terminal on which everything is read away as it comes."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def drain() -> None:
        with suppress(OSError):  # Linux: the other end is closed
            while os.read(master, 65536):
                pass

    reader = threading.Thread(target=drain)
    reader.start()
    try:
        yield slave
    finally:
        os.close(slave)
        reader.join()
        os.close(master)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
