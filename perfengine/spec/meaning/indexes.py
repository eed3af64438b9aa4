"""`indexes:`, and fields that say `indexed` or `unique`, to the indexes of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType, Index
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import ListNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.entity import Field
    from perfengine.spec.meaning.draft import Document
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.field_parts import IndexPart

_MOST_FIELDS: Final = 32


def build_indexes(
    document: Document, fields: Sequence[Field], mistakes: Mistakes, notes: list[str]
) -> tuple[Index, ...]:
    """Return the indexes, each once; those of a kind that the fields cannot have leave a note instead."""
    types = {field.name: field.type for field in fields}
    found = [Index(fields=(name,)) for name in _marked(document)]
    for part in document.part.indexes or []:
        _check(part, types, document, mistakes)
        reason = _why_not(part, types)
        if reason:
            words = ", ".join(part.fields_)
            notes.append(f"{document.position.path}: the index on {words} is not made: {reason}")
        else:
            found.append(Index(fields=part.fields_, method=part.type))
    if any(part.unique for part in document.part.indexes or []) or _are_unique(document):
        notes.append(f"{document.position.path}: unique: an index is made that admits values twice")
    return tuple(dict.fromkeys(found))


def _marked(document: Document) -> list[str]:
    parts = document.part.fields or {}
    return [name for name, part in parts.items() if (part.indexed or part.unique) and name != "id"]


def _are_unique(document: Document) -> bool:
    return any(part.unique for name, part in (document.part.fields or {}).items() if name != "id")


def _check(part: IndexPart, types: dict[str, FieldType], document: Document, mistakes: Mistakes) -> None:
    value = part.node["fields"]
    places = value.items_at if isinstance(value, ListNode) else [part.place("fields")]
    for field, place in zip(part.fields_, places, strict=True):
        if types and field not in document.fields and field != "id":
            message = f"an index on {quoted(field)}, which is no field"
            mistakes.add(place, message, allowed=document.fields, found=field)
        elif part.fields_.count(field) > 1:
            mistakes.add(place, f"field {quoted(field)} is there twice")
    if len(part.fields_) > _MOST_FIELDS:
        mistakes.add(part.place("fields"), f"an index has at most {_MOST_FIELDS} fields")


def _why_not(part: IndexPart, types: dict[str, FieldType]) -> str | None:
    of_json = [types.get(field) is FieldType.JSON for field in part.fields_]
    if part.type == "gist" or (part.type == "gin" and not all(of_json)):
        return f"a {part.type} index on columns of these types needs an extension"
    if part.type == "hash" and len(part.fields_) > 1:
        return "a hash index has one field"
    if part.type == "brin" and any(of_json):
        return "a brin index needs values in an order"
    return None
