"""Sandbox tables as DDL: bare first, constraints after filling, because checking in bulk is many times faster."""

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
    statements += references_ddl(table)
    # the parenthesis closes on a line of its own, in case the expression ends in a comment
    statements += [
        f"{alter} CONSTRAINT {quote_identifier(check.constraint)} CHECK (\n  {check.expression}\n)"
        for check in table.checks
    ]
    return statements


def references_ddl(table: Table) -> list[str]:
    """Return the statements that add the foreign keys of a table, `fk_1` and on."""
    return [
        f"ALTER TABLE {quote_identifier(table.name)} ADD CONSTRAINT fk_{number}"
        f" FOREIGN KEY ({quote_identifier(column)}) REFERENCES {quote_identifier(parent)}"
        for number, (column, parent) in enumerate(_references(table), start=1)
    ]


def drop_references_ddl(table: Table) -> list[str]:
    """Return the statements that drop them again."""
    return [
        f"ALTER TABLE {quote_identifier(table.name)} DROP CONSTRAINT fk_{number}"
        for number, _ in enumerate(_references(table), start=1)
    ]


def _references(table: Table) -> list[tuple[str, str]]:
    return [(column.name, column.references) for column in table.columns if column.references is not None]
