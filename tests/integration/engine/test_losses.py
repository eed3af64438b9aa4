"""Connections, servers and load processes that are lost on the way: what was measured stays, and stays true."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.embedded.postmaster import running_postmaster
from perfengine.embedded.server import start_ephemeral
from perfengine.engine.events import Note
from perfengine.errors import ExitCode, InternalError, TargetError
from perfengine.judging.exit_code import exit_code
from perfengine.model.outcome import Outcome
from perfengine.model.result import Ending
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.integration.engine.looking import CLIENTS, OURS, SANDBOXES
from tests.integration.engine.runs import Meddler, Onset, Watcher, load_processes, run_order

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan
    from perfengine.model.summary import OperationSummary
    from tests.integration.engine.looking import Onlooker

#: Long enough for somebody else to end sessions at work when a second of it was told, on a machine that is busy.
CONFIRM = LoadSettings(
    concurrency=8, duration_ns=3 * NS_PER_S, data_size=100, filters=("single_order_confirm",)
)
QUERY = LoadSettings(concurrency=8, duration_ns=3 * NS_PER_S, data_size=100, filters=("order_query",))
LONG = LoadSettings(
    concurrency=8, duration_ns=30 * NS_PER_S, data_size=100, filters=("order_query", "order_create")
)
LOSSES = 3


def lose_connections(onlooker: Onlooker) -> None:
    """End sessions of clients."""
    ended = onlooker.fetch(
        f"SELECT pg_terminate_backend(pid) FROM (SELECT pid {CLIENTS} LIMIT {LOSSES}) AS client"
    )
    assert [row[0] for row in ended] == [True] * LOSSES


@pytest.mark.parametrize(
    ("settings", "error_class"),
    [
        pytest.param(CONFIRM, "in_doubt", id="a write is in doubt"),
        pytest.param(QUERY, "connection_lost", id="a read is lost"),
    ],
)
def test_a_lost_connection_is_counted_and_the_run_goes_on(
    inhabited: str, onlooker: Onlooker, settings: LoadSettings, error_class: str
) -> None:
    """Each is one error; the client comes back, and the rows are those of the ok attempts all the same.

    Of a quick query a machine with one processor shows nobody that it is at work: the run tells that it is.
    """
    loses = Onset(lambda: lose_connections(onlooker))
    result = run_order(inhabited, settings, loses)
    (summary,) = result.operations
    assert (result.ended, result.incomplete, summary.cut_short) == (Ending.COMPLETE, None, None)
    assert losses_of(summary) == {error_class: LOSSES}
    assert summary.ok == summary.attempts - LOSSES >= loses.ok > 0
    assert summary.rows is not None
    assert summary.rows.verified
    assert summary.rows.in_doubt == (LOSSES if error_class == "in_doubt" else 0)
    assert onlooker.fetch(SANDBOXES) == []


def losses_of(summary: OperationSummary) -> dict[str, int]:
    """Return the failures of an operation by class, all of them errors."""
    failures = summary.measurement.failures
    assert all(failure.outcome is Outcome.ERROR for failure in failures)
    counts: dict[str, int] = {}
    for failure, count in failures.items():
        counts[failure.error_class] = counts.get(failure.error_class, 0) + count
    return counts


def test_the_end_of_the_runs_own_session_ends_the_run(inhabited: str, onlooker: Onlooker) -> None:
    """Without its lock the run is not safe from a clean-up: it keeps what it has, and cleans up after itself."""

    def end_own_session() -> None:
        own = onlooker.value(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        onlooker.value("SELECT pg_terminate_backend($1)", own)

    settings = LoadSettings(
        concurrency=4,
        duration_ns=3 * NS_PER_S,
        data_size=100,
        filters=("order_create", "single_order_confirm"),
    )
    result = run_order(inhabited, settings, Onset(end_own_session))
    (summary,) = result.operations
    assert summary.ok > 0
    assert result.ended is Ending.FAILED
    assert result.incomplete is not None
    assert result.incomplete.startswith("postgresql://perfengine@/")
    assert "closed" in result.incomplete
    assert onlooker.fetch(SANDBOXES) == []
    onlooker.wait_for_the_last_session()


def test_a_server_that_is_killed_ends_the_run_and_keeps_what_was_measured() -> None:
    """The operation that was loading is cut short, the result says why, and what may be left is named."""
    running = start_ephemeral()
    try:
        postmaster = running_postmaster(running.server.directory / "data")
        assert postmaster is not None
        watcher = Onset(lambda: os.kill(postmaster, signal.SIGKILL))
        result = run_order(running.server.dsn, LONG, watcher)
    finally:
        running.stop()
    (summary,) = result.operations
    assert summary.ok >= watcher.ok > 0
    assert summary.cut_short is not None
    assert summary.cut_short == result.incomplete
    assert result.ended is Ending.FAILED
    assert "the server was lost while loading and did not come back" in summary.cut_short
    assert "connection refused: is the server running there" in summary.cut_short
    assert "\n" not in summary.cut_short
    last = [event.text for event in watcher.heard if isinstance(event, Note)][-1]
    assert "may be left" in last
    assert "perfengine cleanup" in last


def test_a_server_that_is_killed_before_anything_was_measured_is_a_target_error() -> None:
    """There is no result then; one line says what happened."""
    running = start_ephemeral()
    try:
        postmaster = running_postmaster(running.server.directory / "data")
        assert postmaster is not None
        watcher = Watcher({"warm-up": lambda _: os.kill(postmaster, signal.SIGKILL)})
        with pytest.raises(TargetError) as caught:
            run_order(running.server.dsn, QUERY, watcher)
    finally:
        running.stop()
    assert str(caught.value).startswith("postgresql://perfengine@")
    assert "\n" not in str(caught.value)


def kill_load_process(onlooker: Onlooker) -> None:
    """Kill the load process when it has inserted something."""
    count = f'FROM {onlooker.sandbox()}."order"'
    before = onlooker.value(f"SELECT count(*) {count}")
    onlooker.wait_for(f"SELECT count(*) > {before} {count}")
    (pid,) = load_processes()
    os.kill(pid, signal.SIGKILL)


def test_a_load_process_that_is_killed_is_reported_and_cleaned_up_after(
    inhabited: str, onlooker: Onlooker
) -> None:
    """The signal is named; the sandbox is dropped although nobody closed the clients' connections.

    It is killed in a warm-up that would go on for long: nothing was measured, however late somebody comes to kill it.
    """
    before = onlooker.everything()
    settings = replace(LONG, warmup_ns=60 * NS_PER_S, filters=("order_create",))
    with pytest.raises(InternalError, match="the load process was killed by signal 9 while it was needed"):  # noqa: SIM117
        with Meddler(lambda _: kill_load_process(onlooker)) as meddler:
            run_order(inhabited, settings, Watcher({"warm-up": meddler}))
    assert onlooker.everything() == before
    onlooker.wait_for(f"SELECT count(*) = 0 {OURS}")
    assert load_processes() == []


def test_a_load_process_that_is_killed_later_costs_the_rest_only(inhabited: str, onlooker: Onlooker) -> None:
    """The operations before it are in the result, which is marked as failed."""
    settings = LoadSettings(
        concurrency=4, duration_ns=NS_PER_S // 5, data_size=100, filters=("order_query", "order_create")
    )

    def kill_at_the_second(phase: PhasePlan) -> None:
        if phase.name != first.get("name", phase.name):
            (pid,) = load_processes()
            os.kill(pid, signal.SIGKILL)
        first.setdefault("name", phase.name)

    first: dict[str, str] = {}
    result = run_order(inhabited, settings, Watcher({"measure": kill_at_the_second}))
    assert [summary.operation.name for summary in result.operations] == [first["name"]]
    assert result.ended is Ending.FAILED
    assert "was killed by signal 9" in (result.incomplete or "")
    assert onlooker.fetch(SANDBOXES) == []


@pytest.mark.parametrize("processes", [1, 2])
def test_what_was_measured_until_a_load_process_was_killed_is_kept(
    inhabited: str, onlooker: Onlooker, processes: int
) -> None:
    """To its last second; the run has failed all the same, says so, and the other process was stopped."""
    before = onlooker.everything()
    killer = Onset(lambda: os.kill(load_processes()[-1], signal.SIGKILL))
    result = run_order(inhabited, replace(LONG, processes=processes, filters=("order_create",)), killer)
    (summary,) = result.operations
    assert summary.ok >= killer.ok > 0
    assert result.ended is Ending.FAILED
    assert "was killed by signal 9" in (result.incomplete or "")
    assert summary.cut_short == result.incomplete
    assert summary.rows is None  # which rows its last attempts had, nobody knows
    assert exit_code(result) is ExitCode.RUN
    assert onlooker.everything() == before
    onlooker.wait_for(f"SELECT count(*) = 0 {OURS}")
    assert load_processes() == []


def test_a_load_process_that_is_killed_when_all_is_measured_costs_nothing(
    inhabited: str, onlooker: Onlooker
) -> None:
    """The run has failed, and its last phase is in the result: it used to be lost with the answer to the good-bye."""
    settings = LoadSettings(concurrency=2, iterations=40, data_size=100, filters=("order_query",))
    kill = Watcher({"clean up": lambda _: os.kill(load_processes()[0], signal.SIGKILL)})
    result = run_order(inhabited, settings, kill)
    (summary,) = result.operations
    assert (summary.ok, summary.attempts) == (40, 40)
    assert result.ended is Ending.FAILED
    assert "was killed by signal 9" in (result.incomplete or "")
    assert exit_code(result) is ExitCode.RUN
    assert onlooker.fetch(SANDBOXES) == []
