"""Values with which a rule accepts or refuses a row: candidates come from the rule, the database decides.

A rule is evaluated for every candidate, over a sample row in which the rule's fields are replaced, cast to the
column's type as an INSERT would; so are the other rules that read one of these fields. A rejecting value breaks its
own rule alone; NULL breaks none, because a CHECK lets NULL through.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import asyncpg

from perfengine.database.failures import classify
from perfengine.errors import PlanError
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.table import Check, Table

#: Combinations tried for one rule; each is a round trip of a fraction of a millisecond.
MAX_COMBINATIONS = 2_000
#: Accepted combinations worth keeping: enough variety for generated rows.
_ENOUGH = 20

Combination = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """What the database said of a rule; values per field of `Check.fields`, as the driver binds them."""

    check: Check
    accepted: tuple[tuple[Any, ...], ...]  #: combinations that satisfy all rules, in candidate order
    refused: tuple[Any, ...] | None  #: the first combination that breaks this rule and no other


async def why_broken(connection: asyncpg.Connection, table: Table, check: Check) -> str | None:
    """Return how the rows of a table break a rule, None when they do not.

    Raises: PlanError when the rule is no SQL condition over the table.
    """
    condition = f"({check.expression}\n)"
    try:
        statement = await connection.prepare(
            f"SELECT count(*) FILTER (WHERE {condition} IS FALSE), count(*) FROM {table.sql}"
        )
    except asyncpg.PostgresError as error:
        _raise_if_lost(error)
        raise PlanError(f"{_named(table, check)} is no SQL condition: {error.args[0]}") from error
    try:
        broken, rows = await statement.fetchrow()
    except asyncpg.PostgresError as error:
        _raise_if_lost(error)
        return f"for a generated row: {error.args[0]}"
    return f"{broken} of {rows} generated rows break it" if broken else None


def _named(table: Table, check: Check) -> str:
    return f'rule "{check.rule}" of {table.name} ({check.expression})'


def _raise_if_lost(error: asyncpg.PostgresError) -> None:
    if classify(error, writes=False).lost:
        raise error


async def probe_rule(connection: asyncpg.Connection, table: Table, check: Check) -> RuleFinding:
    """Return what satisfies and what breaks `check`; the table holds sample rows and no constraints yet."""
    statement = await connection.prepare(_probe_query(table, check))
    accepted: list[tuple[Any, ...]] = []
    refused: tuple[Any, ...] | None = None
    for combination in _combinations(check):
        try:
            own, others, *values = await statement.fetchrow(*combination)
        except asyncpg.PostgresError as error:
            _raise_if_lost(error)
            continue  # the value does not fit the column, or the rule cannot be evaluated for it
        if others is False:
            continue
        if own is True:
            accepted.append(tuple(values))
        if own is False and refused is None:
            refused = tuple(values)
        if refused is not None and len(accepted) >= _ENOUGH:
            break
    return RuleFinding(check=check, accepted=tuple(accepted), refused=refused)


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
    values = ", ".join(quote_identifier(name) + _bound_as(table, name) for name in fields)
    name = quote_identifier(table.name)
    return (
        f"SELECT ({check.expression}\n), ({_others(table, check)}), {values} "
        f"FROM (SELECT {columns} FROM {table.sql} AS s LIMIT 1) AS {name}"
    )


def _bound_as(table: Table, field: str) -> str:
    """Return the cast to what the driver binds for a column: of `$1::text::inet` a text."""
    casts = table.column(field).field.cast.split("::")
    return f"::{casts[1]}" if len(casts) > 1 else ""


def _others(table: Table, check: Check) -> str:
    """Return the other rules that these values can break, as one condition."""
    related = [
        other
        for other in table.checks
        if other is not check and not set(other.fields).isdisjoint(check.fields)
    ]
    return " AND ".join(f"({other.expression}\n)" for other in related) or "true"
