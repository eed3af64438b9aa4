"""Tables of others, and a run with rows of its own on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.database.connect import close_connection
from perfengine.database.emptying import empty_ledger
from perfengine.datagen.keys_sql import ledger_key_sql
from perfengine.model.ledger import LedgerEntry

if TYPE_CHECKING:
    from perfengine.database.ledger import Ledger
    from perfengine.model.ledger import Removal

SHOP = """
CREATE SCHEMA shop;
CREATE TABLE shop.item (id bigint PRIMARY KEY, code text UNIQUE, above bigint REFERENCES shop.item);
CREATE TABLE shop.sale (id uuid PRIMARY KEY, item_id bigint NOT NULL REFERENCES shop.item);
CREATE TABLE shop.note (id int PRIMARY KEY, code text REFERENCES shop.item (code) ON DELETE CASCADE);
CREATE TABLE shop.mark (id bigint PRIMARY KEY, item_id bigint REFERENCES shop.item ON DELETE SET NULL);
INSERT INTO shop.item SELECT n, 'code ' || n FROM generate_series(1, 10) AS n;
INSERT INTO shop.sale SELECT gen_random_uuid(), n FROM generate_series(1, 10) AS n;
INSERT INTO shop.note SELECT n, 'code ' || n FROM generate_series(1, 10) AS n;
INSERT INTO shop.mark SELECT n, n FROM generate_series(1, 10) AS n;
"""
ITEM, SALE, MARK = '"shop"."item"', '"shop"."sale"', '"shop"."mark"'
FIRST_KEY = -5_000_000_000_000


@dataclass
class Ours:
    """A run with rows on tables of others."""

    ledger: Ledger
    numbers: list[int] = field(default_factory=list)

    async def write(
        self, relation: str, rows: int, *, is_number: bool = True, along: tuple[str, ...] = ()
    ) -> LedgerEntry:
        """Return the entry of so many rows of a table, written down; nothing is made."""
        oid = await self.ledger.connection.fetchval("SELECT $1::regclass::oid::bigint", relation)
        self.numbers.append(len(self.numbers) + 1)
        entry = LedgerEntry(
            number=self.numbers[-1],
            relation=relation,
            relation_oid=oid,
            key="id",
            seed="42",
            stream="" if is_number else "sale/id/secret",
            first_key=FIRST_KEY,
            first_row=0,
            last_row=rows - 1,
            taken_along=along,
        )
        await self.ledger.write(entry)
        return entry

    async def items(self, rows: int = 30, along: tuple[str, ...] = ()) -> LedgerEntry:
        """Return the entry of items, which are there."""
        entry = await self.write(ITEM, rows, along=along)
        await self.ledger.connection.execute(
            f"INSERT INTO shop.item SELECT {ledger_key_sql(entry)}, 'ours ' || i"
            f" FROM generate_series(0, {rows - 1}) AS i"
        )
        return entry

    async def sales(self, rows: int = 30) -> LedgerEntry:
        """Return the entry of sales of those items, which are there."""
        entry = await self.write(SALE, rows, is_number=False)
        await self.ledger.connection.execute(
            f"INSERT INTO shop.sale SELECT ({ledger_key_sql(entry)})::uuid, {FIRST_KEY} + i"
            f" FROM generate_series(0, {rows - 1}) AS i"
        )
        return entry

    async def emptied(self) -> Removal:
        """Return what became of all rows."""
        return await empty_ledger(self.ledger, ledger_key_sql)

    async def killed(self) -> None:
        """End the run as SIGKILL does."""
        await close_connection(self.ledger.connection)
