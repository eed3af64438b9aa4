"""The tree of a document: plain dicts, lists and text, each container knowing the places of what it holds.

Scalars stay the text that was written. What YAML 1.1 would make of `on`, `010` or `12:30` never happens; `None` is
a value that is not there (nothing, or the word null).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from perfengine.model.mistake import Position

Node: TypeAlias = "str | MapNode | ListNode | None"


class MapNode(dict[str, "Node"]):
    """A mapping, its start, and the places of its keys and values.

    `origin` is the mapping as written, where this one is a copy without its wrong pieces.
    """

    __slots__ = ("keys_at", "origin", "position", "values_at")

    def __init__(self, position: Position, origin: MapNode | None = None) -> None:
        super().__init__()
        self.position = position
        self.origin = self if origin is None else origin
        self.keys_at: dict[str, Position] = {}
        self.values_at: dict[str, Position] = {}

    def put(self, key: str, key_at: Position, value: Node, value_at: Position) -> None:
        """Add an entry with its places."""
        self[key] = value
        self.keys_at[key] = key_at
        self.values_at[key] = value_at


class ListNode(list["Node"]):
    """A list, its start, and the places of its items."""

    __slots__ = ("items_at", "position")

    def __init__(self, position: Position) -> None:
        super().__init__()
        self.position = position
        self.items_at: list[Position] = []

    def put(self, value: Node, value_at: Position) -> None:
        """Add an item with its place."""
        self.append(value)
        self.items_at.append(value_at)


def described(node: object) -> str:
    """Return what a node is, in words: `a list`, `text "x"`, `nothing`."""
    if node is None:
        return "nothing"
    if isinstance(node, dict):
        return "a mapping"
    if isinstance(node, list):
        return "a list"
    text = str(node)
    return f'"{text if len(text) <= 40 else text[:37] + "..."}"'
