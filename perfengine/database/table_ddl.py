"""Sandbox tables as DDL: bare first, constraints after filling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.plan import Table


def create_table_ddl(table: Table) -> str:
    """Return CREATE TABLE with columns only, in the first schema of the search path."""
    columns = ",\n  ".join(
        f"{quote_identifier(column.name)} {column.sql_type}{'' if column.field.nullable else ' NOT NULL'}"
        for column in table.columns
    )
    return f"CREATE TABLE {quote_identifier(table.name)} (\n  {columns}\n)"


def constraints_ddl(table: Table) -> list[str]:
    """Return the key, the references and the checks of a table, a statement each."""
    alter = f"ALTER TABLE {quote_identifier(table.name)} ADD"
    statements = [f"{alter} PRIMARY KEY ({quote_identifier(table.key.name)})"]
    statements += [
        f"{alter} FOREIGN KEY ({quote_identifier(column.name)}) REFERENCES {quote_identifier(column.references)}"
        for column in table.columns
        if column.references is not None
    ]
    statements += [
        f"{alter} CONSTRAINT {quote_identifier(check.constraint)} CHECK ({check.expression})"
        for check in table.checks
    ]
    return statements
