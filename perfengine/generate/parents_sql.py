"""The part of an SQL file that makes rows for others to refer to, and hands out their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.generate.keys_sql import highest_key_sql, is_counted, overriding
from perfengine.generate.layout import laid_out
from perfengine.generate.names import one_line
from perfengine.generate.rows_sql import adder, row_parts, turn_sql
from perfengine.generate.values_sql import random_key_sql
from perfengine.generate.workbench import dollar_quoted, key_type, states_of
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.generate.workbench import Workbench
    from perfengine.model.table import Table


def parent_parts(bench: Workbench) -> Iterator[str]:
    """Yield what makes rows of the tables that the entity refers to, each after its own parents."""
    for parent in bench.parents:
        yield _ledger(bench, parent)
        if parent.parent:
            yield _bare_rows(bench, parent)
        else:
            yield from row_parts(bench, parent)
            yield _whole_rows(bench, parent)
        yield _key_function(bench, parent)


def _keys(bench: Workbench, parent: Table) -> str:
    return bench.helper(f"{parent.name}_keys")


def _ledger(bench: Workbench, parent: Table) -> str:
    name, count = one_line(quote_identifier(parent.name)), bench.rows_of(parent)
    return (
        f"-- Rows of {name} for others to refer to: {count} of them.\n"
        f"CREATE TABLE {_keys(bench, parent)} (\n"
        f"  number bigint PRIMARY KEY, key {key_type(parent)} NOT NULL\n"
        ");"
    )


def _key_function(bench: Workbench, parent: Table) -> str:
    body = (
        "BEGIN\n"
        "  RETURN (\n"
        f"    SELECT k.key FROM {_keys(bench, parent)} AS k WHERE k.number = wanted::bigint\n"
        "  );\n"
        "END"
    )
    return (
        f"CREATE FUNCTION {bench.keys[parent.name].function}(wanted float8) RETURNS {key_type(parent)}\n"
        f"LANGUAGE plpgsql STABLE AS {dollar_quoted(body)};"
    )


def _whole_rows(bench: Workbench, parent: Table) -> str:
    body = (
        "BEGIN\n"
        f"  FOR i IN 1..{bench.rows_of(parent)} LOOP\n"
        f"    INSERT INTO {_keys(bench, parent)}\n"
        f"    VALUES (i, {adder(bench, parent)}('', {turn_sql(states_of(parent), 'i')}));\n"
        "  END LOOP;\n"
        "END"
    )
    return f"DO {dollar_quoted(body, 'do')};"


def _bare_rows(bench: Workbench, parent: Table) -> str:
    """Return what makes rows of a table of which the documents say no more than its key."""
    keys, name, key = _keys(bench, parent), quote_identifier(parent.name), quote_identifier(parent.key.name)
    insert = f"INSERT INTO {name} ({key}){overriding(parent)} SELECT key FROM {keys};"
    made = _filling(keys, _made_key(parent), bench.rows_of(parent))
    if bench.given.with_schema:
        return f"{laid_out(made)}\n{laid_out(insert)}"
    invented = _filling(keys, _invented_key(parent), bench.rows_of(parent))
    return f"DO {dollar_quoted(_careful(bench, parent, (made, insert, invented)), 'do')};"


def _filling(keys: str, key: str, count: int) -> str:
    return f"INSERT INTO {keys} SELECT i, {key} FROM generate_series(1, {count}) AS i;"


def _made_key(parent: Table) -> str:
    return f"{highest_key_sql(parent)} + i" if is_counted(parent) else random_key_sql(parent.key.field)


def _invented_key(parent: Table) -> str:
    return "i" if is_counted(parent) else random_key_sql(parent.key.field)


def _careful(bench: Workbench, parent: Table, statements: tuple[str, str, str]) -> str:
    """Return a block for a table that somebody else made: it may want more than a key, or not be there at all."""
    made, insert, invented = statements
    name, key = quote_identifier(parent.name), quote_identifier(parent.key.name)
    count = bench.rows_of(parent)
    none_there = f"there is no table {name}: references to it are made up"
    wants_more = f"{name} wants more than a key, and no row of it is there to refer to"
    remedy = "generate this file with the entity file of that table, too"
    return (
        "BEGIN\n"
        f"{laid_out(made, '  ')}\n"
        f"{laid_out(insert, '  ')}\n"
        "EXCEPTION\n"
        "  WHEN undefined_table THEN\n"
        f"    RAISE WARNING USING MESSAGE = {quote_literal(none_there)};\n"
        f"{laid_out(invented, '    ')}\n"
        "  WHEN not_null_violation OR check_violation OR foreign_key_violation OR insufficient_privilege THEN\n"
        "    -- It wants more than a key. Rows that are there will do: a reference changes nothing in\n"
        "    -- them; nobody can delete them until this transaction ends.\n"
        f"    INSERT INTO {_keys(bench, parent)}\n"
        "    SELECT i, there.key\n"
        f"    FROM generate_series(1, {count}) AS i\n"
        "    JOIN (\n"
        "      SELECT row_number() OVER () - 1 AS place, count(*) OVER () AS total, few.key\n"
        f"      FROM (SELECT {key} AS key FROM {name} LIMIT {count}) AS few\n"
        "    ) AS there ON there.place = i % there.total;\n"
        "    IF NOT FOUND THEN\n"
        f"      RAISE EXCEPTION USING MESSAGE = {quote_literal(wants_more)},\n"
        f"        HINT = {quote_literal(remedy)};\n"
        "    END IF;\n"
        "END"
    )
