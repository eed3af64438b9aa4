"""All arms do the same work."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.arms.pgbench import script_of
from benchmarks.process_tree import read_cpu_s, read_memory
from benchmarks.scripts.orders import VARIABLE, Orders, read_orders, write_orders
from benchmarks.workload import OPERATIONS, Workload, compile_workload

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module", params=OPERATIONS)
def workload(request: pytest.FixtureRequest) -> Workload:
    """Compile one of the operations for a hundred rows."""
    return compile_workload(request.param, clients=4, rows=100)


def test_arguments_name_rows_that_exist(workload: Workload) -> None:
    """Every key lies in the range that pgbench draws from, and in the table."""
    keys = [values[workload.key - 1] for values in workload.arguments]
    assert workload.first_key <= min(keys) <= max(keys) <= workload.last_key <= workload.table_rows


def test_pgbench_sends_the_same_statement(workload: Workload) -> None:
    """Its script is the compiled text with variables in place of the placeholders."""
    draw, statement = script_of(workload).rstrip().split("\n")
    assert draw == f"\\set argument{workload.key} random({workload.first_key}, {workload.last_key})"
    assert statement.replace(":argument", "$") == f"{workload.sql};"


def test_orders_survive_their_file(
    workload: Workload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load process reads the very argument tuples, types and all."""
    orders = Orders(
        dsn="postgresql:///",
        operation=workload.operation,
        sql=workload.sql,
        key=workload.key,
        clients=4,
        warmup_s=2,
        measured_s=10,
        arguments=list(workload.arguments[:50]),
    )
    write_orders(orders, tmp_path / "orders.json")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "orders.json"))
    assert read_orders() == orders


def test_clients_share_the_arguments_out(workload: Workload) -> None:
    """Each argument tuple belongs to exactly one client."""
    orders = Orders(
        dsn="", operation="", sql="", key=1, clients=4, warmup_s=0, measured_s=0, arguments=workload.arguments
    )
    shares = [orders.of_client(client) for client in range(4)]
    assert sum(map(len, shares)) == len(workload.arguments)
    assert sorted(values for share in shares for values in share) == sorted(workload.arguments)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_tree_has_cpu_and_memory() -> None:
    """The process that asks has used some of both."""
    memory = read_memory(os.getpid())
    assert 0 < memory.pss_bytes <= memory.rss_bytes
    assert read_cpu_s(os.getpid()) > 0
