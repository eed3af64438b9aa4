"""The tables of a plan from tables that are there, and the entities with the columns for their fields."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from perfengine.compiler.existing.keys import NUMBERED, TENANT, overrides_identity, unique_columns
from perfengine.compiler.existing.links import Link, link_of, reader_of
from perfengine.compiler.existing.types import field_of, sample_of
from perfengine.compiler.generators import generator_of
from perfengine.model.comparisons import comparisons_of
from perfengine.model.entity import FieldType, OnServer
from perfengine.model.existing import TypeKind
from perfengine.model.existing_question import Asked
from perfengine.model.generator import Choice, Free, RowNumber, StateOf, Template, Text
from perfengine.model.sql import quote_identifier
from perfengine.model.table import Column, Table

if TYPE_CHECKING:
    from perfengine.compiler.existing.matching import Matched, Matching
    from perfengine.model.entity import Entity, Field
    from perfengine.model.existing import ExistingColumn
    from perfengine.model.generator import Generator

#: Integer keys of rows of ours count from here unless the greatest that is there is beyond: sequences start low.
_FIRST_KEY: Final = {FieldType.INTEGER: 1_500_000_000, FieldType.BIGINT: 4_000_000_000_000_000_000}
#: Whose rows are made where the table is for several tenants and holds none yet.
NOBODY: Final = "00000000-0000-4000-8000-000000000001"
_DIGITS: Final = 32
#: VALUE in a domain's condition, which the catalog writes in capitals; not in a text or a quoted name.
_WHOLE_VALUE: Final = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\bVALUE\b""")


def entity_of(matched: Matched) -> Entity:
    """Return the entity with the columns of its table for fields, and with its rules and states in their names."""
    entity, names = matched.entity, matched.chosen.by_field
    machine = entity.machine
    if machine is not None:
        machine = replace(machine, field=names.get(machine.field, machine.field))
    linked = {name for reference in matched.table.references for name in reference.columns}
    other_keys = {name for key in matched.table.keys for name in (*key.columns, *key.read)}
    return replace(
        entity,
        fields=tuple(
            replace(field, cast="") if field.name in linked and field.type is FieldType.TIMESTAMP else field
            for field in (field_of(column, _written(matched, column)) for column, _ in matched.chosen.columns)
        ),  # without a cast: an instant that is there is handed over as the server has it
        machine=machine,
        rules=tuple(replace(rule, field=names.get(rule.field, rule.field)) for rule in entity.rules),
        server=OnServer(
            place=matched.place,
            key=matched.key.name,
            overrides_identity=_overrides(matched),
            linked=tuple(sorted(linked)),
            fixed=tuple(sorted({*other_keys, TENANT} & {*matched.chosen.names})),
        ),
    )


def _written(matched: Matched, column: ExistingColumn) -> Field | None:
    return next((field for one, field in matched.chosen.columns if one is column), None)


def _overrides(matched: Matched) -> bool:
    return any(overrides_identity(column) for column, _ in matched.chosen.columns)


def read_table_of(matched: Matched, entity: Entity) -> Table:
    """Return the table of a run that only reads: how values would be made is nobody's question."""
    pairs = zip(matched.chosen.columns, entity.fields, strict=True)
    columns = tuple(
        Column(field=field, sql_type=column.type.base_sql, generator=Free()) for (column, _), field in pairs
    )
    return Table(name=entity.name, columns=columns, place=matched.place)


def table_of(matched: Matched, entity: Entity, matching: Matching) -> Table:
    """Return the table with how the values of its columns are made; what cannot be is noted as a problem."""
    links = {column.name: link_of(matched, column, matching) for column, _ in matched.chosen.columns}
    state = entity.machine.field if entity.machine else ""
    tied = {state, *(name for name, link in links.items() if link is not None)}
    unique = unique_columns(matched.table, matched.key.name, matched.chosen.names, tied)
    problems = [link for link in links.values() if isinstance(link, str)]
    if isinstance(unique, str):
        problems.append(f"{matched.place.shown}: {unique}")
    for problem in problems:
        matching.refuse(matched.entity.name, problem)
    making = _Making(matched, entity, matching)
    columns = tuple(
        making.column(column, field, links[column.name], unique=column.name in unique)
        for (column, _), field in zip(matched.chosen.columns, entity.fields, strict=True)
    )
    return Table(
        name=entity.name,
        columns=columns,
        parent=matched.parent,
        place=matched.place,
        first_key=_first_key(matched, columns, matching),
        overrides_identity=_overrides(matched),
    )


def _conditions(matched: Matched) -> list[str]:
    """Return all that must hold for a row: the author's rules, and those of the table and of its domains."""
    texts = [rule.expression for rule in matched.entity.rules]
    texts += [check.expression for check in matched.table.checks]
    for column, _ in matched.chosen.columns:
        texts += [over_column(check.expression, column.name) for check in column.type.domain_checks]
    return texts


def over_column(expression: str, column: str) -> str:
    """Return the condition of a domain over a column instead of VALUE."""
    return _WHOLE_VALUE.sub(lambda found: found[0] if found[1] else quote_identifier(column), expression)


class _Making:
    """How the values of one table's columns are made."""

    def __init__(self, matched: Matched, entity: Entity, matching: Matching) -> None:
        self._matched, self._entity, self._matching = matched, entity, matching
        self._comparisons = [c for text in _conditions(matched) for c in comparisons_of(text)]

    def column(
        self, column: ExistingColumn, field: Field, link: Link | str | None, *, unique: bool
    ) -> Column:
        """Return a column; `link` says where its values come from, if it refers to another table."""
        generator = link.generator if isinstance(link, Link) else self._free(column, field, unique=unique)
        return Column(
            field=field,
            sql_type=column.type.base_sql,
            generator=generator,
            references=link.references if isinstance(link, Link) else None,
            unique=unique,
        )

    def _free(self, column: ExistingColumn, field: Field, *, unique: bool) -> Generator:
        usual = generator_of(field, self._entity, None, self._comparisons)
        if isinstance(usual, StateOf) or column is self._matched.key:
            return usual
        if column.name == TENANT:
            return _of_one_tenant(self._matched, column, self._matching)
        return _of_type(column, field, usual, unique=unique or _counts_rows(self._matched, column))


def _of_type(column: ExistingColumn, field: Field, usual: Generator, *, unique: bool) -> Generator:
    if unique:
        return _distinct(column, field, usual)
    if column.type.kind is TypeKind.ENUM and isinstance(usual, Free):
        return Choice(values=column.type.labels)
    sample = sample_of(column.type)
    return usual if sample is None else Template(text=sample)


def _counts_rows(matched: Matched, column: ExistingColumn) -> bool:
    return column.type.base in NUMBERED and any(
        key.columns == (column.name,) and not key.partial for key in matched.table.keys
    )


def _of_one_tenant(matched: Matched, column: ExistingColumn, matching: Matching) -> Generator:
    """Return one value for all rows: that of a row that is there, where one is."""
    there = matching.answer(Asked.SOME_VALUES, matched.place, column.name, 1)
    if there:
        return Choice(values=(reader_of(column)(there[0]),))
    return Choice(values=(NOBODY if column.type.base in {"uuid", "text", "varchar"} else 1,))


def _distinct(column: ExistingColumn, field: Field, usual: Generator) -> Generator:
    """Return values of which every row has its own."""
    if column.type.base in NUMBERED:
        return RowNumber()
    if field.type is FieldType.UUID:
        return Free()
    if isinstance(usual, Template):  # a look that the author gave it
        text = usual.text if "{word}" in usual.text else usual.text.replace("{index}", "{word}{index}")
        return Template(text=text if "{index}" in text else text.replace("{word}", "{word}{index}"))
    return Text(length=_DIGITS if column.type.length is None else min(_DIGITS, column.type.length))


def _first_key(matched: Matched, columns: tuple[Column, ...], matching: Matching) -> int:
    """Return a number beyond every one that is there, for the key and the other columns that count rows."""
    numbered = [
        column
        for column in columns
        if (column.name == matched.key.name or isinstance(column.generator, RowNumber))
        and column.field.type in {FieldType.INTEGER, FieldType.BIGINT, FieldType.DECIMAL}
    ]
    if not numbered:
        return 1
    first = min(_FIRST_KEY.get(column.field.type, _FIRST_KEY[FieldType.INTEGER]) for column in numbered)
    for column in numbered:
        there = matching.answer(Asked.GREATEST, matched.place, column.name, 1) or ()
        first = max([first, *map(_after, there)])
    return first


def _after(greatest: str) -> int:
    """Return a whole number beyond one that the server wrote; of NaN and infinity, which nothing is beyond, 0."""
    number = Decimal(greatest)
    return int(number) + 1 if number.is_finite() else 0
