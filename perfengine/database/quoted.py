"""Names of tables as SQL text of the server's making: always quoted, as `model.existing.Place.sql` has them."""

from __future__ import annotations


def quoted_sql(schema: str, name: str) -> str:
    """Return the SQL expression of a quoted name, from those of schema and bare name."""
    return " || '.' || ".join(f"'\"' || replace({part}, '\"', '\"\"') || '\"'" for part in (schema, name))


def shown(relation: str) -> str:
    """Return a quoted name as messages have it: `app.tb_order`."""
    return relation.removeprefix('"').removesuffix('"').replace('"."', ".").replace('""', '"')
