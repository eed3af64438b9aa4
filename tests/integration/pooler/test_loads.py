"""Many users on few server sessions: a mix, an open load, several processes, operations written in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.integration.engine.runs import Watcher
from tests.integration.pooler.bouncer import POOL_SIZE
from tests.integration.pooler.runs import SCENARIOS, Pooled, require_sound

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

POOLED = "workload:\n  prepare: false\n  warmup: 500ms\n"
STAGES = "[{duration: 0s, target: 200/s}, {duration: 3s, target: 200/s}]"
MIX = ("order_status_query", "recent_orders", "single_order_confirm", "checkout")
#: The watch of the run and the onlooker look past the pooler, and so does the run's own session.
PAST_THE_POOLER = 3


def test_a_mix_of_fifty_users_and_two_processes(pooled: Pooled, tmp_path: Path, onlooker: Onlooker) -> None:
    """Fifty clients share ten server sessions without an error."""
    (tmp_path / "pooled.yaml").write_text(POOLED)
    sessions: list[int] = []
    count = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend'"  # autovacuum comes when it likes
    )
    result = pooled.run(
        SCENARIOS / "checkout_mix.yaml",
        tmp_path / "pooled.yaml",
        load=LoadSettings(concurrency=50, duration_ns=2 * NS_PER_S, processes=2, data_size=1000),
        watcher=Watcher({"clean up": lambda _: sessions.append(onlooker.value(count))}),
    )
    found = require_sound(result, *MIX)
    assert result.processes == 2
    assert any(note.startswith("session: statement_timeout: not set") for note in result.notes)
    assert {one.connections for one in found.values()} == {50}
    assert found["single_order_confirm"].rows is not None
    assert found["single_order_confirm"].rows.expected
    assert sessions[0] <= POOL_SIZE + PAST_THE_POOLER


def test_an_open_load(pooled: Pooled, tmp_path: Path) -> None:
    """Every arrival is accounted for, and the table that set-up made is the one that is read."""
    (tmp_path / "pooled.yaml").write_text(f"{POOLED}  stages: {STAGES}\n")
    result = pooled.run(SCENARIOS / "rate.yaml", tmp_path / "pooled.yaml", load=LoadSettings())
    found = require_sound(result, "read_balance", "deposit")
    due = sum(one.due for one in found.values())
    assert sum(one.attempts + one.measurement.dropped for one in found.values()) == due
    assert 450 < due < 750


def test_a_workload_in_python(pooled: Pooled, tmp_path: Path, onlooker: Onlooker) -> None:
    """Its statements mean the sandbox, though a table of that name is in `public` too; two processes."""
    (tmp_path / "pooled.yaml").write_text(POOLED)
    sums: list[int] = []

    def look(_: object) -> None:
        sums.append(onlooker.value(f"SELECT sum(balance)::bigint FROM {onlooker.sandbox()}.account"))

    result = pooled.run(
        SCENARIOS / "read_mostly.py",
        tmp_path / "pooled.yaml",
        load=LoadSettings(concurrency=20, iterations=2000, processes=2),
        watcher=Watcher({"clean up": look}),
    )
    found = require_sound(result, "point_read", "range_read", "deposit")
    assert result.processes == 2
    assert sums[0] >= found["deposit"].ok
