"""A run on existing tables that is killed, whatever it is doing: cleanup leaves the tables as they were.

Where that is, is no matter of time: a trigger waits there for a lock that the onlooker holds, and is seen to wait.
"""

from __future__ import annotations

import os
import signal
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.integration.embedded.processes import wait_for_end
from tests.integration.engine.commands import running
from tests.integration.engine.looking import OURS, Onlooker
from tests.integration.engine.runs import load_processes
from tests.integration.engine.test_signals import clean_up
from tests.seed import order_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.engine.commands import Command

GATE = 4711
#: Rows of the data set: more than a batch of deletions holds. A rehearsal has 20 at most, and others have 20.
ROWS = 1500
#: Sessions of a role wait where the table has so many rows, those of the statement under way included. Without a lock
#: timeout of its own the statement would go on by itself.
WAIT = f"""
CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
BEGIN
  IF current_setting('application_name') LIKE 'perfengine/%/' || tg_argv[0]
     AND (SELECT count(*) FROM public."order") BETWEEN tg_argv[1]::int AND tg_argv[2]::int THEN
    PERFORM pg_advisory_xact_lock_shared({GATE});
  END IF;
  RETURN coalesce(new, old);
END $$;
"""
WAITING = "state = 'active' AND wait_event = 'advisory' AND application_name LIKE 'perfengine/%/{role}'"


@dataclass(frozen=True)
class Moment:
    """Where a run is stopped."""

    does: str  #: INSERT, UPDATE or DELETE
    role: str  #: of the session that does it
    least: int  #: rows of the table
    most: int
    operation: str = "order_query"

    @property
    def trigger(self) -> str:
        """What makes it wait there."""
        return (
            f'CREATE TRIGGER wait BEFORE {self.does} ON public."order" FOR EACH ROW'
            f" EXECUTE FUNCTION public.wait('{self.role}', {self.least}, {self.most})"
        )

    @property
    def waiting(self) -> str:
        """What is true while it waits."""
        return f"SELECT count(*) > 0 {OURS} AND {WAITING.format(role=self.role)} AND query LIKE '{self.does}%order%'"


REHEARSAL = Moment("INSERT", "setup", 30, 50)
FILLING = Moment("INSERT", "setup", 900, 1000)
REMOVAL = Moment("DELETE", "setup", 1300, 1500)
SECOND_BATCH = Moment("DELETE", "setup", 100, 400)
CREATING = Moment("INSERT", "load", 0, 9999, "order_create")
UPDATING = Moment("UPDATE", "load", 0, 9999, "order_update")
DELETING = Moment("DELETE", "load", 0, 9999, "order_delete")


@contextmanager
def stopped_at(directory: Path, dsn: str, onlooker: Onlooker, moment: Moment) -> Iterator[Command]:
    """Give a run that waits where it should, for a lock that the onlooker holds."""
    (directory / "order.yaml").write_text(order_document())
    onlooker.execute(f"SELECT pg_advisory_lock({GATE})")
    load = (
        "--iterations",
        "20",
        "--concurrency",
        "2",
        "--data-size",
        str(ROWS),
        "--filter",
        moment.operation,
    )
    with running(directory, "run", "order.yaml", *load, "--target", "existing", "--dsn", dsn) as command:
        onlooker.wait_for(moment.waiting)
        yield command


def let_go(onlooker: Onlooker) -> None:
    """Let what waits go on, to its end."""
    onlooker.execute(f"SELECT pg_advisory_unlock({GATE})")


def kill(command: Command) -> None:
    """Kill a run; its load process, if it still has one, ends by itself."""
    processes = load_processes(command.process.pid)
    command.process.kill()
    assert command.ended_with() == -signal.SIGKILL
    for process in processes:
        wait_for_end(process)


def rows_of_ours(onlooker: Onlooker) -> int:
    """Return how many orders there are that are not others'."""
    return int(onlooker.value('SELECT count(*) - 20 FROM public."order"'))


@pytest.mark.parametrize(
    ("moment", "left"),
    [(REHEARSAL, 0), (FILLING, ROWS), (REMOVAL, ROWS), (SECOND_BATCH, ROWS - 1000)],
    ids=["rehearsal", "filling", "removal", "removal, second batch"],
)
def test_killed_while_rows_go_in_or_out(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, moment: Moment, left: int
) -> None:
    """The statement under way is the server's: while it lasts, the run's lock is held, and cleanup waits its turn.

    What it inserts is committed behind a run that is dead already; what it deletes is not.
    """
    onlooker.execute(WAIT + moment.trigger)
    before = onlooker.everything()
    with stopped_at(tmp_path, inhabited, onlooker, moment) as command:
        kill(command)
    schema = onlooker.sandbox()
    assert clean_up(tmp_path, inhabited) == (0, f"left schema {schema}: its run is alive\n")
    let_go(onlooker)
    onlooker.wait_for(f"SELECT count(*) = 0 {OURS}")
    assert rows_of_ours(onlooker) == left
    code, words = clean_up(tmp_path, inhabited)
    assert code == 0, words
    assert words == f"deleted {left} rows of perfengine by key (ledger {schema})\ndropped schema {schema}\n"
    assert onlooker.everything() == before


@pytest.mark.parametrize("moment", [CREATING, UPDATING, DELETING], ids=["create", "update", "delete"])
def test_killed_while_attempts_are_under_way(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, moment: Moment
) -> None:
    """Nobody tells the server that they are not wanted any more: cleanup waits for their end, then deletes."""
    onlooker.execute(WAIT + moment.trigger)
    before = onlooker.everything()
    with stopped_at(tmp_path, inhabited, onlooker, moment) as command:
        load_process = command.load_process()
        os.kill(load_process, signal.SIGSTOP)  # neither may notice the end of the other
        command.process.kill()
        os.kill(load_process, signal.SIGKILL)
        assert command.ended_with() == -signal.SIGKILL
        wait_for_end(load_process)
    schema = onlooker.sandbox()
    asks = f"SELECT count(*) > 0 {OURS} AND application_name LIKE '%/cleanup' AND query LIKE '%pg_locks l%'"
    with running(tmp_path, "cleanup", "--dsn", inhabited) as cleanup:
        onlooker.wait_for(asks)
        assert rows_of_ours(onlooker) >= ROWS
        let_go(onlooker)
        assert cleanup.ended_with() == 0, cleanup.stderr
    assert f"dropped schema {schema}" in cleanup.stdout
    assert onlooker.everything() == before


def test_killed_while_the_ledger_is_dropped(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """No row is left then, and cleanup finds a ledger that speaks of none."""
    onlooker.execute(WAIT + SECOND_BATCH.trigger)
    before = onlooker.everything()
    drops = f"SELECT count(*) > 0 {OURS} AND wait_event_type = 'Lock' AND query LIKE 'DROP TABLE%'"
    with (
        closing(Onlooker(inhabited)) as reader,
        stopped_at(tmp_path, inhabited, onlooker, SECOND_BATCH) as command,
    ):
        schema = onlooker.sandbox()
        reader.execute(f"BEGIN; LOCK TABLE {schema}.row_ledger IN ACCESS SHARE MODE")
        let_go(onlooker)
        onlooker.wait_for(drops)
        kill(command)
    onlooker.wait_for(f"SELECT count(*) = 0 {OURS}")
    assert clean_up(tmp_path, inhabited) == (
        0,
        f"deleted 0 rows of perfengine by key (ledger {schema})\ndropped schema {schema}\n",
    )
    assert onlooker.everything() == before
