"""The open model beside `pgbench --rate`: how late attempts begin, how long they take, and whether none is missing.

`python -m benchmarks.open_model` runs the point select at 1000/s and at 500/s with Poisson arrivals, perfengine and
pgbench in turn, the driver alone at 500/s, and perfengine at 1000/s with constant arrivals, in an order drawn anew
for each round. It prints medians of the rounds and writes the JSON. It exits with 1 when a limit is missed, with 3
when an arm could not run.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError
from benchmarks.arms.pgbench import Pgbench
from benchmarks.intervals import spread_of
from benchmarks.open_arms import run_bare, run_perfengine, run_pgbench
from benchmarks.open_limits import observations_of
from benchmarks.report_limit import conclude
from benchmarks.rounds import Settings
from benchmarks.run_arm import ROOT
from benchmarks.table import configure_server, make_table
from benchmarks.workload import compile_workload, filling_of
from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.server import start_ephemeral
from perfengine.model.load import Arrival

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.open_figures import OpenFigures
    from benchmarks.open_limits import Arm, Round
    from benchmarks.workload import Workload

RATES_PER_S: Final = (1000, 500)
CONSTANT_RATE_PER_S: Final = 1000
_ARMS: Final[tuple[Arm, ...]] = (
    *((name, rate_per_s) for rate_per_s in RATES_PER_S for name in ("perfengine", "pgbench")),
    ("bare asyncpg", 500),
    ("perfengine, constant", CONSTANT_RATE_PER_S),
)
_EXIT_BROKEN: Final = 3


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.open_model", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="9 give an interval of 96 %%")
    parser.add_argument("--seconds", type=float, default=10.0, help="measured phase of one arm in one round")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--output", type=Path, default=ROOT / "perf-results/benchmarks/open_model.json")
    options = parser.parse_args()
    settings = Settings(
        rounds=options.rounds,
        measured_s=options.seconds,
        warmup_s=2.0,
        clients=options.clients,
        rows=10_000,
        seed=1,
    )
    try:
        rounds = _take_rounds(settings)
    except BenchmarkError as error:
        print(f"benchmark broken off: {error}", file=sys.stderr)
        return _EXIT_BROKEN
    print(_render(rounds), end="\n\n")
    details = [
        [{"arm": arm, "rate_per_s": rate_per_s, **asdict(found)} for (arm, rate_per_s), found in each.items()]
        for each in rounds
    ]
    return conclude(observations_of(rounds), options.output, settings=asdict(settings), rounds=details)


def _take_rounds(settings: Settings) -> list[Round]:
    workload = compile_workload("account_query", clients=settings.clients, rows=settings.rows)
    order = random.Random(settings.seed)
    with start_ephemeral(settings.clients + 20) as server:
        configure_server(server.dsn)
        make_table(server.dsn, filling_of(workload))
        return [
            _take_round(number, order.sample(_ARMS, len(_ARMS)), workload, settings, server.dsn)
            for number in range(1, settings.rounds + 1)
        ]


def _take_round(number: int, arms: Sequence[Arm], workload: Workload, settings: Settings, dsn: str) -> Round:
    print(f"round {number} of {settings.rounds}:", file=sys.stderr, flush=True)
    figures = {}
    for arm in arms:
        found = figures[arm] = _run(arm, workload, settings, dsn)
        print(
            f"  {arm[0]:<20} {arm[1]:>5}/s  late {found.lateness_p50_us:>5.0f} µs, service "
            f"{found.service_p50_us:>5.0f} µs",
            file=sys.stderr,
            flush=True,
        )
    return figures


def _run(arm: Arm, workload: Workload, settings: Settings, dsn: str) -> OpenFigures:
    name, rate_per_s = arm
    if name == "pgbench":
        program = Pgbench(find_binaries().bin_dir / "pgbench")
        return run_pgbench(program, workload, settings, dsn, rate_per_s)
    if name == "bare asyncpg":
        return run_bare(workload, settings, dsn, rate_per_s)
    arrival = Arrival.CONSTANT if name.endswith("constant") else Arrival.POISSON
    return run_perfengine(workload, settings, dsn, rate_per_s, arrival)


def _render(rounds: Sequence[Round]) -> str:
    """Return a line an arm: the median of each figure with its interval."""
    names = ("lateness_p50_us", "lateness_p99_us", "service_p50_us", "service_p95_us", "ok_per_s")
    lines = [f"{'':<28}" + "".join(f"{name.removesuffix('_us').replace('_', ' '):>24}" for name in names)]
    for arm in _ARMS:
        spreads = (spread_of([getattr(each[arm], name) for each in rounds]) for name in names)
        cells = (f"{spread.median:.0f} [{spread.low:.0f}, {spread.high:.0f}]" for spread in spreads)
        lines.append(f"{arm[0]:<20} {arm[1]:>5}/s" + "".join(f"{cell:>24}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
