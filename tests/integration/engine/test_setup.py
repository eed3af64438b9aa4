"""What a workload makes for itself goes with the sandbox; what it does at the end is done whatever happened."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import ExitCode, PlanError
from perfengine.model.result import Ending
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.integration.engine.commands import running
from tests.integration.engine.looking import CLIENTS, OURS, SANDBOXES
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Meddler, Watcher, run_documents
from tests.integration.made import execute

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.plan import PhasePlan
    from tests.integration.engine.looking import Onlooker

#: Things that depend on each other in every direction, and two tables that refer to each other.
EVERYTHING = workload("""\
    warmup: 0
    setup:
      - CREATE TYPE mood AS ENUM ('good', 'bad')
      - CREATE TYPE span AS RANGE (subtype = float8)
      - CREATE DOMAIN amount AS int CHECK (VALUE > 0)
      - CREATE TABLE note (id serial PRIMARY KEY, mood mood, amount amount, span span)
      - CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY)
      - CREATE TABLE left_ (id int PRIMARY KEY, other int)
      - CREATE TABLE right_ (id int PRIMARY KEY, other int REFERENCES left_)
      - ALTER TABLE left_ ADD FOREIGN KEY (other) REFERENCES right_
      - CREATE VIEW good AS SELECT * FROM note WHERE mood = 'good'
      - CREATE MATERIALIZED VIEW kept AS SELECT * FROM good
      - CREATE VIEW kept_too AS SELECT * FROM kept
      - CREATE SEQUENCE numbers
      - CREATE TABLE part (n int) PARTITION BY RANGE (n)
      - CREATE TABLE part_one PARTITION OF part FOR VALUES FROM (0) TO (10)
      - CREATE FUNCTION amount_of(note) RETURNS int LANGUAGE sql AS 'SELECT ($1).amount::int'
      - CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1'
      - CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'
      - CREATE TRIGGER stamp BEFORE INSERT ON {{parcel}} FOR EACH ROW EXECUTE FUNCTION stamp()
      - CREATE INDEX ON {{parcel}} (weight)
      - CREATE VIEW heavy AS SELECT * FROM {{parcel}} WHERE weight > 100
      - analyze: [parcel]
    ops:
      note: {sql: "INSERT INTO note (mood, amount) VALUES (:mood::mood, 1)", params: {mood: {choice: [good, bad]}}}
""")
QUICK = LoadSettings(iterations=5, filters=("note",))


def test_everything_that_set_up_made_goes_with_the_sandbox(inhabited: str, onlooker: Onlooker) -> None:
    """Whatever it is, and in whatever way it depends on ours or on other things of its own."""
    before = onlooker.everything()
    result = run_documents(inhabited, PARCEL, EVERYTHING, settings=QUICK)
    assert [(one.operation.name, one.ok) for one in result.operations] == [("note", 5)]
    assert result.notes == ()
    assert onlooker.everything() == before


def test_what_strangers_put_there_stays_and_so_does_the_rest(inhabited: str, onlooker: Onlooker) -> None:
    """It is named, with what to do; nothing was dropped."""

    def build(_: PhasePlan) -> None:
        onlooker.execute(f"CREATE VIEW public.theirs AS SELECT * FROM {onlooker.sandbox()}.note")

    result = run_documents(inhabited, PARCEL, EVERYTHING, settings=QUICK, watcher=Watcher({"measure": build}))
    assert result.operations[0].ok == 5
    (note,) = result.notes
    assert "view public.theirs depends on table note" in note
    assert "`perfengine cleanup`" in note
    assert onlooker.value(f"SELECT count(*) FROM {onlooker.sandbox()}.note") == 5


BROKEN = workload("""\
    setup: [CREATE TABLE note (id int), "CREATE TABLE more (id nosuch)"]
    teardown: [SELECT nosuch]
    ops: {note: {sql: SELECT 1}}
""")


def test_a_set_up_that_fails_is_named(inhabited: str, onlooker: Onlooker) -> None:
    """It is the author's to mend; nothing is loaded, and nothing is left."""
    before = onlooker.everything()
    with pytest.raises(PlanError) as caught:
        run_documents(inhabited, PARCEL, BROKEN, settings=QUICK)
    assert str(caught.value) == (
        'setup: type "nosuch" does not exist (SQLSTATE 42704), in: CREATE TABLE more (id nosuch)'
    )
    assert caught.value.exit_code is ExitCode.INPUT
    assert onlooker.everything() == before


def test_a_teardown_that_fails_is_a_note(inhabited: str, onlooker: Onlooker) -> None:
    """The measurement is what it is."""
    before = onlooker.everything()
    document = BROKEN.replace("nosuch)", "int)").replace("SELECT 1", "INSERT INTO note VALUES (1)")
    result = run_documents(inhabited, PARCEL, document, settings=QUICK)
    assert result.ended is Ending.COMPLETE
    assert result.notes == ('teardown: column "nosuch" does not exist (SQLSTATE 42703), in: SELECT nosuch',)
    assert onlooker.everything() == before


LOGGED = workload("""\
    setup: [INSERT INTO public.log VALUES ('setup')]
    teardown: [INSERT INTO public.log VALUES ('teardown')]
    ops:
      sleep: {sql: SELECT pg_sleep(0.01)}
      wrong: {sql: SELECT nosuch}
""")


@pytest.fixture
def logged(inhabited: str) -> str:
    """Return the address of the database with a table for what was done."""
    execute(inhabited, "CREATE TABLE public.log (step text)")
    return inhabited


def steps(onlooker: Onlooker) -> list[str]:
    """Return what was done."""
    return [row[0] for row in onlooker.fetch("SELECT step FROM public.log ORDER BY ctid")]


def test_the_end_is_done_after_an_error(logged: str, onlooker: Onlooker) -> None:
    """A statement that cannot even be prepared ends the run."""
    with pytest.raises(Exception, match="nosuch"):
        run_documents(logged, PARCEL, LOGGED, settings=LoadSettings(iterations=5, filters=("wrong",)))
    assert steps(onlooker) == ["setup", "teardown"]
    assert onlooker.fetch(SANDBOXES) == []


def test_the_end_is_done_after_the_clients_were_lost(logged: str, onlooker: Onlooker) -> None:
    """Their connections have nothing to do with the run's own."""

    def end_clients(_: PhasePlan) -> None:
        onlooker.sleeping_client("pg_sleep")
        onlooker.fetch(f"SELECT pg_terminate_backend(pid) {CLIENTS}")

    settings = LoadSettings(concurrency=2, duration_ns=3 * NS_PER_S, warmup_ns=0, filters=("sleep",))
    with Meddler(end_clients) as meddler:
        result = run_documents(
            logged, PARCEL, LOGGED, settings=settings, watcher=Watcher({"measure": meddler})
        )
    assert result.operations[0].error == 2
    assert steps(onlooker) == ["setup", "teardown"]


def test_a_signal_while_it_sets_up_leaves_nothing(tmp_path: Path, logged: str, onlooker: Onlooker) -> None:
    """What was made until then goes, and the end is done."""
    document = LOGGED.replace("setup: [", "setup: [CREATE TABLE note (id int), SELECT pg_sleep(100), ")
    (tmp_path / "parcel.yaml").write_text(f"{PARCEL}{document}")
    with running(tmp_path, "run", "parcel.yaml", "--filter", "sleep", "--dsn", logged) as command:
        onlooker.sleeping_client("pg_sleep(100)")
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 130, command.stderr
    assert "interrupted before anything was measured" in command.stderr
    assert steps(onlooker) == ["teardown"]
    assert onlooker.fetch(SANDBOXES) == []


def test_the_end_is_done_after_a_signal(tmp_path: Path, logged: str, onlooker: Onlooker) -> None:
    """Once, and before the sandbox goes."""
    (tmp_path / "parcel.yaml").write_text(f"{PARCEL}{LOGGED}")
    options = ("--filter", "sleep", "--duration", "2m", "--report", "result.json", "--dsn", logged)
    with running(tmp_path, "run", "parcel.yaml", *options) as command:
        command.wait_until_it_says("phase=measure")
        onlooker.sleeping_client("pg_sleep")
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 130, command.stderr
    assert steps(onlooker) == ["setup", "teardown"]
    assert json.loads((tmp_path / "result.json").read_text())["results"]["sleep"]["iterations"] > 0
    assert onlooker.fetch(SANDBOXES) == []
    onlooker.wait_for(f"SELECT count(*) = 0 {OURS}")
