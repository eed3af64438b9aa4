"""Tables that refer to each other in a circle and to themselves, and rows of others that refer to rows of ours."""

from __future__ import annotations

from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING

import pytest

from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.emptying import empty_ledger
from perfengine.database.ledger import Ledger
from perfengine.database.sandbox import new_run_id
from perfengine.datagen.keys_sql import ledger_key_sql
from perfengine.datagen.layout import RowSource
from perfengine.engine.event_loop import run_async
from perfengine.engine.existing.keys import keys_of_this_run
from perfengine.engine.existing.ledger_rows import LedgerRows
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.engine.rules import row_statements, states_of
from perfengine.model.plan import KeyRange
from perfengine.model.settings import LoadSettings
from tests.integration.engine.existing import run_existing
from tests.integration.engine.runs import Watcher
from tests.integration.engine.test_signals import clean_up
from tests.sandbox import ANCHOR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

#: A team has a captain, or none; a player has a team; and a coach, who is a player, or none.
CIRCLE = """
CREATE TABLE public.team (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, captain_id uuid);
CREATE TABLE public.player (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, status text NOT NULL DEFAULT 'new',
  team_id uuid NOT NULL REFERENCES public.team ON DELETE CASCADE,
  coach_id uuid REFERENCES public.player ON DELETE CASCADE
);
ALTER TABLE public.team ADD FOREIGN KEY (captain_id) REFERENCES public.player ON DELETE SET NULL;
"""
THEIRS = """
INSERT INTO public.team (name) SELECT 'team ' || n FROM generate_series(1, 5) AS n;
INSERT INTO public.player (name, team_id) SELECT name || '''s ' || n, id FROM public.team, generate_series(1, 4) AS n;
UPDATE public.player AS p SET coach_id = (SELECT min(id::text)::uuid FROM public.player WHERE team_id = p.team_id);
UPDATE public.team AS t SET captain_id = (SELECT max(id::text)::uuid FROM public.player WHERE team_id = t.id);
CREATE TABLE public.badge (id int PRIMARY KEY, player_id uuid REFERENCES public.player ON DELETE CASCADE);
CREATE TABLE public.article (id int PRIMARY KEY, player_id uuid REFERENCES public.player ON DELETE SET NULL);
INSERT INTO public.badge SELECT row_number() OVER (), id FROM public.player;
INSERT INTO public.article SELECT row_number() OVER (), id FROM public.player;
"""
#: Closes the circle: a player who is confirmed is made captain, and coach of the team's players.
CONFIRM = """
CREATE FUNCTION public.player_confirm(player_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.player SET status = 'confirmed' WHERE id = player_id AND status = 'new';
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.team SET captain_id = player_id
   WHERE id = (SELECT team_id FROM public.player WHERE id = player_id);
  RETURN true;
END $$;
"""
#: Makes players of ours captains of teams of ours.
APPOINT = """
UPDATE public.team AS t SET captain_id = p.id FROM public.player AS p WHERE p.team_id = t.id AND t.captain_id IS NULL
"""
DOCUMENT = """\
name: player
fields: {id: uuid, name: string, status: string, team_id: uuid, coach_id: uuid}
patterns:
  - name: state_machine
    initial_state: new
    states: [new, confirmed]
    transitions: [{from: new, to: confirmed, trigger: confirm}]
---
name: team
fields: {id: uuid, name: string, captain_id: uuid}
"""
PLAIN = tuple(
    f"{name}_{what}" for name in ("team", "player") for what in ("create", "update", "delete", "query")
)
TEAMS, PLAYERS = KeyRange(start=0, count=30), KeyRange(start=0, count=10)
SETTINGS = LoadSettings(concurrency=3, iterations=12, data_size=30, filters=PLAIN)


@pytest.mark.parametrize("theirs", [THEIRS, ""], ids=["rows of others", "empty"])
def test_tables_that_refer_to_each_other_and_to_themselves(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, theirs: str
) -> None:
    """Rows of others are referred to where there are any; a player of ours plays in a team of ours."""
    onlooker.execute(CIRCLE + theirs)
    before = onlooker.everything()
    result = run_existing(tmp_path, inhabited, SETTINGS, document=DOCUMENT)
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(PLAIN, 12)
    assert all(one.rows is None or one.rows.verified for one in result.operations)
    assert onlooker.everything() == before


def test_operations_that_close_the_circle(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """Rows of ours come to refer to each other; no order of deleting them is left, and they go all the same."""
    onlooker.execute(CIRCLE + THEIRS + CONFIRM)
    before = onlooker.everything()
    settings = replace(SETTINGS, filters=("single_player_confirm",))
    (confirmed,) = run_existing(tmp_path, inhabited, settings, document=DOCUMENT).operations
    assert (confirmed.ok, confirmed.attempts) == (12, 12)
    assert confirmed.rows
    assert confirmed.rows.verified
    assert onlooker.everything() == before


def test_rows_are_made_anew_although_rows_of_ours_refer_to_them(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Between two rounds: who was made captain is none any more, and the team stays."""
    onlooker.execute(CIRCLE)
    before = onlooker.everything()

    async def work() -> None:
        run_id, address = new_run_id(), address_of(inhabited, "--dsn", {})
        connection = await open_connection(address, SessionSettings(run_id=run_id))
        try:
            ledger = Ledger(connection=connection, run_id=run_id)
            await ledger.create()
            await in_two_rounds(LedgerRows(ledger, plan.seed, ANCHOR))
            assert (await empty_ledger(ledger, ledger_key_sql)).left == ()
            await ledger.drop()
        finally:
            await close_connection(connection)

    async def in_two_rounds(rows: LedgerRows) -> None:
        for name, keys in (("team", TEAMS), ("player", PLAYERS), ("player", PLAYERS)):
            statements = row_statements(source, name, states_of(tables[name]))
            await rows.remove(statements, keys)
            await rows.add(statements, keys)
            assert (
                await rows.connection.fetchval("SELECT count(*) FROM public.team WHERE captain_id IS NULL")
                == 30
            )
            await rows.connection.execute(APPOINT)
        assert await rows.connection.fetchval("SELECT count(*) FROM public.player") == 10

    (tmp_path / "club.yaml").write_text(DOCUMENT)
    target = TargetRequest(dsn=inhabited, existing=True)
    plan = plan_run(RunRequest(paths=(tmp_path / "club.yaml",), load=SETTINGS, target=target)).plan
    tables = {table.name: table for table in keys_of_this_run(plan.tables, SystemRandom())}
    source = RowSource(seed=plan.seed, tables=tables, rows=plan.data_rows)
    run_async(work)
    assert onlooker.everything() == before


@pytest.mark.parametrize("child", ["badge", "article"], ids=["cascade", "set null"])
def test_what_others_would_lose_with_a_row_of_ours_is_kept(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, child: str
) -> None:
    """Theirs comes while attempts are made; ours stays with the team it plays in, until theirs is gone."""
    onlooker.execute(CIRCLE + THEIRS)
    before = onlooker.everything()
    ours = "SELECT id FROM public.player WHERE id NOT IN (SELECT player_id FROM public.badge WHERE id < 99)"

    def refer(_: object) -> None:
        onlooker.execute(f"INSERT INTO public.{child} {ours.replace('SELECT id', 'SELECT 99, id')} LIMIT 1")

    settings = replace(SETTINGS, filters=("player_update",))
    result = run_existing(
        tmp_path, inhabited, settings, document=DOCUMENT, watcher=Watcher({"measure": refer})
    )
    text = "\n".join(result.notes)
    assert "left 1 rows in public.player" in text
    assert f"rows of public.{child} refer to it ({child}_player_id_fkey)" in text
    assert "left 1 rows in public.team" in text
    assert "rows of public.player refer to it (player_team_id_fkey)" in text
    assert onlooker.value(f"SELECT player_id FROM public.{child} WHERE id = 99") is not None
    onlooker.execute(f"DELETE FROM public.{child} WHERE id = 99")
    code, words = clean_up(tmp_path, inhabited)
    assert (code, "deleted 2 rows of perfengine by key" in words) == (0, True), words
    assert onlooker.everything() == before
