"""Partitioned tables under a run: by their key, by tenant, by time, by a state that attempts change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import PerfengineError, PlanError
from perfengine.model.settings import LoadSettings
from tests.integration.engine.existing import run_existing
from tests.integration.engine.runs import Watcher
from tests.integration.engine.test_signals import clean_up

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

SETTINGS = LoadSettings(concurrency=3, iterations=12, data_size=30)
CRATES = LoadSettings(
    concurrency=3, iterations=12, data_size=30, filters=("crate_create", "crate_update", "crate_delete")
)
CRATE = "entity: crate\nfields:\n  id: integer\n  code: string\n  amount: integer\n"


def make_crates(onlooker: Onlooker, by: str, *partitions: str) -> None:
    """Make a table of crates of others that is partitioned, and labels that refer to them."""
    onlooker.execute(
        "CREATE TABLE public.crate (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(40) NOT NULL,"
        f" amount integer NOT NULL CHECK (amount BETWEEN 1 AND 50)) PARTITION BY {by} (id)"
    )
    for number, bounds in enumerate(partitions):
        onlooker.execute(f"CREATE TABLE public.crate_{number} PARTITION OF public.crate {bounds}")
    onlooker.execute(
        "INSERT INTO public.crate (code, amount) SELECT 'code ' || n, n FROM generate_series(1, 15) AS n;"
        "CREATE TABLE public.label (id serial PRIMARY KEY, crate_id bigint NOT NULL REFERENCES public.crate"
        " ON DELETE CASCADE); INSERT INTO public.label (crate_id) SELECT id FROM public.crate"
    )


HASHED = [f"FOR VALUES WITH (MODULUS 3, REMAINDER {number})" for number in range(3)]
FROM_BELOW = [
    "FOR VALUES FROM (MINVALUE) TO (1)",
    "FOR VALUES FROM (1) TO (8)",
    "FOR VALUES FROM (8) TO (99)",
]
WITH_DEFAULT = ["FOR VALUES FROM (1) TO (99)", "DEFAULT"]


@pytest.mark.parametrize(
    ("by", "partitions"),
    [("HASH", HASHED), ("RANGE", FROM_BELOW), ("RANGE", WITH_DEFAULT)],
    ids=["hash", "range", "range and default"],
)
def test_a_table_partitioned_by_its_key(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, by: str, partitions: list[str]
) -> None:
    """Rows of ours go wherever their keys say, and out of there again."""
    make_crates(onlooker, by, *partitions)
    before = onlooker.everything()
    result = run_existing(tmp_path, inhabited, CRATES, document=CRATE)
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(CRATES.filters, 12)
    assert all(one.rows and one.rows.verified for one in result.operations)
    assert onlooker.everything() == before


def test_keys_for_which_there_is_no_partition_are_said_before_anything_is_made(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Keys of ours are below nought; the partitions begin above. Nothing is left, not even the ledger."""
    make_crates(onlooker, "RANGE", "FOR VALUES FROM (1) TO (99)")
    before = onlooker.everything()
    with pytest.raises(
        PerfengineError, match=r'no partition of relation "crate" found for row.*\(id\) = \(-'
    ):
        run_existing(tmp_path, inhabited, CRATES, document=CRATE)
    assert onlooker.everything() == before


TENANTS = """
CREATE TABLE public.paper (
  id uuid NOT NULL DEFAULT gen_random_uuid(), tenant_id uuid NOT NULL, title text NOT NULL,
  PRIMARY KEY (id, tenant_id)
) PARTITION BY LIST (tenant_id);
CREATE TABLE public.paper_a PARTITION OF public.paper FOR VALUES IN ('aaaaaaaa-0000-4000-8000-000000000000');
CREATE TABLE public.paper_b PARTITION OF public.paper FOR VALUES IN ('bbbbbbbb-0000-4000-8000-000000000000');
INSERT INTO public.paper (tenant_id, title) SELECT tenant, 'paper ' || n
FROM generate_series(1, 10) AS n, (VALUES ('aaaaaaaa-0000-4000-8000-000000000000'::uuid),
  ('bbbbbbbb-0000-4000-8000-000000000000')) AS one (tenant);
"""
PAPER = "entity: paper\nfields:\n  id: uuid\n  tenant_id: uuid\n  title: string\n"


def test_a_table_partitioned_by_tenant(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """There is no partition but for tenants that are there: rows of ours are one of theirs."""
    onlooker.execute(TENANTS)
    before = onlooker.everything()
    filters = ("paper_create", "paper_update", "paper_delete", "paper_query")
    result = run_existing(tmp_path, inhabited, replace(SETTINGS, filters=filters), document=PAPER)
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(filters, 12)
    assert onlooker.everything() == before


#: Others have two rows of one id: what is unique is both columns together.
EVENTS = """
CREATE TABLE public.event (
  id bigint GENERATED ALWAYS AS IDENTITY, created_at timestamptz NOT NULL DEFAULT now(), status text NOT NULL,
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE public.event_2024 PARTITION OF public.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE public.event_other PARTITION OF public.event DEFAULT;
INSERT INTO public.event (created_at, status)
SELECT timestamptz '2024-12-20 00:00+00' + n * interval '1 day', 'pending' FROM generate_series(1, 20) AS n;
INSERT INTO public.event OVERRIDING SYSTEM VALUE VALUES (7, now(), 'pending');
CREATE TABLE public.witness (event_id bigint, event_created_at timestamptz,
  FOREIGN KEY (event_id, event_created_at) REFERENCES public.event ON DELETE CASCADE);
INSERT INTO public.witness SELECT id, created_at FROM public.event;
CREATE FUNCTION public.event_confirm(event_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.event SET status = 'confirmed' WHERE id = event_id AND status = 'pending';
  RETURN FOUND;
END $$;
"""
STATES = """\
patterns:
  - name: state_machine
    initial_state: pending
    states: [pending, confirmed]
    transitions: [{from: pending, to: confirmed, trigger: confirm}]
"""
OF_EVENTS = ("event_create", "event_delete", "event_query", "single_event_confirm", "bulk_event_confirm")
EVENT = f"name: event\nfields: {{id: integer, status: string}}\n{STATES}"
WITH_TIME = f"name: event\nfields: {{id: integer, created_at: timestamp, status: string}}\n{STATES}"


@pytest.mark.parametrize("document", [EVENT, WITH_TIME], ids=["a default", "made values"])
def test_a_table_partitioned_by_time(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, document: str
) -> None:
    """The key is of two columns, and the first names a row of ours; the other has its default, or some value."""
    onlooker.execute(EVENTS)
    before = onlooker.everything()
    settings = replace(SETTINGS, filters=OF_EVENTS)
    result = run_existing(tmp_path, inhabited, settings, document=document)
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(OF_EVENTS, 12)
    assert all(one.rows is None or one.rows.verified for one in result.operations)
    assert onlooker.everything() == before


def test_a_row_named_by_a_part_of_its_key_stays_while_others_refer_to_it(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Their reference is of both columns, and is found all the same; nothing of theirs goes with the row."""
    onlooker.execute(EVENTS)
    before = onlooker.everything()

    def refer(_: object) -> None:
        onlooker.execute(
            "INSERT INTO public.witness SELECT id, created_at FROM public.event WHERE id < 0 ORDER BY id LIMIT 1"
        )

    settings = replace(SETTINGS, filters=("event_query",))
    result = run_existing(tmp_path, inhabited, settings, document=EVENT, watcher=Watcher({"measure": refer}))
    text = "\n".join(result.notes)
    assert "left 1 rows in public.event: -" in text
    assert "rows of public.witness refer to it" in text
    assert onlooker.value("SELECT count(*) FROM public.witness") == 22
    onlooker.execute("DELETE FROM public.witness WHERE event_id < 0")
    code, words = clean_up(tmp_path, inhabited)
    assert (code, "deleted 1 rows of perfengine by key" in words) == (0, True), words
    assert onlooker.everything() == before


TASKS = """
CREATE TABLE public.task (id bigint GENERATED BY DEFAULT AS IDENTITY, status text NOT NULL, PRIMARY KEY (id, status))
  PARTITION BY LIST (status);
CREATE TABLE public.task_open PARTITION OF public.task FOR VALUES IN ('pending');
CREATE TABLE public.task_done PARTITION OF public.task DEFAULT;
INSERT INTO public.task (status) SELECT CASE WHEN n < 10 THEN 'pending' ELSE 'confirmed' END
FROM generate_series(1, 20) AS n;
CREATE FUNCTION public.task_confirm(task_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.task SET status = 'confirmed' WHERE id = task_id AND status = 'pending';
  RETURN FOUND;
END $$;
"""
#: Does its work, and moves a row of others to where the confirmed ones are.
MOVES_OTHERS = """
CREATE OR REPLACE FUNCTION public.task_confirm(task_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.task SET status = 'confirmed' WHERE id = 3;
  UPDATE public.task SET status = 'confirmed' WHERE id = task_id AND status = 'pending';
  RETURN FOUND;
END $$;
"""
#: Takes a row of others away for the one that it adds.
TRADES = """
CREATE OR REPLACE FUNCTION public.task_confirm(task_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.task WHERE id = 3;
  INSERT INTO public.task (id, status) VALUES (-99, 'pending');
  RETURN true;
END $$;
"""
TASK = f"name: task\nfields: {{id: integer, status: string}}\n{STATES}"
MOVING = replace(SETTINGS, filters=("task_create", "task_delete", "single_task_confirm"))


def test_attempts_that_move_rows_to_another_partition(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Partitioned by state: the server deletes a row here and inserts it there, and it is ours all the time."""
    onlooker.execute(TASKS)
    before = onlooker.everything()
    result = run_existing(tmp_path, inhabited, MOVING, document=TASK)
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(MOVING.filters, 12)
    assert all(one.rows and one.rows.verified for one in result.operations)
    assert onlooker.everything() == before


@pytest.mark.parametrize("function", [MOVES_OTHERS, TRADES], ids=["moves", "trades"])
def test_moving_rows_of_others_is_refused(
    tmp_path: Path, inhabited: str, onlooker: Onlooker, function: str
) -> None:
    """The rehearsal tells a row of theirs from ours, wherever it goes."""
    onlooker.execute(TASKS + function)
    before = onlooker.everything()
    with pytest.raises(PlanError, match=r"single_task_confirm deletes rows of public\.task"):
        run_existing(tmp_path, inhabited, MOVING, document=TASK)
    assert onlooker.everything() == before
