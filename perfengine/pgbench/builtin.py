"""The scripts that pgbench has built in, and the tables that they work on.

Source: PostgreSQL documentation, pgbench, "What Is the "Transaction" Actually Performed in pgbench?" and
`--initialize`; src/bin/pgbench/pgbench.c, `initCreateTables`, `initGenerateDataServerSide`, `initCreatePKeys`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Rows of each table for one unit of scale.
BRANCHES, TELLERS, ACCOUNTS = 1, 10, 100_000
#: From this scale on the key of an account is a bigint, as pgbench has it.
_BIGINT_SCALE: Final = 20_000
TABLES: Final = ("pgbench_branches", "pgbench_tellers", "pgbench_accounts", "pgbench_history")

_DRAWS: Final = rf"""\set aid random(1, {ACCOUNTS} * :scale)
\set bid random(1, {BRANCHES} * :scale)
\set tid random(1, {TELLERS} * :scale)
\set delta random(-5000, 5000)
"""
_UPDATE: Final = """BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
"""
_HISTORY: Final = """INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)
VALUES (:tid, :bid, :aid, :delta, CURRENT_TIMESTAMP);
END;
"""
BUILTINS: Final = {
    "tpcb-like": f"""{_DRAWS}{_UPDATE}UPDATE pgbench_tellers SET tbalance = tbalance + :delta WHERE tid = :tid;
UPDATE pgbench_branches SET bbalance = bbalance + :delta WHERE bid = :bid;
{_HISTORY}""",
    "simple-update": f"{_DRAWS}{_UPDATE}{_HISTORY}",
    "select-only": rf"""\set aid random(1, {ACCOUNTS} * :scale)
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
""",
}


def tables_sql(scale: int) -> Iterator[str]:
    """Yield the statements that make and fill the tables for a scale, as `pgbench --initialize` does."""
    key = "bigint" if scale >= _BIGINT_SCALE else "int"
    yield f"CREATE TABLE pgbench_history (tid int, bid int, aid {key}, delta int, mtime timestamp, filler char(22))"
    yield (
        "CREATE TABLE pgbench_tellers (tid int NOT NULL, bid int, tbalance int, filler char(84))"
        " WITH (fillfactor = 100)"
    )
    yield (
        f"CREATE TABLE pgbench_accounts (aid {key} NOT NULL, bid int, abalance int, filler char(84))"
        " WITH (fillfactor = 100)"
    )
    yield "CREATE TABLE pgbench_branches (bid int NOT NULL, bbalance int, filler char(88)) WITH (fillfactor = 100)"
    yield (
        "INSERT INTO pgbench_branches (bid, bbalance)"
        f" SELECT bid, 0 FROM generate_series(1, {BRANCHES * scale}) AS bid"
    )
    yield (
        f"INSERT INTO pgbench_tellers (tid, bid, tbalance) SELECT tid, (tid - 1) / {TELLERS} + 1, 0"
        f" FROM generate_series(1, {TELLERS * scale}) AS tid"
    )
    yield (
        f"INSERT INTO pgbench_accounts (aid, bid, abalance, filler) SELECT aid, (aid - 1) / {ACCOUNTS} + 1, 0, ''"
        f" FROM generate_series({_first(key)}, {ACCOUNTS * scale}) AS aid"
    )
    for table in TABLES:
        yield f"VACUUM ANALYZE {table}"
    for table, column in (("branches", "bid"), ("tellers", "tid"), ("accounts", "aid")):
        yield f"ALTER TABLE pgbench_{table} ADD PRIMARY KEY ({column})"


def _first(key: str) -> str:
    return "1::bigint" if key == "bigint" else "1"
