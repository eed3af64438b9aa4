"""perfengine against the bare driver, pgbench, Locust and dbworkload, on one embedded server, round by round.

`python -m benchmarks.compare` runs every arm once a round, in an order drawn anew for each round, prints the tables
after the last one and writes the JSON. It exits with 1 when a limit is missed, with 3 when an arm could not run.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError
from benchmarks.arms.bare import Bare
from benchmarks.arms.others import Dbworkload, Locust
from benchmarks.arms.perfengine import Perfengine
from benchmarks.arms.pgbench import Pgbench
from benchmarks.comparison import hold_to_limits
from benchmarks.document import Circumstances, write_document
from benchmarks.machine import describe_machine
from benchmarks.rounds import Settings, run_round
from benchmarks.run_arm import ROOT
from benchmarks.table import configure_server
from benchmarks.tables import render_operation
from benchmarks.workload import OPERATIONS, compile_workload
from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.server import start_ephemeral

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.arms.arm import Arm
    from benchmarks.comparison import Round
    from benchmarks.workload import Workload

    #: Operation to its rounds so far.
    Rounds = dict[str, list[Round]]

#: perfengine's own session, the harness and autovacuum come on top of the clients.
_SPARE_CONNECTIONS: Final = 20
_EXIT_MISSED: Final = 1
_EXIT_BROKEN: Final = 3


def main() -> int:
    """Run the comparison; return the exit code."""
    options = _parse()
    settings = Settings(
        rounds=options.rounds,
        measured_s=options.seconds,
        warmup_s=options.warmup,
        clients=options.clients,
        rows=options.rows,
        seed=options.seed,
    )
    try:
        rounds = _compare(settings, _arms(options), options.operation or OPERATIONS, options.output)
    except BenchmarkError as error:
        print(f"benchmark broken off: {error}", file=sys.stderr)
        return _EXIT_BROKEN
    for operation, figures in rounds.items():
        print(render_operation(operation, figures), end="\n\n")
    print(f"all rounds: {options.output}")
    held = all(holding.holds for figures in rounds.values() for holding in hold_to_limits(figures))
    return 0 if held else _EXIT_MISSED


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="9 give an interval of 96 %%")
    parser.add_argument("--seconds", type=float, default=10.0, help="measured phase of one arm in one round")
    parser.add_argument("--warmup", type=float, default=2.0, help="seconds of the same load before it")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="of the order of the arms")
    parser.add_argument("--operation", action="append", choices=OPERATIONS, help="repeatable; default: all")
    parser.add_argument("--without", action="append", default=[], metavar="ARM", help="leave an arm out")
    parser.add_argument("--output", type=Path, default=ROOT / "perf-results/benchmarks/compare.json")
    return parser.parse_args()


def _arms(options: argparse.Namespace) -> list[Arm]:
    pgbench = find_binaries().bin_dir / "pgbench"
    if sys.platform != "linux":
        raise BenchmarkError("CPU time and memory of a process tree are read from /proc: this needs Linux")
    arms: list[Arm] = [Perfengine(), Bare(), Pgbench(pgbench), Locust(), Dbworkload()]
    unknown = set(options.without) - {arm.name for arm in arms}
    if unknown:
        raise BenchmarkError(f"no such arm: {', '.join(unknown)}; there are {[arm.name for arm in arms]}")
    return [arm for arm in arms if arm.name not in options.without]


def _compare(settings: Settings, arms: Sequence[Arm], operations: Sequence[str], output: Path) -> Rounds:
    started_at, machine = datetime.now(UTC), describe_machine()
    versions = {arm.name: arm.versions for arm in arms}  # what is missing is found before an hour has passed
    workloads = [compile_workload(name, settings.clients, settings.rows) for name in operations]
    with start_ephemeral(settings.clients + _SPARE_CONNECTIONS) as server:
        circumstances = Circumstances(
            started_at=started_at.isoformat(timespec="seconds"),
            machine=machine,
            server={**server.settings, **configure_server(server.dsn), "file_system": server.file_system},
            versions=versions,
            settings=asdict(settings),
            statements={workload.operation: workload.sql for workload in workloads},
        )
        rounds: Rounds = {}
        for rounds in _growing_rounds(settings, arms, workloads, server.dsn):
            # Written after every round: whatever ends the rest, the rounds before it are not lost.
            write_document(output, circumstances, rounds)
    return rounds


def _growing_rounds(
    settings: Settings, arms: Sequence[Arm], workloads: Sequence[Workload], dsn: str
) -> Iterator[Rounds]:
    """Yield all rounds so far after each of them."""
    rounds: Rounds = {workload.operation: [] for workload in workloads}
    order = random.Random(settings.seed)
    for number in range(1, settings.rounds + 1):
        for workload in workloads:
            print(f"round {number} of {settings.rounds}, {workload.operation}:", file=sys.stderr, flush=True)
            shuffled = order.sample(list(arms), len(arms))
            rounds[workload.operation].append(run_round(shuffled, workload, settings, dsn))
        yield rounds


if __name__ == "__main__":
    sys.exit(main())
