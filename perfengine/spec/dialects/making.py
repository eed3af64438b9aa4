"""Small changes to trees: copies, so that what was written stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.mistake import Position
    from perfengine.spec.text.tree import Node


def copied(node: MapNode) -> MapNode:
    """Return a copy, every key and value at its place."""
    return without(node)


def without(node: MapNode, *keys: str) -> MapNode:
    """Return a copy without some keys."""
    copy = MapNode(node.position)
    for key, value in node.items():
        if key not in keys:
            copy.put(key, node.keys_at[key], value, node.values_at[key])
    return copy


def add(node: MapNode, key: str, value: Node, at: Position) -> None:
    """Put a key and its value at one place."""
    node.put(key, at, value, at)


def moved(node: MapNode, source: MapNode, old: str, new: str) -> None:
    """Put the value of `source[old]` under the key `new`, with its places; nothing where it is not there."""
    if old in source:
        node.put(new, source.keys_at[old], source[old], source.values_at[old])


def listed(items: Iterable[tuple[Node, Position]], at: Position) -> ListNode:
    """Return a list of values with their places."""
    node = ListNode(at)
    for value, place in items:
        node.put(value, place)
    return node


def words_of(node: Node, at: Position) -> list[tuple[str, Position]]:
    """Return the words of a scalar or of a list of scalars, each with its place; other items are left out."""
    if isinstance(node, str):
        return [(node, at)]
    if isinstance(node, ListNode):
        pairs = zip(node, node.items_at, strict=True)
        return [(value, place) for value, place in pairs if isinstance(value, str)]
    return []
