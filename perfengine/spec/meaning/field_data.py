"""`data:` to generators of fields, each checked against the type of its field and what else is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType
from perfengine.model.scenario import FieldData
from perfengine.spec.meaning.field_limits import check_limits
from perfengine.spec.meaning.field_values import field_scalar
from perfengine.spec.meaning.generators import WrittenGenerator, build_generator
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import MapNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfengine.model.entity import Entity, Field
    from perfengine.model.generator import Generator
    from perfengine.model.mistake import Position
    from perfengine.spec.meaning.draft import Document
    from perfengine.spec.meaning.tables import KnownTables
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.generator_parts import GeneratorPart

_STATES: Final = ("choice", "const")
_TEXTS: Final = ("text", "template", "choice", "const", "sequence", "uuid")
_WHOLE: Final = ("int", "sequence", "choice", "const")
#: The generators that make values of a type.
_FITTING: Final[Mapping[FieldType, tuple[str, ...]]] = {
    FieldType.BIGINT: _WHOLE,
    FieldType.BOOLEAN: ("bool", "choice", "const"),
    FieldType.DATE: ("date", "ago", "ahead"),
    FieldType.DECIMAL: ("decimal", "int", "float", "choice", "const", "sequence"),
    FieldType.FLOAT: ("float", "decimal", "int", "choice", "const", "sequence"),
    FieldType.INTEGER: _WHOLE,
    FieldType.JSON: ("choice", "const"),
    FieldType.STRING: _TEXTS,
    FieldType.TEXT: _TEXTS,
    FieldType.TIMESTAMP: ("timestamp", "ago", "ahead"),
    FieldType.UUID: ("uuid", "choice", "const"),
}


def read_field_data(
    documents: Iterable[Document], entities: Mapping[str, Entity], tables: KnownTables, mistakes: Mistakes
) -> tuple[FieldData, ...]:
    """Return the generators of fields; of two documents about one field the later wins."""
    reader = _Reader(entities, tables, mistakes)
    for document in documents:
        for entity, fields in (document.part.data or {}).items():
            reader.read(document, entity, fields)
    return tuple(reader.found.values())


class _Reader:
    """Collects the generators of fields."""

    def __init__(self, entities: Mapping[str, Entity], tables: KnownTables, mistakes: Mistakes) -> None:
        self._entities = entities
        self._tables = tables
        self._mistakes = mistakes
        self.found: dict[tuple[str, str], FieldData] = {}

    def read(self, document: Document, name: str, parts: Mapping[str, GeneratorPart]) -> None:
        """Take the fields of one entity in one document."""
        node = document.root["data"]
        assert isinstance(node, MapNode)  # noqa: S101 - the shape was read
        below = node[name]
        assert isinstance(below, MapNode)  # noqa: S101
        entity = self._entities.get(name)
        if self._tables.are_known and entity is None:
            message = f"data: {quoted(name)} is no entity of this run"
            self._mistakes.add(node.keys_at[name], message, allowed=self._entities, found=name)
            return
        for field, part in parts.items():
            generator = self._generator(entity, field, part, below)
            if generator is not None:
                self.found[name, field] = FieldData(
                    entity=name, field=field, generator=generator, position=below.keys_at[field]
                )

    def _generator(
        self, entity: Entity | None, name: str, part: GeneratorPart, node: MapNode
    ) -> Generator | None:
        written = WrittenGenerator(
            part=part, position=node.values_at[name], tables=self._tables, mistakes=self._mistakes
        )
        if entity is None:
            return build_generator(written)  # the file is looked at alone: its fields are not known
        field = next((field for field in entity.fields if field.name == name), None)
        if field is None:
            message = f"data: {quoted(name)} is no field of {quoted(entity.name)}"
            names = [field.name for field in entity.fields]
            self._mistakes.add(node.keys_at[name], message, allowed=names, found=name)
            return None
        if not self._fits(entity, field, part, node.values_at[name]):
            return None
        return self._checked(entity, field, written)

    def _checked(self, entity: Entity, field: Field, written: WrittenGenerator) -> Generator | None:
        generator = build_generator(
            WrittenGenerator(
                part=written.part,
                position=written.position,
                tables=written.tables,
                mistakes=written.mistakes,
                scalar=lambda word: field_scalar(entity, field, word, self._mistakes),
            )
        )
        if generator is None:
            return None
        return check_limits(field, written.part, generator, written.position, self._mistakes)

    def _fits(self, entity: Entity, field: Field, part: GeneratorPart, position: Position) -> bool:
        """Return whether the generator makes values of the field's type; note why not."""
        if field.name == "id":
            self._mistakes.add(position, "data: the key id is made from the number of its row: remove this")
            return False
        table = next((one.table for one in entity.references if one.field == field.name), None)
        is_state = entity.machine is not None and entity.machine.field == field.name
        fitting = ("ref",) if table else _STATES if is_state else _FITTING[field.type]
        wrong = [kind for kind in part.kinds if kind not in fitting]
        if not wrong:
            return table is None or self._refers(part, table)
        what = f"refers to {table}" if table else "holds the state" if is_state else f"is {field.type}"
        message = f"data: {quoted(field.name)} {what}, {wrong[0]} does not make that"
        self._mistakes.add(position, message, allowed=fitting)
        return False

    def _refers(self, part: GeneratorPart, table: str) -> bool:
        if part.ref is None or part.ref == table:
            return True
        message = f"ref: the field refers to {quoted(table)}, not to {quoted(part.ref)}"
        self._mistakes.add(part.place("ref"), message, allowed=(table,), found=part.ref)
        return False
