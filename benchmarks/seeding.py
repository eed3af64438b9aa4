"""How fast perfengine fills a table, against psql's COPY of the same rows from a file.

`python -m benchmarks.seeding` prints the ratio of the two times, medians of the repeats, for the orders of
scenarios/order.yaml. Both fill the same bare table on the same embedded server, one after the other; keys and indexes
come after the filling and count for neither.
It exits with 1 when the limit is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.arms.perfengine import run_command, workload_options
from benchmarks.intervals import spread_of
from benchmarks.report_limit import Observation, conclude
from benchmarks.run_arm import ROOT
from benchmarks.table import fill_table, make_bare_table
from benchmarks.workload import Filling, Workload, compile_workload, filling_of
from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.server import start_ephemeral
from perfengine.model.sql import quote_identifier

LEAST_RATIO: Final = 0.5
_DOCUMENT: Final = ROOT / "scenarios/order.yaml"
_OPERATION: Final = "order_query"


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seeding", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    workload = compile_workload(_OPERATION, clients=1, rows=options.rows, documents=(_DOCUMENT,))
    filling = filling_of(workload)
    with start_ephemeral(40) as server, tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "rows.tsv"
        make_bare_table(server.dsn, filling)
        fill_table(server.dsn, filling)
        _psql(server.dsn, f"\\copy {quote_identifier(filling.table.name)} to '{file}'")
        pairs = [
            (copy_s(server.dsn, filling, file), seed_s(server.dsn, workload)) for _ in range(options.repeats)
        ]
    copies, seedings = (spread_of([pair[n] for pair in pairs]) for n in (0, 1))
    print(f"{options.rows} rows: psql COPY {copies.median:.2f} s, perfengine {seedings.median:.2f} s")
    ratio = Observation(
        name="speed of seeding ÷ speed of psql COPY",
        unit="",
        spread=spread_of([copied / seeded for copied, seeded in pairs]),
        at_least=LEAST_RATIO,
    )
    return conclude([ratio], options.output)


def copy_s(dsn: str, filling: Filling, file: Path) -> float:
    """Return the seconds of psql's COPY into the empty table."""
    make_bare_table(dsn, filling)
    began = time.perf_counter()
    _psql(dsn, f"\\copy {quote_identifier(filling.table.name)} from '{file}'")
    return time.perf_counter() - began


def seed_s(dsn: str, workload: Workload) -> float:
    """Return the seconds that perfengine itself says it took for the table's data set."""
    options = (
        f"--dsn={dsn}",
        "--iterations=10",
        "--concurrency=1",
        *workload_options(workload),
        "--quiet",
        "--json",
    )
    command = run_command(workload.documents, *options)
    # Limits of the document may fail or stay unproven: the exit code is not what is asked for here.
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if not answer.stdout:
        raise SystemExit(f"perfengine run ended with code {answer.returncode}:\n{answer.stderr}")
    seconds: float = json.loads(answer.stdout)["seeding"][filling_of(workload).table.name]
    return seconds


def _psql(dsn: str, command: str) -> None:
    psql = find_binaries().bin_dir / "psql"
    subprocess.run([psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command, dsn], check=True)


if __name__ == "__main__":
    sys.exit(main())
