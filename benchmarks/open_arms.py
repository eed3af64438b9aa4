"""The arms of the open model: each runs once and returns its figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError
from benchmarks.arms.perfengine import run_command, workload_options
from benchmarks.arms.perfengine_result import read_result, verify
from benchmarks.open_figures import figures_of_delays, figures_of_entry, figures_of_log, scheduled
from benchmarks.pgbench_log import measured, read_log
from benchmarks.rounds import new_load
from benchmarks.run_arm import ROOT
from benchmarks.scripts.orders import VARIABLE, write_orders
from benchmarks.table import count_commits
from perfengine.model.load import Arrival, OpenLoad
from perfengine.units import NS_PER_US

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.arms.pgbench import Pgbench
    from benchmarks.open_figures import OpenFigures
    from benchmarks.rounds import Settings
    from benchmarks.workload import Workload

POISSON: Final = Path(__file__).with_name("poisson.yaml")
#: pgbench must still be at work when the measured phase is over.
_SPARE_S: Final = 2
_PATIENCE_S: Final = 90.0


def run_perfengine(
    workload: Workload, settings: Settings, dsn: str, rate_per_s: int, arrival: Arrival
) -> OpenFigures:
    """Return what `perfengine run --rate` says, once the server has borne it out. Raises: BenchmarkError."""
    documents = (*workload.documents, *([POISSON] if arrival is Arrival.POISSON else []))
    command = run_command(
        documents, *workload_options(workload), f"--dsn={dsn}", f"--rate={rate_per_s}/s",
        f"--concurrency={settings.clients}", f"--seed={workload.seed}", f"--warmup={settings.warmup_s:g}s",
        f"--duration={settings.measured_s:g}s", "--json", "--quiet",
    )  # fmt: skip
    committed = count_commits(dsn)
    answer = _output_of(command, settings)
    result = read_result(answer)
    verify(result, 0, count_commits(dsn) - committed)
    load = OpenLoad(rate_per_s=rate_per_s, arrival=arrival, clients=settings.clients)
    due = scheduled(load, workload.seed, settings.measured_s)
    return figures_of_entry(result.operations[workload.name], due)


def run_pgbench(
    pgbench: Pgbench, workload: Workload, settings: Settings, dsn: str, rate_per_s: int
) -> OpenFigures:
    """Return what the log of `pgbench --rate` says. Raises: BenchmarkError."""
    seconds = int(settings.warmup_s + settings.measured_s + _SPARE_S)
    with new_load(workload, settings, dsn) as load:
        prefix = load.directory / "log"
        options = (f"--rate={rate_per_s}", f"--time={seconds}", "--log", f"--log-prefix={prefix}")
        _output_of(pgbench.command(load, *options), settings)
        lines = [line for path in load.directory.glob("log.*") for line in path.read_text().splitlines()]
    transactions = measured(read_log(lines), settings.warmup_s, settings.measured_s)
    return figures_of_log(transactions, settings.measured_s)


def run_bare(workload: Workload, settings: Settings, dsn: str, rate_per_s: int) -> OpenFigures:
    """Return what the driver alone shows. Raises: BenchmarkError."""
    options = (f"--rate={rate_per_s}", f"--seed={workload.seed}")
    with new_load(workload, settings, dsn) as load:
        write_orders(load.orders, load.orders_path)
        command = (sys.executable, "-m", "benchmarks.scripts.bare_open", *options)
        told = json.loads(_output_of(command, settings, {VARIABLE: str(load.orders_path)}))
    lateness_us, service_us = ([each / NS_PER_US for each in told[name]] for name in ("lateness", "service"))
    return figures_of_delays(lateness_us, service_us, settings.measured_s)


def _output_of(
    command: Sequence[str], settings: Settings, environment: Mapping[str, str] | None = None
) -> str:
    """Return stdout. Raises: BenchmarkError when the command fails or does not end."""
    limit_s = settings.warmup_s + settings.measured_s + _PATIENCE_S
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            timeout=limit_s,
            cwd=ROOT,
            env=os.environ | (environment or {}),
        ).stdout
    except subprocess.CalledProcessError as error:
        raise BenchmarkError(f"{command[0]} ended with code {error.returncode}:\n{error.stderr}") from error
    except subprocess.TimeoutExpired as error:
        raise BenchmarkError(f"{command[0]} did not end within {limit_s:g} s") from error
