"""The spellings of indexes to one: a list of mappings with `fields` and `type`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.making import add, copied, moved, without
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.spec.text.tree import Node

_KINDS: Final = ("using", "method", "index_type")


def spell_indexes(root: MapNode) -> None:
    """Spell `indexes:` and the marks of fields in `root`, which is a copy that may be changed."""
    written = root.get("indexes")
    if isinstance(written, ListNode):
        spelled = ListNode(written.position)
        for item, at in zip(written, written.items_at, strict=True):
            spelled.put(_index(item) if isinstance(item, MapNode) else _short(item, at), at)
        root["indexes"] = spelled
    fields = root.get("fields")
    if isinstance(fields, MapNode):
        copy = copied(fields)
        for name, value in copy.items():
            if isinstance(value, MapNode) and "index" in value and "indexed" not in value:
                copy[name] = _renamed(value, "index", "indexed")
        root["fields"] = copy


def _short(item: Node, at: Position) -> Node:
    """Return the index that a name, or a list of names, stands for."""
    if item is None:
        return None
    made = MapNode(at)
    add(made, "fields", item, at)
    return made


def _index(item: MapNode) -> MapNode:
    if "columns" in item and "fields" not in item:
        item = _renamed(item, "columns", "fields")
    for kind in _KINDS:
        if kind in item and "type" not in item:
            item = _renamed(item, kind, "type")
    return item


def _renamed(item: MapNode, old: str, new: str) -> MapNode:
    copy = without(item, old)
    moved(copy, item, old, new)
    return copy
