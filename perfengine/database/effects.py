"""Whether the database holds what the attempts claim: the effect of each phase, checked by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.operation import Effect
from perfengine.model.rows import Fate
from perfengine.model.sql import quote_identifier
from perfengine.model.summary import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    import asyncpg

    from perfengine.model.rows import Claims, EffectCheck, RowStatements
    from perfengine.model.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectCounts:
    """What the rows of one phase's claims look like in the database."""

    expected: int
    found: int
    unexpected: int
    in_doubt: int


async def verify_effect(
    connection: asyncpg.Connection, rows: RowStatements, claims: Claims, check: EffectCheck
) -> EffectCounts:
    """Return whether the rows claimed by ok attempts, and no others, show the effect.

    Rows of attempts in doubt may show it or not; they are counted apart.
    """
    table, key = rows.table.sql, quote_identifier(rows.table.key.name)
    query = f"""
    WITH claimed AS (
      SELECT {rows.key_sql} AS pe_key, get_byte($4::bytea, ((i - $1) / $3)::int) AS fate
      FROM generate_series($1::bigint, $2::bigint) AS g(i)
    ), seen AS (
      SELECT fate = {int(Fate.OK)} AS is_ok, fate = {int(Fate.IN_DOUBT)} AS is_doubt,
             {_shows_effect(rows.table, check, table, key)} AS shown
      FROM claimed LEFT JOIN {table} ON {table}.{key} = claimed.pe_key
    )
    SELECT count(*) FILTER (WHERE is_ok) AS expected,
           count(*) FILTER (WHERE is_ok AND shown) AS found,
           count(*) FILTER (WHERE NOT is_ok AND NOT is_doubt AND shown) AS unexpected,
           count(*) FILTER (WHERE is_doubt) AS in_doubt
    FROM seen
    """
    state = [check.target_state] if check.effect is Effect.STATE else []
    row = await connection.fetchrow(
        query,
        claims.first_row,
        claims.last_row,
        claims.per_attempt,
        claims.fates,
        *state,
    )
    return EffectCounts(**dict(row))


def _shows_effect(rows_table: Table, check: EffectCheck, table: str, key: str) -> str:
    if check.effect is Effect.STATE:
        column = rows_table.column(check.state_column or "")
        return f"({table}.{quote_identifier(column.name)} = $5::{column.sql_type}) IS TRUE"
    if check.effect is Effect.EXISTS:
        return f"{table}.{key} IS NOT NULL"
    return f"{table}.{key} IS NULL"


def add_counts(at_start: int, parts: Iterable[EffectCounts]) -> RowCounts:
    """Return the row counts of a phase from the checks of its rounds; no checks, nothing to verify."""
    checked = list(parts)
    if not checked:
        return RowCounts(at_start=at_start)
    return RowCounts(
        at_start=at_start,
        expected=sum(part.expected for part in checked),
        found=sum(part.found for part in checked),
        unexpected=sum(part.unexpected for part in checked),
        in_doubt=sum(part.in_doubt for part in checked),
    )
