"""All arms do the same work."""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from benchmarks.arms.pgbench import scripts_of, variables_of
from benchmarks.pgbench_tables import SCALE
from benchmarks.process_tree import read_cpu_s, read_memory
from benchmarks.scripts.orders import VARIABLE, Orders, read_orders, write_orders
from benchmarks.workload import MIX, POINT, TPCB, Workload, compile_workload, filling_of

if TYPE_CHECKING:
    from pathlib import Path

#: pgbench's own script, as `pgbench --show-script=tpcb-like` prints it.
TPCB_LIKE = """\
BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
UPDATE pgbench_tellers SET tbalance = tbalance + :delta WHERE tid = :tid;
UPDATE pgbench_branches SET bbalance = bbalance + :delta WHERE bid = :bid;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (:tid, :bid, :aid, :delta, CURRENT_TIMESTAMP);
END;
"""


def compiled(name: str) -> Workload:
    """Return a workload for a hundred rows."""
    documents = {"account_mix": (POINT, MIX), "tpcb": (TPCB,)}.get(name, (POINT,))
    return compile_workload(name, clients=4, rows=100, documents=documents, alone=name != "account_mix")


@pytest.fixture(scope="module", params=["account_query", "account_update", "account_mix", "tpcb"])
def workload(request: pytest.FixtureRequest) -> Workload:
    """Compile one of the workloads."""
    return compiled(request.param)


def orders_of(workload: Workload, attempts: int) -> Orders:
    """Return the orders of so many attempts."""
    return Orders(
        dsn="postgresql:///",
        name=workload.name,
        tasks=workload.tasks,
        clients=4,
        warmup_s=2,
        measured_s=10,
        items=list(workload.items[:attempts]),
    )


def test_arguments_lie_where_pgbench_draws_them(workload: Workload) -> None:
    """Every value that pgbench draws lies in its range; every key in the table."""
    assert all(workload.draws)
    for number, values in workload.items:
        for place, (low, high) in workload.draws[number].items():
            assert low <= values[place] <= high
    if workload.filling is not None:
        assert max(high for draws in workload.draws for _, high in draws.values()) <= workload.filling.rows


def test_pgbench_sends_the_same_statements(workload: Workload) -> None:
    """Its scripts are the compiled texts with variables in place of the placeholders."""
    for number, (task, script) in enumerate(zip(workload.tasks, scripts_of(workload), strict=True)):
        text = "\n".join(line for line in script.splitlines() if not line.startswith("\\set"))
        for statement in task.statements:
            sql = statement.sql
            for place, argument in reversed(list(enumerate(statement.bindings, 1))):
                sql = sql.replace(f"${place}", f":argument{number}_{argument}")
            assert f"{sql};" in text
        assert text.startswith("BEGIN;") == text.endswith("COMMIT;") == task.explicit


def test_pgbench_has_a_value_for_each_argument(workload: Workload) -> None:
    """What is not drawn is set by the command line, once."""
    scripts, variables = scripts_of(workload), variables_of(workload)
    for number, script in enumerate(scripts):
        _, values = next(item for item in workload.items if item[0] == number)
        drawn = {f"argument{number}_{place}" for place in workload.draws[number]}
        assert {line.split()[1] for line in script.splitlines() if line.startswith("\\set")} == drawn
        told = {
            name for text in variables if (name := text[9:].split("=")[0]).startswith(f"argument{number}_")
        }
        assert told.isdisjoint(drawn)
        assert len(told | drawn) == len(values)


def test_the_transaction_is_that_of_pgbench() -> None:
    """Statement by statement, but for the schema that is named, and COMMIT for END."""
    (script,) = scripts_of(compiled("tpcb"))
    text = " ".join(line for line in script.splitlines() if not line.startswith("\\set")).replace(
        "public.", ""
    )
    names = {f":argument0_{place}": name for place, name in enumerate((":delta", ":aid", ":tid", ":bid"))}
    for argument, name in names.items():
        text = text.replace(argument, name)
    assert text.split() == TPCB_LIKE.replace("END;", "COMMIT;").split()


def test_the_transaction_draws_from_all_rows() -> None:
    """As many branches, tellers and accounts as pgbench makes at this scale, and its deltas."""
    (draws,) = compiled("tpcb").draws
    expected = [(-5000, 5000), (1, 100_000 * SCALE), (1, 10 * SCALE), (1, SCALE)]
    assert [draws[place] for place in range(4)] == expected


def test_the_mix_has_as_many_of_both() -> None:
    """One to one, and not in turns: whoever waits for a lock does not hold up a fixed partner."""
    items = compiled("account_mix").items
    counts = Counter(number for number, _ in items)
    assert counts[0] == counts[1]
    assert len({tuple(number for number, _ in items[n : n + 4]) for n in range(0, len(items), 4)}) > 2


def test_orders_survive_their_file(
    workload: Workload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load process reads the very attempts, types and all."""
    orders = orders_of(workload, 50)
    write_orders(orders, tmp_path / "orders.json")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "orders.json"))
    assert read_orders() == orders


def test_clients_share_the_attempts_out(workload: Workload) -> None:
    """Each attempt belongs to exactly one client."""
    orders = orders_of(workload, 1003)
    shares = [orders.of_client(client) for client in range(4)]
    assert sum(map(len, shares)) == 1003
    assert sorted(map(id, (item for share in shares for item in share))) == sorted(map(id, orders.items))


def test_only_a_workload_with_a_table_has_one() -> None:
    """The tables of pgbench are pgbench's."""
    assert filling_of(compiled("account_query")).table.name == "account"
    with pytest.raises(TypeError, match="pgbench"):
        filling_of(compiled("tpcb"))


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_tree_has_cpu_and_memory() -> None:
    """The process that asks has used some of both."""
    memory = read_memory(os.getpid())
    assert 0 < memory.pss_bytes <= memory.rss_bytes
    assert read_cpu_s(os.getpid()) > 0
