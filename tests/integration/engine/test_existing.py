"""A run on tables that are there already leaves them as they were, however it ends."""

from __future__ import annotations

import signal
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import PerfengineError, PlanError, SafetyError
from perfengine.model.settings import LoadSettings
from tests.integration.embedded.processes import wait_for_end
from tests.integration.engine.commands import Command, running
from tests.integration.engine.existing import PLAIN, SETTINGS, run_existing
from tests.integration.engine.looking import OURS
from tests.integration.engine.runs import Watcher
from tests.integration.engine.test_signals import clean_up
from tests.seed import order_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker


def test_rows_of_others_are_as_they_were(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """All kinds of writes, beside rows of others: every attempt is ok, and every row of ours is gone."""
    before = onlooker.everything()
    result = run_existing(tmp_path, inhabited)
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(PLAIN, 20)
    assert all(one.rows is None or one.rows.verified for one in result.operations)
    assert onlooker.everything() == before
    assert onlooker.sessions() == 0


AUDIT = """
CREATE SCHEMA audit;
CREATE TABLE audit.log (what text, order_id uuid);
CREATE TABLE audit.event (id bigserial PRIMARY KEY, order_id uuid REFERENCES public."order");
INSERT INTO audit.log VALUES ('theirs', NULL);
INSERT INTO audit.event (order_id) SELECT id FROM public."order";
CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.log VALUES (tg_op, coalesce(new.id, old.id));
  RETURN coalesce(new, old);
END $$;
CREATE FUNCTION audit.tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.event (order_id) VALUES (new.id);
  RETURN new;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON public."order" FOR EACH ROW EXECUTE FUNCTION audit.note();
CREATE TRIGGER tell AFTER UPDATE ON public."order" FOR EACH ROW EXECUTE FUNCTION audit.tell();
"""


def test_what_triggers_write_is_told_and_what_refers_to_our_rows_goes(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """An audit table keeps what was written there, and the report says so; events of our rows go with them."""
    onlooker.execute(AUDIT)
    before = of_others(onlooker)
    result = run_existing(tmp_path, inhabited, replace(SETTINGS, writes_elsewhere=True))
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(PLAIN, 20)
    text = "\n".join(result.notes)
    assert "order_create also writes audit.log: 1 row inserted at a time; what is written there stays" in text
    assert f"audit.log: 1 rows before, {onlooker.value('SELECT count(*) FROM audit.log')} after" in text
    assert "rows that referred to them" in text
    assert onlooker.value("SELECT count(*) FROM audit.event") == 20
    assert of_others(onlooker) == before


def test_what_would_stay_elsewhere_needs_leave(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """Nobody has said that the audit tables may be written to: nothing is, and all of them are named.

    The rehearsal is rolled back; numbers that triggers took from sequences are not.
    """
    onlooker.execute(AUDIT)
    before = without(onlooker.everything(), "event_id_seq")
    with pytest.raises(SafetyError) as refused:
        run_existing(tmp_path, inhabited)
    words = str(refused.value)
    assert "order_create also writes audit.log: 1 row inserted at a time" in words
    assert "making rows of public.order also writes audit.log" in words
    assert (
        "rows of audit.event that refer to rows of perfengine would be deleted with them, whoever wrote"
        in words
    )
    assert "--allow-writes-elsewhere" in words
    assert without(onlooker.everything(), "event_id_seq") == before


def of_others(onlooker: Onlooker) -> dict[str, str]:
    """Return everything but the tables that are written to by triggers."""
    return {name: state for name, state in onlooker.everything().items() if "audit" not in name}


def test_a_row_that_others_refer_to_stays_and_is_named(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Somebody bills an order of ours while it is loaded: it stays, with the ledger, until theirs is gone."""
    onlooker.execute('CREATE TABLE public.bill (order_id uuid REFERENCES public."order" ON DELETE CASCADE)')
    before = onlooker.everything()
    theirs = 'SELECT id FROM public."order" WHERE total_amount <> 7 LIMIT 1'

    def bill(_: object) -> None:
        if not onlooker.value("SELECT count(*) FROM public.bill"):
            onlooker.execute(f"INSERT INTO public.bill {theirs}")

    settings = replace(SETTINGS, filters=("order_query",))
    result = run_existing(tmp_path, inhabited, settings, watcher=Watcher({"measure": bill}))
    text = "\n".join(result.notes)
    assert "left 1 rows in public.order" in text
    assert "rows of public.bill refer to it (bill_order_id_fkey)" in text
    assert onlooker.value("SELECT count(*) FROM public.bill") == 1
    schema = onlooker.sandbox()
    code, words = clean_up(tmp_path, inhabited)
    assert code == 3
    assert f"left schema {schema}" in words
    onlooker.execute("DELETE FROM public.bill")
    code, words = clean_up(tmp_path, inhabited)
    assert (code, f"dropped schema {schema}" in words) == (0, True)
    assert without(before, "public.bill") == without(onlooker.everything(), "public.bill")


def without(everything: Mapping[str, str], words: str) -> dict[str, str]:
    """Return what has nothing to do with some words."""
    return {name: state for name, state in everything.items() if words not in name}


@contextmanager
def loading_existing(directory: Path, dsn: str, onlooker: Onlooker) -> Iterator[Command]:
    """Give a run that inserts orders for two minutes, when some hundred are there."""
    (directory / "order.yaml").write_text(order_document())
    load = ("--duration", "2m", "--concurrency", "4", "--data-size", "100", "--filter", "order_create")
    count = 'SELECT count(*) FROM public."order"'
    before = onlooker.value(count)
    with running(directory, "run", "order.yaml", *load, "--target", "existing", "--dsn", dsn) as command:
        command.wait_until_it_says("phase=measure")
        onlooker.wait_for(f"SELECT ({count}) > {before + 300}")
        yield command


def test_after_sigkill_cleanup_deletes_what_is_ours(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """The parent is killed; its load process ends by itself; cleanup follows the ledger."""
    before = onlooker.everything()
    with loading_existing(tmp_path, inhabited, onlooker) as command:
        load_process = command.load_process()
        command.process.kill()
    wait_for_end(load_process)
    onlooker.wait_for_the_last_session()  # until then it may insert
    schema = onlooker.sandbox()
    ours = onlooker.value('SELECT (SELECT count(*) FROM public."order") + count(*) - 40 FROM public.customer')
    assert ours > 300
    code, words = clean_up(tmp_path, inhabited, "--dry-run")
    assert (code, f"would delete {ours} rows of perfengine by key" in words) == (0, True), words
    code, words = clean_up(tmp_path, inhabited)
    assert code == 0, words
    assert words == f"deleted {ours} rows of perfengine by key (ledger {schema})\ndropped schema {schema}\n"
    assert onlooker.everything() == before


def test_a_signal_ends_the_run_and_deletes_what_is_ours(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """As in a sandbox."""
    before = onlooker.everything()
    with loading_existing(tmp_path, inhabited, onlooker) as command:
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 130, command.stderr
    assert onlooker.everything() == before
    onlooker.wait_for_the_last_session()


#: A statement that changes rows of everybody.
SWEEP = "sweep: {sql: 'UPDATE \"order\" SET total_amount = 1'}"

LIAR = "liar: {sql: 'UPDATE \"order\" SET total_amount = 1', read_only: true}"


def with_own(operation: str) -> str:
    """Return the order with an operation of the author's own."""
    return f"{order_document()}---\nworkload:\n  ops:\n    {operation}\n"


def test_rolled_back_attempts_leave_rows_of_ours_as_they_were(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Writes of ours, and a statement of the author's own that would change rows of everybody."""
    before = onlooker.everything()
    settings = replace(SETTINGS, filters=(*PLAIN, "sweep"), rollback=True)
    result = run_existing(tmp_path, inhabited, settings, document=with_own(SWEEP))
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys((*PLAIN, "sweep"), 20)
    assert any(note.startswith("every attempt that writes was rolled back") for note in result.notes)
    assert onlooker.everything() == before


def test_a_statement_of_the_authors_own_is_refused_unless_it_reads(tmp_path: Path, inhabited: str) -> None:
    """Which rows it changes, nobody can know."""
    settings = replace(SETTINGS, filters=("sweep",))
    with pytest.raises(PlanError, match=r"sweep is a statement of your own.*--rollback"):
        run_existing(tmp_path, inhabited, settings, document=with_own(SWEEP))


@pytest.mark.parametrize(
    ("rollback", "remedy"),
    [(False, "roll it back with --rollback"), (True, "take that out, and it is rolled back")],
)
def test_a_statement_that_says_it_reads_is_tried(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, rollback: bool, remedy: str
) -> None:
    """Once, in a transaction that cannot write.

    With --rollback it was believed, and ran without a transaction around it: rows of everybody were changed.
    """
    before = onlooker.everything()
    settings = replace(SETTINGS, filters=("liar",), rollback=rollback)
    with pytest.raises(PlanError, match=f"liar says read_only: true, and writes; {remedy}"):
        run_existing(tmp_path, inhabited, settings, document=with_own(LIAR))
    assert onlooker.everything() == before


def test_reading_makes_no_row_and_cannot(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """A statement that says it reads, and writes, is refused by the server; nobody but the server is believed."""
    before = onlooker.everything()
    settings = LoadSettings(concurrency=2, iterations=20)
    result = run_existing(tmp_path, inhabited, settings, document=with_own(LIAR), read_only=True)
    done = {one.operation.name: (one.ok, one.error + one.refused) for one in result.operations}
    assert done.pop("liar") == (0, 20)
    assert "order_query" in done
    assert set(done.values()) == {(20, 0)}
    assert onlooker.everything() == before


def test_rows_go_although_the_runs_own_session_is_ended(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Over a new one, as the ledger says."""
    before = onlooker.everything()

    def end_it(_: object) -> None:
        onlooker.execute(f"SELECT pg_terminate_backend(pid) {OURS} AND application_name LIKE '%/setup'")

    with suppress(PerfengineError):
        run_existing(tmp_path, inhabited, watcher=Watcher({"measure": end_it}))
    assert onlooker.everything() == before
    onlooker.wait_for_the_last_session()


MIX = """---
workload:
  mode: mix
  duration: 2s
  warmup: 100ms
  rows: {when_exhausted: create}
  mix: {order_create: 2, order_update: 1, order_delete: 2, order_query: 2}
"""


def test_rounds_with_rows_of_their_own(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """Each range of rows is written down before it is there, also while the round before is measured."""
    before = onlooker.everything()
    settings = LoadSettings(concurrency=4, data_size=50)
    result = run_existing(tmp_path, inhabited, settings, document=order_document() + MIX)
    assert all(one.ok == one.attempts > 0 for one in result.operations)
    assert all(one.rows and one.rows.verified for one in result.operations)
    assert onlooker.everything() == before
