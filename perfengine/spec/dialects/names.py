"""The name of a table from the name of an entity: `OrderItem` is kept in `order_item`."""

from __future__ import annotations

import re
from typing import Final

_PASCAL: Final = re.compile(r"[A-Z]\w*", re.ASCII)
_WORD_STARTS: Final = (re.compile(r"(.)([A-Z][a-z]+)"), re.compile(r"([a-z0-9])([A-Z])"))


def table_name(entity: str) -> str:
    """Return an entity's name in snake case where it is a word that begins with a capital, else as it is."""
    if not _PASCAL.fullmatch(entity):
        return entity
    for start in _WORD_STARTS:
        entity = start.sub(r"\1_\2", entity)
    return entity.replace("__", "_").lower()


def is_table_of(table: str, entity: str) -> bool:
    """Return whether a table in a statement is that of an entity: `order`, `Order`, `tb_order`."""
    return same_entity(table, entity) or same_entity(table.removeprefix("tb_"), entity)


def same_entity(one: str, other: str) -> bool:
    """Return whether two spellings mean one entity: `OrderItem`, `orderitem`, `order_item`."""
    return one.replace("_", "").casefold() == other.replace("_", "").casefold()
