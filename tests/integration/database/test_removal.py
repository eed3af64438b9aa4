"""Rows of ours are taken out, and no row of others with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.bystanders import everything_of_others
from tests.integration.database.shop import FIRST_KEY, ITEM, MARK, Ours

if TYPE_CHECKING:
    import asyncpg

pytestmark = pytest.mark.anyio


async def test_rows_go_in_the_order_of_their_references(ours: Ours, other: asyncpg.Connection) -> None:
    """Whole numbers and digests; rows that were written down and never made are no trouble; the ledger goes too."""
    everything = await everything_of_others(other)
    before = {name: state for name, state in everything.items() if ours.ledger.schema not in name}
    await ours.items()
    await ours.sales()
    await ours.write(MARK, 5)
    done = await ours.emptied()
    assert (done.removed, done.left) == (60, ())
    assert await ours.ledger.entries() == []
    await ours.ledger.drop()
    assert await everything_of_others(other) == before


async def test_more_rows_than_a_batch_holds(ours: Ours, other: asyncpg.Connection) -> None:
    """Each batch is a transaction of its own."""
    await ours.items(2500)
    await ours.sales(2500)
    assert (await ours.emptied()).removed == 5000
    assert await other.fetchval("SELECT count(*) FROM shop.item") == 10


@pytest.mark.parametrize(
    ("statement", "child"),
    [
        (f"INSERT INTO shop.sale VALUES (gen_random_uuid(), {FIRST_KEY + 7})", "shop.sale"),
        ("INSERT INTO shop.note VALUES (99, 'ours 7')", "shop.note"),
        (f"INSERT INTO shop.mark VALUES (99, {FIRST_KEY + 7})", "shop.mark"),
        (f"INSERT INTO shop.item VALUES (99, 'theirs', {FIRST_KEY + 7})", "shop.item"),
    ],
    ids=["no action", "cascade", "set null", "the table itself"],
)
async def test_a_row_that_others_refer_to_stays_and_is_named(
    ours: Ours, other: asyncpg.Connection, statement: str, child: str
) -> None:
    """It alone: whatever the foreign key would do to theirs. When theirs is gone, ours goes."""
    await ours.items()
    await ours.sales()
    await other.execute(statement)
    theirs = await other.fetchval(f"SELECT count(*) FROM {child}")
    done = await ours.emptied()
    (left,) = done.left
    assert (left.relation, left.key) == (ITEM, str(FIRST_KEY + 7))
    assert f"rows of {child} refer to it" in left.why
    assert done.removed == 59
    gone = {"shop.sale": 30, "shop.item": 29}.get(child, 0)
    assert await other.fetchval(f"SELECT count(*) FROM {child}") == theirs - gone
    ours_named = f"to_jsonb(c)->>'item_id' = '{FIRST_KEY + 7}'"
    await other.execute(f"DELETE FROM {child} AS c WHERE id::text = '99' OR {ours_named}")
    assert ((await ours.emptied()).removed, await ours.ledger.entries()) == (1, [])


async def test_rows_that_our_operations_write_go_with_ours(ours: Ours, other: asyncpg.Connection) -> None:
    """A function or a trigger writes them under our load; those of others stay."""
    await ours.items(along=(MARK,))
    await other.execute(f"INSERT INTO shop.mark VALUES (100, {FIRST_KEY}), (101, {FIRST_KEY + 1})")
    done = await ours.emptied()
    assert (done.removed, done.taken_along, done.left) == (30, 2, ())
    assert await other.fetchval("SELECT count(*) FROM shop.mark") == 10


async def test_what_goes_along_takes_nothing_further_with_it(ours: Ours, other: asyncpg.Connection) -> None:
    """Somebody has tagged a mark that our operations wrote: the mark stays, and the row that it marks."""
    await ours.items(along=(MARK,))
    await other.execute(
        f"INSERT INTO shop.mark VALUES (100, {FIRST_KEY}), (101, {FIRST_KEY + 1});"
        "CREATE TABLE shop.tag (mark_id bigint REFERENCES shop.mark ON DELETE CASCADE);"
        "INSERT INTO shop.tag VALUES (101)"
    )
    done = await ours.emptied()
    (left,) = done.left
    assert left.key == str(FIRST_KEY + 1)
    assert "rows of shop.tag refer to rows of shop.mark that refer to it" in left.why
    assert (done.removed, done.taken_along) == (29, 1)
    assert await other.fetchval("SELECT count(*) FROM shop.tag") == 1
    await other.execute("DELETE FROM shop.tag")
    assert (await ours.emptied()).taken_along == 1


@pytest.mark.parametrize(
    ("change", "theirs", "table"),
    [
        ("shop.mark ADD COLUMN above bigint", "INSERT INTO shop.mark VALUES (200, 5, 101)", "shop.mark"),
        (
            "shop.item ADD COLUMN best bigint",
            "INSERT INTO shop.item VALUES (99, 'theirs', NULL, 101)",
            "shop.item",
        ),
        (
            "shop.note ADD COLUMN mark_id bigint",
            "INSERT INTO shop.note VALUES (99, 'code 5', 101)",
            "shop.note",
        ),
    ],
    ids=["the table that goes along", "the table of ours", "another table that goes along"],
)
async def test_rows_of_others_in_tables_of_ours_do_not_go_along(
    ours: Ours, other: asyncpg.Connection, change: str, theirs: str, table: str
) -> None:
    """A row of theirs refers to a mark that our operations wrote: it went, by its own ON DELETE CASCADE.

    For rows of tables in which some rows go were taken to go too.
    """
    await ours.items(along=(MARK, '"shop"."note"'))
    await other.execute(
        f"ALTER TABLE {change} REFERENCES shop.mark ON DELETE CASCADE;"
        f"INSERT INTO shop.mark VALUES (100, {FIRST_KEY}), (101, {FIRST_KEY + 1}), (102, {FIRST_KEY + 2});"
        f"{theirs}"
    )
    count = f"SELECT count(*) FROM {table} WHERE id > 0 AND id NOT IN (100, 102)"
    before = await other.fetchval(count)
    done = await ours.emptied()
    assert await other.fetchval(count) == before
    (left,) = done.left
    assert left.key == str(FIRST_KEY + 1)
    assert f"rows of {table} refer to rows of shop.mark that refer to it" in left.why
    assert (done.removed, done.taken_along) == (29, 2)


async def test_what_goes_along_may_refer_to_what_goes(ours: Ours, other: asyncpg.Connection) -> None:
    """Marks that our operations wrote refer to each other, and rows of ours to them: all of it goes."""
    await ours.items(along=(MARK,))
    await other.execute(
        "ALTER TABLE shop.mark ADD COLUMN above bigint REFERENCES shop.mark;"
        "ALTER TABLE shop.item ADD COLUMN best bigint REFERENCES shop.mark ON DELETE SET NULL;"
        f"INSERT INTO shop.mark VALUES (100, {FIRST_KEY}, NULL), (101, {FIRST_KEY + 1}, 100);"
        f"UPDATE shop.item SET best = 101 WHERE id = {FIRST_KEY + 5}"
    )
    done = await ours.emptied()
    assert (done.removed, done.taken_along, done.left) == (30, 2, ())


async def test_rows_of_ours_may_refer_to_each_other(ours: Ours, other: asyncpg.Connection) -> None:
    """In a circle, and further apart than a batch is long."""
    await ours.items(2500)
    await other.execute(f"UPDATE shop.item SET above = {FIRST_KEY} + 2499 - (id - {FIRST_KEY}) WHERE id < 0")
    assert ((await ours.emptied()).removed, await other.fetchval("SELECT count(*) FROM shop.item")) == (
        2500,
        10,
    )


async def test_a_row_that_stays_keeps_those_that_it_refers_to(ours: Ours, other: asyncpg.Connection) -> None:
    """Else theirs would go by two cascades: with a row of ours that goes with one of ours."""
    await ours.items()
    await other.execute(
        "ALTER TABLE shop.item DROP CONSTRAINT item_above_fkey,"
        " ADD CONSTRAINT above FOREIGN KEY (above) REFERENCES shop.item ON DELETE CASCADE;"
        f"UPDATE shop.item SET above = id - 1 WHERE id BETWEEN {FIRST_KEY + 1} AND {FIRST_KEY + 3};"
        "INSERT INTO shop.note VALUES (99, 'ours 3')"
    )
    done = await ours.emptied()
    assert await other.fetchval("SELECT count(*) FROM shop.note") == 11
    assert [row.key for row in done.left] == [str(FIRST_KEY + 3)]
    assert done.removed == 29
    await other.execute("DELETE FROM shop.note WHERE id = 99")
    assert ((await ours.emptied()).removed, await ours.ledger.entries()) == (1, [])


async def test_rows_of_ours_may_keep_each_other_in_a_circle(ours: Ours, other: asyncpg.Connection) -> None:
    """Over two tables: operations have closed it, and no order of tables opens it. References of others stay."""
    await other.execute("ALTER TABLE shop.item ADD COLUMN best_sale uuid REFERENCES shop.sale")
    await ours.items()
    await ours.sales()
    await other.execute(
        "UPDATE shop.item AS i SET best_sale = s.id FROM shop.sale AS s WHERE s.item_id = i.id"
    )
    before = await other.fetch("SELECT xmin, * FROM shop.item WHERE id > 0")
    done = await ours.emptied()
    assert (done.removed, done.left, await ours.ledger.entries()) == (60, (), [])
    assert await other.fetch("SELECT xmin, * FROM shop.item WHERE id > 0") == before


async def test_a_circle_that_cannot_be_opened_is_named(ours: Ours, other: asyncpg.Connection) -> None:
    """Where no column of it may be null: whoever reads that can open it."""
    await other.execute("ALTER TABLE shop.item ADD COLUMN best_sale uuid REFERENCES shop.sale")
    await ours.items()
    await ours.sales()
    await other.execute(
        "UPDATE shop.item AS i SET best_sale = s.id FROM shop.sale AS s WHERE s.item_id = i.id;"
        "ALTER TABLE shop.item ALTER COLUMN best_sale SET NOT NULL"
    )
    done = await ours.emptied()
    assert (done.removed, len(done.left)) == (0, 60)
    assert {row.why for row in done.left} == {
        "rows of shop.item refer to it (item_best_sale_fkey)",
        "rows of shop.sale refer to it (sale_item_id_fkey)",
    }
    await other.execute("ALTER TABLE shop.item ALTER COLUMN best_sale DROP NOT NULL")
    assert ((await ours.emptied()).removed, await ours.ledger.entries()) == (60, [])


async def test_a_locked_row_is_waited_for_and_named(ours: Ours, other: asyncpg.Connection) -> None:
    """The others go meanwhile; nobody waits longer than the lock timeout."""
    await ours.items()
    transaction = other.transaction()
    await transaction.start()
    await other.execute(f"SELECT FROM shop.item WHERE id = {FIRST_KEY + 3} FOR KEY SHARE")
    done = await ours.emptied()
    assert done.removed == 29
    assert [row.key for row in done.left] == [str(FIRST_KEY + 3)]
    assert "lock timeout" in done.left[0].why
    await transaction.rollback()
    assert (await ours.emptied()).removed == 1


@pytest.mark.parametrize("body", ["RETURN NULL", "RAISE EXCEPTION 'kept'"])
async def test_a_trigger_that_keeps_a_row_is_named(ours: Ours, other: asyncpg.Connection, body: str) -> None:
    """A soft delete, or an archive that refuses: the others go."""
    await ours.items()
    await other.execute(
        "CREATE FUNCTION shop.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF old.id = {FIRST_KEY + 4} THEN {body}; END IF; RETURN old; END $$;"
        "CREATE TRIGGER keep BEFORE DELETE ON shop.item FOR EACH ROW EXECUTE FUNCTION shop.keep()"
    )
    done = await ours.emptied()
    assert done.removed == 29
    (left,) = done.left
    assert left.key == str(FIRST_KEY + 4)
    assert "a trigger or a rule keeps it" in left.why or "kept" in left.why
