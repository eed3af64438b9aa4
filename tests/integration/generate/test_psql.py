"""Generated SQL under psql, on both servers: it runs to its end and leaves nothing behind."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from perfengine.report.plan_sql import render_plan_sql
from tests.entities import compile_entities, make_order
from tests.integration.bystanders import everything_of_others
from tests.integration.generate.documents import (
    EVERY_GENERATOR,
    HOSTILE_NAMES,
    ORDERS_OF_CUSTOMERS,
    document,
    hostile_document,
)
from tests.integration.made import execute
from tests.sandbox import connected
from tests.seed import order_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import asyncpg

    from tests.integration.generate.conftest import Generate
    from tests.integration.generate.servers import Server

STATE_MACHINE, VALIDATION = "order_state_machine_performance.sql", "order_validation_performance.sql"
#: What an application may have: tables that want more than the document says, an audit that a trigger writes.
SCHEMA = """
CREATE TYPE order_status AS ENUM ('pending', 'confirmed', 'shipped', 'delivered');
CREATE TABLE customer (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE "order" (
  id uuid PRIMARY KEY,
  customer_id uuid NOT NULL REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
  status order_status NOT NULL,
  total_amount numeric(12, 2) NOT NULL CHECK (total_amount > 0),
  created_at timestamp NOT NULL,
  updated_at timestamp,
  remark text NOT NULL DEFAULT 'none'
);
CREATE TABLE audit (at timestamptz DEFAULT now(), what text);
CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO audit (what) VALUES (TG_OP); RETURN NEW; END';
CREATE TRIGGER remembered AFTER INSERT OR UPDATE ON "order" FOR EACH ROW EXECUTE FUNCTION remember();
CREATE FUNCTION move(uuid, order_status, order_status) RETURNS boolean LANGUAGE sql AS
  'UPDATE "order" SET status = $3 WHERE id = $1 AND status = $2 RETURNING true';
CREATE FUNCTION order_confirm(uuid) RETURNS boolean STABLE LANGUAGE sql AS
  $$ SELECT move($1, 'pending', 'confirmed') $$;
CREATE FUNCTION order_ship(uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT move($1, 'confirmed', 'shipped') $$;
CREATE FUNCTION order_deliver(uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT move($1, 'shipped', 'delivered') $$;
INSERT INTO customer SELECT gen_random_uuid(), 'customer ' || n FROM generate_series(1, 3) AS n;
INSERT INTO "order" SELECT gen_random_uuid(), id, 'pending', 7, now() FROM customer;
"""


def _everything(dsn: str) -> Mapping[str, str]:
    found: dict[str, str] = {}

    async def look(connection: asyncpg.Connection) -> None:
        found.update(await everything_of_others(connection))

    connected(dsn, look)
    return found


def _figures(output: str) -> dict[str, list[str]]:
    """Return the rows that benchmarks printed: name to iterations, mean, median and so on."""
    rows = [
        [cell.strip() for cell in line.split("|")] for line in output.splitlines() if line.count("|") == 8
    ]
    return {row[0]: row[1:] for row in rows if row[0] != "name"}


@pytest.mark.parametrize("file", [STATE_MACHINE, VALIDATION])
def test_an_empty_database_stays_empty(
    either: Server, generated: Generate, file: str, tmp_path: Path
) -> None:
    """With a schema of its own a file needs nothing, and leaves nothing."""
    text = generated(order_document(), with_schema=True)[file]
    with either.database() as dsn:
        before = _everything(dsn)
        done = either.run(dsn, text, tmp_path)
        assert done.stderr == ""
        assert done.returncode == 0
        assert _everything(dsn) == before
    found = _figures(done.stdout)
    assert len(found) == text.count("SELECT * FROM perfengine_")
    for iterations, mean, median, least, most, stdev, p95, p99 in found.values():
        assert iterations == "2"
        assert 0 < float(least) <= float(median) <= float(most) == float(p95) == float(p99)
        assert float(least) <= float(mean) <= float(most)
        assert float(stdev) >= 0


@pytest.mark.parametrize("file", [STATE_MACHINE, VALIDATION])
def test_the_rows_of_others_stay_as_they_are(
    either: Server, generated: Generate, file: str, tmp_path: Path
) -> None:
    """On the user's own schema, whose types, triggers and parents the document does not know."""
    text = generated(order_document())[file]
    with either.database() as dsn:
        execute(dsn, SCHEMA)
        before = _everything(dsn)
        done = either.run(dsn, text, tmp_path)
        assert done.stderr == ""
        assert done.returncode == 0
        assert _everything(dsn) == before
    assert len(_figures(done.stdout)) == text.count("SELECT * FROM perfengine_")


@pytest.fixture(scope="module")
def victim(eighteen: Server) -> Iterator[str]:
    """Yield the address of a database with a table in it that somebody means harm."""
    with eighteen.database() as dsn:
        execute(dsn, "CREATE TABLE victim (id integer)")
        yield dsn


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_names(
    eighteen: Server, victim: str, generated: Generate, name: str, tmp_path: Path
) -> None:
    """Whatever an entity is called, and whatever its descriptions say."""
    texts = generated(hostile_document(name), with_schema=True, iterations=1)
    before = _everything(victim)
    for file, text in texts.items():
        assert re.fullmatch(r"[\w-]+\.(sql|py)", file, re.ASCII)
        if file.endswith(".sql"):
            done = eighteen.run(victim, text, tmp_path)
            assert done.stderr == ""
            assert done.returncode == 0
        else:
            compile(text, file, "exec")
    assert _everything(victim) == before
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "documents", [(EVERY_GENERATOR,), ORDERS_OF_CUSTOMERS], ids=["generators", "parents"]
)
def test_values_are_what_the_rules_ask(
    either: Server, generated: Generate, documents: tuple[str, ...], tmp_path: Path
) -> None:
    """Rows of every kind of value, with keys of every kind, and parents that have parents themselves."""
    texts = generated(*documents, with_schema=True, data_size=100)
    files = [text for name, text in texts.items() if name.endswith(".sql")]
    assert files
    with either.database() as dsn:
        before = _everything(dsn)
        for text in files:
            done = either.run(dsn, text, tmp_path)
            assert done.stderr == ""
            assert done.returncode == 0
        assert _everything(dsn) == before


def test_a_table_that_numbers_its_rows_takes_our_keys(
    either: Server, generated: Generate, tmp_path: Path
) -> None:
    """Beyond those it has; its sequence does not move, and a parent that is not there is said."""
    text = generated(
        document(
            name="ticket",
            fields={"id": "integer", "desk_id": "integer", "status": "string"},
            patterns=[
                {
                    "name": "state_machine",
                    "initial_state": "open",
                    "states": ["open", "closed"],
                    "transitions": [{"from": "open", "to": "closed", "trigger": "close"}],
                }
            ],
        )
    )["ticket_state_machine_performance.sql"]
    with either.database() as dsn:
        execute(
            dsn,
            """
            CREATE SCHEMA office;
            CREATE TABLE office.ticket (
              id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, desk_id integer, status text
            );
            INSERT INTO office.ticket (status) VALUES ('open'), ('open');
            CREATE FUNCTION office.ticket_close(integer) RETURNS void LANGUAGE sql AS
              $$ UPDATE office.ticket SET status = 'closed' WHERE id = $1 AND status = 'open' $$;
            """,
        )
        before = _everything(dsn)
        done = either.run(dsn, text, tmp_path, PGOPTIONS="-c search_path=office")
        assert done.returncode == 0
        assert 'there is no table "desk"' in done.stderr
        assert _everything(dsn) == before


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ("RETURNS boolean LANGUAGE sql AS 'SELECT true'", '8 rows are not "confirmed" afterwards'),
        ("RETURNS SETOF uuid LANGUAGE sql AS 'SELECT $1 WHERE false'", "found nothing to do"),
    ],
)
def test_work_that_is_not_done_is_no_figure(
    eighteen: Server, generated: Generate, spoilt: str, words: str, tmp_path: Path
) -> None:
    """A function that says yes and does nothing, or does nothing at all, ends the file."""
    text = generated(order_document())[STATE_MACHINE]
    with eighteen.database() as dsn:
        execute(dsn, SCHEMA, "DROP FUNCTION order_confirm", f"CREATE FUNCTION order_confirm(uuid) {spoilt}")
        before = _everything(dsn)
        done = eighteen.run(dsn, text, tmp_path)
        assert done.returncode == 3
        assert words in done.stderr
        assert _everything(dsn) == before


def test_a_rule_that_nobody_enforces_is_said(eighteen: Server, generated: Generate, tmp_path: Path) -> None:
    """A refusal that does not come is no fast refusal."""
    text = generated(order_document())[VALIDATION]
    with eighteen.database() as dsn:
        execute(dsn, SCHEMA, 'ALTER TABLE "order" DROP CONSTRAINT order_total_amount_check')
        done = eighteen.run(dsn, text, tmp_path)
    assert done.returncode == 3
    assert "took a row that breaks the rule" in done.stderr


def test_a_parent_that_wants_more_is_asked_for(eighteen: Server, generated: Generate, tmp_path: Path) -> None:
    """Where no row of it is there to refer to, the message says what to do."""
    text = generated(order_document())[STATE_MACHINE]
    with eighteen.database() as dsn:
        execute(dsn, SCHEMA, 'DELETE FROM "order"; DELETE FROM customer')
        done = eighteen.run(dsn, text, tmp_path)
    assert done.returncode == 3
    assert '"customer" wants more than a key, and no row of it is there' in done.stderr
    assert "with the entity file of that table" in done.stderr


def test_more_iterations_than_claims_are_refused(
    eighteen: Server, generated: Generate, tmp_path: Path
) -> None:
    """Who raises a number in the file is told where the other one is, and measures no empty call."""
    text = generated(order_document(), with_schema=True)[STATE_MACHINE]
    edited = re.sub(r"(benchmark\('single_order_confirm'.*?\$sql\$), 2\);", r"\1, 5);", text, flags=re.DOTALL)
    with eighteen.database() as dsn:
        done = eighteen.run(dsn, edited, tmp_path)
    assert done.returncode == 3
    assert "single_order_confirm: 5 iterations, and rows were claimed for 2" in done.stderr


def test_two_at_the_same_time_wait_for_each_other(
    eighteen: Server, generated: Generate, tmp_path: Path
) -> None:
    """Neither sees the other's rows or helpers."""
    text = generated(order_document())[STATE_MACHINE]
    places = [tmp_path / name for name in ("one", "two")]
    for place in places:
        place.mkdir()
    with eighteen.database() as dsn:
        execute(dsn, SCHEMA)
        before = _everything(dsn)
        with ThreadPoolExecutor() as pool:
            done = list(pool.map(lambda place: eighteen.run(dsn, text, place), places))
        assert [(one.returncode, one.stderr) for one in done] == [(0, ""), (0, "")]
        assert _everything(dsn) == before


def test_the_schema_that_compile_prints_is_one_to_run_on(
    either: Server, generated: Generate, tmp_path: Path
) -> None:
    """Tables, rules and functions as the entity file implies them, under their own names."""
    texts = generated(order_document())
    with either.database() as dsn:
        assert either.run(dsn, render_plan_sql(compile_entities(make_order())), tmp_path).returncode == 0
        before = _everything(dsn)
        for file in (STATE_MACHINE, VALIDATION):
            done = either.run(dsn, texts[file], tmp_path, PGOPTIONS="-c search_path=perfengine_plan")
            assert (done.stderr, done.returncode) == ("", 0)
        assert _everything(dsn) == before
