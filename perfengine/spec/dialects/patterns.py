"""The spellings of `patterns:` to one: a list of patterns with their names, what is no pattern left as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.making import add, without
from perfengine.spec.shape.patterns import PATTERNS, SKIPPED_PATTERNS
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.spec.text.tree import Node

_KNOWN: Final = (*PATTERNS, *SKIPPED_PATTERNS)
#: Where the spelling `{type: state_machine, ...}` keeps the keys of the pattern.
_BELOW: Final = ("params", "config", "parameters")


@dataclass(slots=True)
class Patterns:
    """The patterns of an entity."""

    machines: list[tuple[MapNode, Position]] = field(default_factory=list)
    others: list[tuple[Node, Position]] = field(default_factory=list)
    bare: list[Position] = field(default_factory=list)  #: a state machine that says nothing
    notes: list[str] = field(default_factory=list)


def read_patterns(written: Node) -> Patterns:
    """Return the patterns that are written, each with its keys beside its name."""
    return _Reader().read(written)


class _Reader:
    """The patterns of one entity."""

    def __init__(self) -> None:
        self._found = Patterns()

    def read(self, written: Node) -> Patterns:
        """Return them."""
        if isinstance(written, MapNode) and all(key in _KNOWN for key in written):
            for key, value in written.items():
                self._take_named(key, value, written.keys_at[key], written.values_at[key])
        elif isinstance(written, ListNode):
            for item, at in zip(written, written.items_at, strict=True):
                self._take(item, at)
        return self._found

    def _take(self, item: Node, at: Position) -> None:
        if isinstance(item, str):
            self._take_named(item, None, at, at)
        elif isinstance(item, MapNode):
            self._take_mapping(item, at)
        else:
            self._found.others.append((item, at))

    def _take_mapping(self, item: MapNode, at: Position) -> None:
        name = item.get("name")
        named = next((key for key in _KNOWN if key in item), None)
        kind = item.get("type") or item.get("pattern")
        if isinstance(name, str) and name in PATTERNS:
            self._keep(name, item, at)
        elif isinstance(name, str) and name == "validation_chain":
            self._keep("validation", item, at)
        elif isinstance(name, str) and name in SKIPPED_PATTERNS:
            self._skip(name)
        elif named is not None and name is None:
            self._take_named(named, item[named], item.keys_at[named], item.values_at[named])
        elif isinstance(kind, str) and kind in _KNOWN:
            key = next((key for key in _BELOW if isinstance(item.get(key), MapNode)), None)
            body = item[key] if key else without(item, "name", "type", "pattern")
            self._take_named(kind, body or None, at, at)
        else:
            self._found.others.append((item, at))

    def _take_named(self, name: str, body: Node, name_at: Position, at: Position) -> None:
        """Take a pattern whose keys are below its name."""
        if name in SKIPPED_PATTERNS:
            self._skip(name)
        elif isinstance(body, MapNode):
            self._keep(name, body, at, name_at)
        elif name == "validation" and isinstance(body, ListNode):
            made = MapNode(at)
            made.put("rules", name_at, body, at)
            self._keep(name, made, at, name_at)
        elif body is None and name == "state_machine":
            self._found.bare.append(name_at)
        elif body is None and name == "validation":
            self._found.notes.append("the pattern validation says no rules: nothing is made of it")
        else:
            self._found.others.append((name if body is None else body, at))

    def _keep(self, name: str, body: MapNode, at: Position, name_at: Position | None = None) -> None:
        node = MapNode(body.position)
        if name_at is not None or "name" not in body or body["name"] != name:
            add(node, "name", name, name_at or body.values_at.get("name", at))
        for key, value in body.items():
            if key not in node:
                node.put(key, body.keys_at[key], value, body.values_at[key])
        if name == "state_machine":
            self._found.machines.append((node, at))
        else:
            self._found.others.append((node, at))

    def _skip(self, name: str) -> None:
        self._found.notes.append(f"the pattern {name} is read past: no load depends on it")
