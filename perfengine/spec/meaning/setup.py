"""The statements of `setup:` and `teardown:`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.sql_text import SqlTextError, placeholders
from perfengine.model.workload import SetupStatement
from perfengine.spec.meaning.expression import Fault
from perfengine.spec.meaning.own_sql import check_marks
from perfengine.spec.meaning.rules import place_in_text
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.mistake import Position
    from perfengine.spec.meaning.tables import KnownTables
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.workload_parts import WorkloadPart


def build_setup(
    part: WorkloadPart, key: str, tables: KnownTables, mistakes: Mistakes
) -> Iterator[SetupStatement]:
    """Yield the statements of one list, `key` being `setup` or `teardown`."""
    node = part.node[key]
    assert isinstance(node, ListNode)  # noqa: S101 - the shape was read
    for item, written, position in zip(getattr(part, key), node, node.items_at, strict=True):
        _check_keys(written, mistakes)
        place = written.values_at.get("sql", position) if isinstance(written, MapNode) else position
        if item.sql is not None:
            _check_sql(item.sql, place, tables, mistakes)
            yield SetupStatement(position=place, sql=item.sql)
        elif item.analyze is not None and isinstance(written, MapNode):
            _check_tables(item.analyze, written, tables)
            yield SetupStatement(position=written.values_at["analyze"], analyze=item.analyze)


def _check_keys(written: object, mistakes: Mistakes) -> None:
    if not isinstance(written, MapNode):
        return
    node = written.origin
    if "sql" in node and "analyze" in node:
        mistakes.add(
            node.keys_at["analyze"], "analyze: an item is sql or analyze: make it an item of its own"
        )


def _check_sql(sql: str, position: Position, tables: KnownTables, mistakes: Mistakes) -> None:
    try:
        found = placeholders(sql)
        check_marks(sql, position, tables)
    except SqlTextError as error:
        mistakes.add(place_in_text(position, sql, Fault("", error.offset)), f"sql: {error}")
        return
    for placeholder in found:
        place = place_in_text(position, sql, Fault("", placeholder.start))
        mistakes.add(
            place, f":{placeholder.name}: these statements have no parameters: write the value itself"
        )


def _check_tables(names: tuple[str, ...], written: MapNode, tables: KnownTables) -> None:
    value = written["analyze"]
    places = value.items_at if isinstance(value, ListNode) else [written.values_at["analyze"]]
    for name, place in zip(names, places, strict=True):
        tables.check(name, place)
