"""perfengine against the bare driver, pgbench, Locust and dbworkload, on one embedded server, round by round.

`python -m benchmarks.compare` runs every arm of every contest once a round, in an order drawn anew for each round,
prints the tables after the last one and writes the JSON. It exits with 1 when a limit is missed, with 3 when an arm
could not run.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError
from benchmarks.contests import CONTESTS, Contest, Outcome, contest_of
from benchmarks.document import Circumstances, write_document
from benchmarks.machine import describe_machine
from benchmarks.pgbench_tables import make_pgbench_tables
from benchmarks.rounds import Settings, run_round
from benchmarks.run_arm import ROOT
from benchmarks.table import configure_server
from benchmarks.tables import render_contest
from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.server import start_ephemeral

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        outcomes = _compare(settings, _contests(options), options.output)
    except BenchmarkError as error:
        print(f"benchmark broken off: {error}", file=sys.stderr)
        return _EXIT_BROKEN
    for outcome in outcomes:
        contest = outcome.contest
        print(render_contest(contest.name, contest.limits, outcome.rounds), end="\n\n")
    print(f"all rounds: {options.output}")
    held = all(holding.holds for outcome in outcomes for holding in outcome.holdings)
    return 0 if held else _EXIT_MISSED


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="9 give an interval of 96 %%")
    parser.add_argument("--seconds", type=float, default=10.0, help="measured phase of one arm in one round")
    parser.add_argument("--warmup", type=float, default=5.0, help="seconds of the same load before it")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="of the order of the arms")
    parser.add_argument("--contest", action="append", choices=CONTESTS, help="repeatable; default: all")
    parser.add_argument("--without", action="append", default=[], metavar="ARM", help="leave an arm out")
    parser.add_argument("--output", type=Path, default=ROOT / "perf-results/benchmarks/compare.json")
    return parser.parse_args()


def _contests(options: argparse.Namespace) -> list[Contest]:
    if sys.platform != "linux":
        raise BenchmarkError("CPU time and memory of a process tree are read from /proc: this needs Linux")
    pgbench = find_binaries().bin_dir / "pgbench"
    contests = [
        contest_of(name, clients=options.clients, rows=options.rows, pgbench=pgbench)
        for name in options.contest or CONTESTS
    ]
    known = {arm.name for contest in contests for arm in contest.arms}
    unknown = set(options.without) - known
    if unknown:
        raise BenchmarkError(f"no such arm: {', '.join(unknown)}; there are {sorted(known)}")
    return [
        replace(contest, arms=tuple(arm for arm in contest.arms if arm.name not in options.without))
        for contest in contests
    ]


def _compare(settings: Settings, contests: Sequence[Contest], output: Path) -> list[Outcome]:
    started_at, machine = datetime.now(UTC), describe_machine()
    # what is missing is found before an hour has passed
    versions = {arm.name: arm.versions for contest in contests for arm in contest.arms}
    with start_ephemeral(settings.clients + _SPARE_CONNECTIONS) as server:
        circumstances = Circumstances(
            started_at=started_at.isoformat(timespec="seconds"),
            machine=machine,
            server={**server.settings, **configure_server(server.dsn), "file_system": server.file_system},
            versions=versions,
            settings=asdict(settings),
            statements=_statements(contests),
        )
        if any(contest.workload.filling is None for contest in contests):
            make_pgbench_tables(server.dsn, find_binaries().bin_dir / "pgbench")
        outcomes = [Outcome(contest=contest) for contest in contests]
        for _ in _growing_rounds(settings, outcomes, server.dsn):
            # Written after every round: whatever ends the rest, the rounds before it are not lost.
            write_document(output, circumstances, outcomes)
    return outcomes


def _statements(contests: Sequence[Contest]) -> dict[str, list[str]]:
    tasks = (task for contest in contests for task in contest.workload.tasks)
    return {task.name: [statement.sql for statement in task.statements] for task in tasks}


def _growing_rounds(settings: Settings, outcomes: Sequence[Outcome], dsn: str) -> Iterator[int]:
    """Yield the number of each round once all outcomes have it."""
    order = random.Random(settings.seed)
    for number in range(1, settings.rounds + 1):
        for outcome in outcomes:
            contest = outcome.contest
            print(f"round {number} of {settings.rounds}, {contest.name}:", file=sys.stderr, flush=True)
            shuffled = order.sample(contest.arms, len(contest.arms))
            outcome.rounds.append(run_round(shuffled, contest.workload, settings, dsn))
        yield number


if __name__ == "__main__":
    sys.exit(main())
