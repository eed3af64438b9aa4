"""`relationships:` and `foreign_keys:` to fields that say which entity they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.making import add, copied
from perfengine.spec.dialects.names import table_name
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import MapNode, described

if TYPE_CHECKING:
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.text.tree import Node

#: Those that a column of this table stands for.
_OWNING: Final = ("belongs_to", "many_to_one", "one_to_one")
_OTHERS: Final = ("has_many", "has_one", "many_to_many", "one_to_many", "has_and_belongs_to_many")


def add_relationships(root: MapNode, written: MapNode, mistakes: Mistakes) -> None:
    """Put what `written` says of relationships into the fields of `root`, which is a copy of it."""
    for key in ("relationships", "foreign_keys"):
        node = written.get(key)
        if node is None:
            continue
        if not isinstance(node, MapNode):
            at = written.values_at[key]
            mistakes.add(at, f"{key}: it must be a mapping of names, found {described(node)}")
            continue
        fields = _fields(root)
        for name, value in node.items():
            if key == "relationships":
                _relationship(fields, name, value, node, mistakes)
            else:
                _foreign_key(fields, name, value, node, mistakes)


def _fields(root: MapNode) -> MapNode:
    """Return the fields of `root` as a copy that may be changed; empty when there are none."""
    written = root.get("fields")
    if not isinstance(written, MapNode):
        return MapNode(root.position)
    root["fields"] = fields = copied(written)
    return fields


def _relationship(fields: MapNode, name: str, value: Node, node: MapNode, mistakes: Mistakes) -> None:
    at = node.values_at[name]
    kind = value.get("type") if isinstance(value, MapNode) else None
    if not isinstance(value, MapNode) or not isinstance(kind, str):
        mistakes.add(at, f'the relationship {quoted(name)} needs "type"', allowed=(*_OWNING, *_OTHERS))
        return
    if kind not in (*_OWNING, *_OTHERS):
        message = f"unknown relationship {quoted(kind)}"
        mistakes.add(value.values_at["type"], message, allowed=(*_OWNING, *_OTHERS), found=kind)
        return
    if kind not in _OWNING:
        return  # the other table has the column
    entity, column = value.get("entity") or value.get("target"), value.get("foreign_key")
    target = entity if isinstance(entity, str) else name
    field = column if isinstance(column, str) else f"{name}_id"
    if field not in fields:
        if isinstance(column, str):
            message = f"foreign_key: {quoted(field)} is no field of the entity"
            mistakes.add(value.values_at["foreign_key"], message, allowed=tuple(fields), found=field)
        return
    _refer(fields, field, table_name(target))


def _foreign_key(fields: MapNode, name: str, value: Node, node: MapNode, mistakes: Mistakes) -> None:
    at = node.values_at[name]
    target = value.get("references") if isinstance(value, MapNode) else value
    if not isinstance(target, str):
        mistakes.add(at, f'the foreign key {quoted(name)} needs "references"')
        return
    table = table_name(target.split("(")[0].strip().rpartition(".")[2].removeprefix("tb_"))
    if name in fields:
        _refer(fields, name, table)
        return
    made = MapNode(at)
    add(made, "type", f"ref({table})", at)
    if isinstance(value, MapNode) and "nullable" in value:
        made.put("nullable", value.keys_at["nullable"], value["nullable"], value.values_at["nullable"])
    fields.put(name, node.keys_at[name], made, at)


def _refer(fields: MapNode, name: str, table: str) -> None:
    """Say in the field itself what it refers to, unless it does."""
    value, at = fields[name], fields.values_at[name]
    if isinstance(value, str):
        made = MapNode(at)
        add(made, "type", value, at)
    elif isinstance(value, MapNode) and "references" not in value:
        made = copied(value)
    else:
        return
    add(made, "references", table, at)
    fields[name] = made
