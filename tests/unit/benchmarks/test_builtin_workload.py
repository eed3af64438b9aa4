"""The built-in scripts of pgbench as contests: the same statements and values for all arms."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.arms.perfengine import run_command, workload_options
from benchmarks.contests import BUILTINS, contest_of
from benchmarks.pgbench_tables import SCALE
from benchmarks.workload import Workload, builtin_workload


@pytest.fixture(scope="module")
def tpcb_like() -> Workload:
    """Return the workload of the most statements."""
    return builtin_workload("pgbench_tpcb_like", "tpcb-like", clients=4)


def test_all_arms_make_the_five_statements(tpcb_like: Workload) -> None:
    """Between BEGIN and COMMIT; each with its own of the attempt's values."""
    (task,) = tpcb_like.tasks
    assert task.explicit
    assert [statement.sql.split()[0] for statement in task.statements] == [
        "UPDATE", "SELECT", "UPDATE", "UPDATE", "INSERT",
    ]  # fmt: skip
    (_, values), *_ = tpcb_like.items
    assert max(place for one in task.statements for place in one.bindings) == len(values) - 1


def test_values_are_of_the_tables_that_pgbench_makes(tpcb_like: Workload) -> None:
    """Of all the branches that there are."""
    (task,) = tpcb_like.tasks
    branch_of = task.statements[3].bindings[1]
    branches = {values[branch_of] for _, values in tpcb_like.items[:5000]}
    assert branches == set(range(1, SCALE + 1))


@pytest.mark.parametrize(("contest", "builtin"), list(BUILTINS.items()))
def test_perfengine_runs_the_script_itself(contest: str, builtin: str) -> None:
    """As a user asks for it."""
    workload = contest_of(contest, clients=2, rows=1, pgbench=Path("pgbench")).workload
    options = (f"--builtin={builtin}", f"--scale={SCALE}", "--stabilise")
    assert workload_options(workload) == options
    assert not workload.documents


def test_no_canary_is_in_the_counts_of_the_server() -> None:
    """Two thousand commits that were no attempts once broke a contest off."""
    assert "--no-canary" in run_command((), "--json")
