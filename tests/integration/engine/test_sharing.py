"""More clients than connections: they take turns, and how long they wait for theirs is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.events import Note
from perfengine.errors import TargetError
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.integration.engine.looking import CLIENTS
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Watcher, run_documents

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan
    from tests.integration.engine.looking import Onlooker

pytestmark = pytest.mark.timed

SLEEP = workload("""\
    duration: 1s
    warmup: 0
    ops:
      sleep: {sql: SELECT pg_sleep(0.01), read_only: true}
""")
SETTINGS = LoadSettings(concurrency=300, connections=20, filters=("sleep",))


@pytest.mark.parametrize("processes", [1, 2])
def test_three_hundred_clients_share_twenty_connections(
    inhabited: str, onlooker: Onlooker, processes: int
) -> None:
    """None fails, and what an attempt takes is what it waits and what it works."""
    there: list[int] = []

    def count(_: PhasePlan) -> None:
        there.append(int(onlooker.value(f"SELECT count(*) {CLIENTS}")))

    settings = replace(SETTINGS, processes=processes)
    watcher = Watcher({"measure": count, "clean up": count})
    result = run_documents(inhabited, PARCEL, SLEEP, settings=settings, watcher=watcher)
    (summary,) = result.operations
    assert there == [20, 20]  # before the first attempt and after the last
    assert (summary.concurrency, summary.connections) == (300, 20)
    assert summary.ok == summary.attempts >= 300  # however slow the machine is, a client ends what it begins
    assert summary.latency is not None
    assert summary.pool_wait is not None
    assert summary.service is not None
    # by Little's law: 300 clients, of whom 20 are served at a time
    assert summary.pool_wait.mean == pytest.approx(summary.latency.mean * 280 / 300, rel=0.1)
    assert summary.service.percentiles[50.0] == pytest.approx(10e6, rel=0.25)
    parts = summary.pool_wait.mean + summary.service.mean
    assert summary.latency.mean == pytest.approx(parts, rel=1e-6)
    used = next(one for one in result.watched if one.metric == "connection_pool_utilization")
    assert used.mean is not None
    assert used.mean > 0.9


def test_nobody_waits_who_holds_a_connection(inhabited: str) -> None:
    """There is no pool then, and the wait is 0."""
    settings = LoadSettings(concurrency=5, iterations=50, filters=("sleep",))
    (summary,) = run_documents(inhabited, PARCEL, SLEEP, settings=settings).operations
    assert summary.connections == 5
    assert summary.pool_wait is not None
    assert summary.pool_wait.maximum == 0


def test_clients_share_what_the_server_has_left(inhabited: str, onlooker: Onlooker) -> None:
    """Nobody said how many connections: a note says how many there are."""
    limit = int(onlooker.value("SHOW max_connections"))
    watcher = Watcher()
    settings = LoadSettings(concurrency=limit + 200, duration_ns=NS_PER_S // 2, filters=("sleep",))
    (summary,) = (
        result := run_documents(inhabited, PARCEL, SLEEP, settings=settings, watcher=watcher)
    ).operations
    assert summary.ok == summary.attempts > 0
    assert limit - 20 < summary.connections < limit
    words = f"{limit + 200} clients share {summary.connections} connections: the server has no more for them"
    assert words in result.notes
    assert f"note: {words}" in [event.text for event in watcher.heard if isinstance(event, Note)]


def test_more_connections_than_the_server_has_are_refused(inhabited: str, onlooker: Onlooker) -> None:
    """One line before anything is loaded, and nothing is left behind."""
    before = onlooker.everything()
    settings = LoadSettings(concurrency=1000, connections=900, iterations=1000, filters=("sleep",))
    with pytest.raises(TargetError, match=r"900 connections were asked for and \d+ can be had") as caught:
        run_documents(inhabited, PARCEL, SLEEP, settings=settings)
    assert "\n" not in str(caught.value)
    assert "lower --connections or raise max_connections" in str(caught.value)
    assert onlooker.everything() == before
