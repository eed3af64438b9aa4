"""Values with which a rule accepts or refuses a row: candidates come from the rule, the database decides.

Every rule of the table is evaluated for every candidate, over a sample row in which the rule's fields are replaced,
cast to the column's type as an INSERT would. A rejecting value breaks its own rule alone; NULL breaks none, because
a CHECK lets NULL through.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import asyncpg

from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.plan import Check, Table

#: Combinations tried for one rule; each is a round trip of a fraction of a millisecond.
MAX_COMBINATIONS = 2_000

Combination = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """What the database said of a rule; values per field of `Check.fields`, as the driver binds them."""

    check: Check
    accepted: tuple[tuple[Any, ...], ...]  #: combinations that satisfy all rules, in candidate order
    refused: tuple[Any, ...] | None  #: the first combination that breaks this rule and no other
    violated_by_rows: int  #: sample rows, generated without regard to this rule, that break it


async def probe_rule(connection: asyncpg.Connection, table: Table, check: Check) -> RuleFinding:
    """Return what satisfies and what breaks `check`; the table holds sample rows and no constraints yet."""
    query = _probe_query(table, check)
    statement = await connection.prepare(query)
    accepted: list[tuple[Any, ...]] = []
    refused: tuple[Any, ...] | None = None
    for combination in _combinations(check):
        try:
            row = await statement.fetchrow(*combination)
        except asyncpg.PostgresError:
            continue  # the value does not fit the column, or the rule cannot be evaluated for it
        values = tuple(row)[2:]
        if row["own"] is True and row["others"] is not False:
            accepted.append(values)
        if row["own"] is False and row["others"] is not False and refused is None:
            refused = values
        if refused is not None and len(accepted) >= _ENOUGH:
            break
    violating = await connection.fetchval(
        f"SELECT count(*) FROM {quote_identifier(table.name)} WHERE ({check.expression}) IS FALSE"
    )
    return RuleFinding(
        check=check, accepted=tuple(accepted), refused=refused, violated_by_rows=int(violating)
    )


#: Accepted combinations worth keeping: enough variety for generated rows.
_ENOUGH = 20


def _combinations(check: Check) -> Iterator[Combination]:
    values = [candidates for _, candidates in check.candidates]
    if len(values) > 1:  # keep the product small without losing any field's first candidates
        share = max(2, int(MAX_COMBINATIONS ** (1 / len(values))))
        values = [candidates[:share] for candidates in values]
    return islice(product(*values), MAX_COMBINATIONS)


def _probe_query(table: Table, check: Check) -> str:
    """Return the query with one text parameter a field: own verdict, the others' verdict, the typed values."""
    fields = [name for name, _ in check.candidates]
    columns = ", ".join(
        f"${fields.index(column.name) + 1}::text::{column.sql_type} AS {quote_identifier(column.name)}"
        if column.name in fields
        else f"s.{quote_identifier(column.name)}"
        for column in table.columns
    )
    others = " AND ".join(f"({other.expression})" for other in table.checks if other is not check) or "true"
    values = ", ".join(quote_identifier(name) for name in fields)
    name = quote_identifier(table.name)
    return (
        f"SELECT ({check.expression}) AS own, ({others}) AS others, {values} "
        f"FROM (SELECT {columns} FROM {name} AS s LIMIT 1) AS {name}"
    )
