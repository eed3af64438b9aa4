"""However a run is ended, what is not ours is as it was, and nothing of ours stays for long."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.events import PhaseBegan
from perfengine.model.result import Ending
from perfengine.model.settings import LoadSettings
from tests.integration.embedded.processes import wait_for_end
from tests.integration.engine.commands import Command, loading, running
from tests.integration.engine.looking import SANDBOXES
from tests.integration.engine.runs import Watcher, run_order

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.engine.events import Event
    from tests.integration.engine.looking import Onlooker


def wait_until_it_loads(command: Command, onlooker: Onlooker) -> str:
    """Return the sandbox when some hundred orders were inserted while measuring."""
    command.wait_until_it_says("phase=measure")
    schema = onlooker.sandbox()
    before = onlooker.value(f'SELECT count(*) FROM {schema}."order"')
    onlooker.wait_for(f'SELECT count(*) > {before + 100} FROM {schema}."order"')
    return schema


def clean_up(directory: Path, dsn: str, *options: str) -> tuple[int, str]:
    """Return exit code and words of `perfengine cleanup`."""
    with running(directory, "cleanup", "--dsn", dsn, *options) as command:
        return command.ended_with(), command.stdout


def test_a_whole_run_leaves_everything_as_it_was(inhabited: str, onlooker: Onlooker) -> None:
    """All operations, in a database full of names that a careless statement trips over."""
    before = onlooker.everything()
    settings = LoadSettings(concurrency=4, iterations=8, data_size=50)
    result = run_order(inhabited, settings)
    assert len(result.operations) > 10
    assert all(summary.ok == summary.attempts for summary in result.operations)
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


@pytest.mark.parametrize(
    ("number", "code", "ended"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_signal_ends_the_load_in_good_order(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, number: signal.Signals, code: int, ended: str
) -> None:
    """The partial result is written and marked; neither schema nor session nor process is left."""
    before = onlooker.everything()
    with loading(tmp_path, inhabited) as command:
        wait_until_it_loads(command, onlooker)
        load_process = command.load_process()
        command.process.send_signal(number)
        assert command.ended_with() == code, command.stderr
    wait_for_end(load_process)
    assert onlooker.everything() == before
    onlooker.wait_for_the_last_session()
    document = json.loads((tmp_path / "result.json").read_text())
    assert document["ended"] == ended
    assert document["incomplete"] == "interrupted"
    assert document["results"]["order_create"]["iterations"] > 100
    assert "Traceback" not in command.stderr


def test_a_signal_while_rows_are_made_ends_the_preparation(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """There is no result to write; the half-filled sandbox goes."""
    before = onlooker.everything()
    with loading(tmp_path, inhabited, "--data-size", "3000000") as command:
        onlooker.sandbox()
        onlooker.busy_client('INSERT INTO "order"')
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 130, command.stderr
    assert "interrupted before anything was measured" in command.stderr
    assert onlooker.everything() == before
    onlooker.wait_for_the_last_session()
    assert not (tmp_path / "result.json").exists()


def test_a_second_signal_ends_it_at_once(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """Although the server holds every client up; what is left then is for `cleanup`."""
    before = onlooker.everything()
    with loading(tmp_path, inhabited) as command:
        schema = wait_until_it_loads(command, onlooker)
        load_process = command.load_process()
        onlooker.execute(f'BEGIN; LOCK TABLE {schema}."order"')
        command.process.send_signal(signal.SIGINT)
        command.process.send_signal(signal.SIGTERM)
        assert command.ended_with() in {130, 143}  # which of two signals comes first, the kernel decides
    assert "ended at once" in command.stderr
    wait_for_end(load_process)
    onlooker.execute("ROLLBACK")
    onlooker.wait_for_the_last_session()  # the run's own holds its lock as long as it is there
    assert clean_up(tmp_path, inhabited) == (0, f"dropped schema {schema}\n")
    assert onlooker.everything() == before


def test_a_signal_while_cleaning_up_costs_nothing(inhabited: str, onlooker: Onlooker) -> None:
    """The load process has gone by then; what was measured is there, and cleaning up goes on to its end."""
    before = onlooker.everything()
    settings = LoadSettings(concurrency=2, iterations=10, data_size=50, filters=("order_query",))

    class Impatient(Watcher):
        def __call__(self, event: Event) -> None:
            if isinstance(event, PhaseBegan) and event.phase == "clean up" and event.plan is None:
                os.kill(os.getpid(), signal.SIGINT)

    result = run_order(inhabited, settings, Impatient())
    assert [summary.ok for summary in result.operations] == [10]
    assert result.ended is Ending.INTERRUPTED
    assert onlooker.everything() == before


@pytest.mark.parametrize("also_the_load_process", [False, True])
def test_a_killed_run_leaves_a_sandbox_for_cleanup_and_nothing_else(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, also_the_load_process: bool
) -> None:
    """The load process ends with its parent, its sessions with it; `cleanup` drops the rest."""
    before = onlooker.everything()
    with loading(tmp_path, inhabited) as command:
        schema = wait_until_it_loads(command, onlooker)
        load_process = command.load_process()
        if also_the_load_process:  # neither may notice the end of the other
            os.kill(load_process, signal.SIGSTOP)
        command.process.kill()
        if also_the_load_process:
            os.kill(load_process, signal.SIGKILL)
        command.ended_with()
    wait_for_end(load_process)
    onlooker.wait_for_the_last_session()
    assert onlooker.fetch(SANDBOXES) == [(schema,)]
    assert clean_up(tmp_path, inhabited) == (0, f"dropped schema {schema}\n")
    assert onlooker.everything() == before


def test_cleanup_leaves_a_living_run_alone(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """It says so, and the run goes on as if nothing had been asked."""
    with loading(tmp_path, inhabited) as command:
        schema = wait_until_it_loads(command, onlooker)
        beside = tmp_path / "beside"
        beside.mkdir()
        assert clean_up(beside, inhabited) == (0, f"left schema {schema}: its run is alive\n")
        before = onlooker.value(f'SELECT count(*) FROM {schema}."order"')
        onlooker.wait_for(f'SELECT count(*) > {before} FROM {schema}."order"')
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 130
    failures = json.loads((tmp_path / "result.json").read_text())["results"]["order_create"]
    assert failures["metrics"]["error_rate"] == 0


def test_cleanup_of_a_clean_database_finds_nothing(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Schemas that only look like ours are not even mentioned."""
    before = onlooker.everything()
    code, words = clean_up(tmp_path, inhabited)
    assert (code, words.startswith("nothing to clean up on postgresql://perfengine@")) == (0, True)
    assert onlooker.everything() == before
