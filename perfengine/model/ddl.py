"""Sandbox tables as DDL: bare first, constraints after filling, because checking in bulk is many times faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.table import Table


def create_table_ddl(table: Table) -> str:
    """Return CREATE TABLE with columns only, in the first schema of the search path."""
    columns = ",\n  ".join(
        f"{quote_identifier(column.name)} {column.sql_type}{'' if column.field.nullable else ' NOT NULL'}"
        for column in table.columns
    )
    return f"CREATE TABLE {quote_identifier(table.name)} (\n  {columns}\n)"


def constraints_ddl(table: Table) -> list[str]:
    """Return the checks, the key and the references of a table, a statement each; parents' before children's."""
    alter = f"ALTER TABLE {quote_identifier(table.name)} ADD"
    # Checks first: a rule may be called "pkey", and the server then finds another name for the key.
    # The parenthesis closes on a line of its own, in case the expression ends in a comment.
    checks = [
        f"{alter} CONSTRAINT {quote_identifier(check.constraint)} CHECK (\n  {check.expression}\n)"
        for check in table.checks
    ]
    return [*checks, f"{alter} PRIMARY KEY ({quote_identifier(table.key.name)})", *references_ddl(table)]


def references_ddl(table: Table) -> list[str]:
    """Return the statements that add the foreign keys of a table: `fk1` and on, a name no rule's check can have."""
    return [
        f"ALTER TABLE {quote_identifier(table.name)} ADD CONSTRAINT fk{number}"
        f" FOREIGN KEY ({quote_identifier(column)}) REFERENCES {quote_identifier(parent)}"
        for number, (column, parent) in enumerate(_references(table), start=1)
    ]


def drop_references_ddl(table: Table) -> list[str]:
    """Return the statements that take them off again, while many rows go in."""
    return [
        f"ALTER TABLE {quote_identifier(table.name)} DROP CONSTRAINT fk{number}"
        for number, _ in enumerate(_references(table), start=1)
    ]


def _references(table: Table) -> list[tuple[str, str]]:
    return [(column.name, column.references) for column in table.columns if column.references is not None]
