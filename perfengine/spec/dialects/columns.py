"""What the spellings of patterns need to know of the fields, before these are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic_core import PydanticCustomError

from perfengine.spec.shape.type_text import TypeWord, parse_type
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.spec.text.tree import Node


#: The fields that hold the state where nobody says which one does, the likelier first.
STATE_FIELDS: Final = ("status", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """A field as written."""

    values: tuple[tuple[str, Position], ...] = ()  #: of an enumeration
    default: str | None = None


class Columns:
    """The fields of an entity by name."""

    def __init__(self, fields: Node) -> None:
        node = fields if isinstance(fields, MapNode) else None
        self._fields = {name: _words(node[name], node.values_at[name]) for name in node} if node else {}

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order of the document."""
        return tuple(self._fields)

    @property
    def usual_state(self) -> str | None:
        """The field that holds the state by its name; None where no field is called so."""
        return next((name for name in STATE_FIELDS if name in self._fields), None)

    def named(self, name: str) -> str | None:
        """Return the field that a name in SQL means; None when there is none."""
        if name in self._fields:
            return name
        return next((field for field in self._fields if field.casefold() == name.casefold()), None)

    def values(self, name: str | None) -> tuple[tuple[str, Position], ...]:
        """Return the values of an enumeration, each with its place."""
        return self._fields[name].values if name in self._fields else ()

    def default(self, name: str | None) -> str | None:
        """Return the default of a field."""
        return self._fields[name].default if name in self._fields else None


def _words(node: Node, at: Position) -> FieldWords:
    if isinstance(node, str):
        word = _type(node)
        return _found(word, None, None, at) if word else FieldWords()
    if isinstance(node, MapNode):
        word = _type(node.get("type"))
        default = node.get("default")
        return _found(word, node.get("values"), default if isinstance(default, str) else None, at)
    return FieldWords()


def _found(word: TypeWord | None, values: Node, default: str | None, at: Position) -> FieldWords:
    own = tuple((value, at) for value in word.values) if word else ()
    if isinstance(values, ListNode):
        own = tuple(
            (name, place)
            for item, place in zip(values, values.items_at, strict=True)
            if isinstance(name := item.get("name") if isinstance(item, MapNode) else item, str)
        )
    return FieldWords(values=own, default=default or (word.default if word else None))


def _type(text: Node) -> TypeWord | None:
    if not isinstance(text, str):
        return None
    try:
        return parse_type(text.strip())
    except PydanticCustomError:
        return None  # the mistake is named where the field is read
