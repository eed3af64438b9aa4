"""The tables of pgbench: made once by `pgbench --initialize`, and put in order before each arm."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

from benchmarks.table import execute

if TYPE_CHECKING:
    from pathlib import Path

#: Branches; as many as there are clients, or they would queue for the branches' rows. tpcb.yaml draws from as many.
SCALE: Final = 50
#: What `pgbench` itself does before a run unless told not to, and the accounts too.
_IN_ORDER: Final = (
    "TRUNCATE pgbench_history",
    "VACUUM (ANALYZE) pgbench_branches",
    "VACUUM (ANALYZE) pgbench_tellers",
    "VACUUM (ANALYZE) pgbench_accounts",
    "CHECKPOINT",
)


def make_pgbench_tables(dsn: str, program: Path) -> None:
    """Make and fill the tables; some ten seconds and 750 MB."""
    command = (str(program), "--initialize", "--quiet", f"--scale={SCALE}", dsn)
    subprocess.run(command, check=True, capture_output=True)


def put_in_order(dsn: str) -> None:
    """Take out what the arm before has left."""
    execute(dsn, _IN_ORDER)
