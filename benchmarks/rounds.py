"""Rounds: every arm once, in an order drawn anew, each on a table made anew."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.arms.arm import Load
from benchmarks.pgbench_tables import put_in_order
from benchmarks.run_arm import run_arm
from benchmarks.scripts.orders import Orders
from benchmarks.table import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.arms.arm import Arm
    from benchmarks.comparison import Round
    from benchmarks.run_arm import Figures
    from benchmarks.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How much of it."""

    rounds: int
    measured_s: float
    warmup_s: float
    clients: int
    rows: int
    seed: int  #: of the order of the arms


def run_round(arms: Sequence[Arm], workload: Workload, settings: Settings, dsn: str) -> Round:
    """Return the figures of every arm, run in the order given; each is told on stderr as soon as it is known.

    Raises: BenchmarkError when an arm fails.
    """
    figures = {}
    for arm in arms:
        _prepare(dsn, workload)
        found = figures[arm.name] = _run_arm(arm, workload, settings, dsn)
        print(
            f"  {arm.name:<14}{found.rate_per_s:>9.0f}/s {found.cpu_us:>7.2f} µs", file=sys.stderr, flush=True
        )
    return figures


def _prepare(dsn: str, workload: Workload) -> None:
    if workload.filling is None:
        put_in_order(dsn)
    else:
        make_table(dsn, workload.filling)


def _run_arm(arm: Arm, workload: Workload, settings: Settings, dsn: str) -> Figures:
    with new_load(workload, settings, dsn) as load:
        return run_arm(arm, load)


@contextmanager
def new_load(workload: Workload, settings: Settings, dsn: str) -> Iterator[Load]:
    """Give the load for an arm to run, with an empty directory, which is gone after the block."""
    orders = Orders(
        dsn=dsn,
        name=workload.name,
        tasks=workload.tasks,
        clients=settings.clients,
        warmup_s=settings.warmup_s,
        measured_s=settings.measured_s,
        items=workload.items,
    )
    with tempfile.TemporaryDirectory(prefix="perfengine-bench-") as name:
        directory = Path(name) / "work"
        directory.mkdir()
        path = Path(name) / "orders.json"
        yield Load(orders=orders, orders_path=path, directory=directory, workload=workload)
