"""Entities matched with tables: those of the author, and the parents of which rows of ours must be made besides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.existing.columns import choose_columns
from perfengine.compiler.existing.find import find_table
from perfengine.compiler.existing.keys import own_key_column, reading_key
from perfengine.compiler.existing.matching import Matched, Matching
from perfengine.model.entity import Entity
from perfengine.model.existing_question import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfengine.model.existing import ExistingSchema, ExistingTable, ForeignKey, Place


def match_entities(entities: Iterable[Entity], schema: ExistingSchema, *, makes_rows: bool) -> Matching:
    """Return the entities with their tables and, where rows are made, the parents that have no row yet."""
    matching = Matching(schema)
    for entity in entities:
        matched = _match(entity, matching, makes_rows=makes_rows)
        if matched is not None:
            _add(matching, matched)
    if makes_rows:
        _add_parents(matching)
        matching.found = _ordered(matching.found)
        matching.found = [_with_referred(one, matching) for one in matching.found]
    return matching


def _add(matching: Matching, matched: Matched) -> None:
    other = matching.at(matched.place)
    if other is not None:
        why = f'{matched.place.shown} is the table of "{other.entity.name}" already'
        matching.refuse(matched.entity.name, why)
        return
    matching.found.append(matched)
    matching.notes += matched.chosen.notes
    if not matched.is_unique_by_key and matched.table.kind.holds_rows:
        matching.notes.append(
            f"{matched.place.shown}: rows are told apart by {matched.key.name} alone, a part of the key"
        )


def _match(entity: Entity, matching: Matching, *, makes_rows: bool) -> Matched | None:
    found = find_table(entity, matching.schema)
    if isinstance(found, str):
        matching.refuse(entity.name, found)
        return None
    problems = [*_unusable(found, matching.schema, makes_rows=makes_rows)]
    key = own_key_column(found) if makes_rows else reading_key(found)
    if isinstance(key, str) and not problems:
        problems.append(f"{found.place.shown}: {key}")
    if problems or isinstance(key, str):
        for problem in problems:
            matching.refuse(entity.name, problem)
        return None
    chosen = choose_columns(entity, found, key)
    matching.problems += chosen.problems
    return Matched(entity=entity, table=found, key=key, chosen=chosen)


def _unusable(table: ExistingTable, schema: ExistingSchema, *, makes_rows: bool) -> Iterator[str]:
    what = f"{table.place.shown} is a {table.kind}"
    if not table.rights.usage:
        yield f'role "{schema.role}" may not use schema "{table.place.schema}": GRANT USAGE ON SCHEMA'
    if not table.rights.select:
        yield f'role "{schema.role}" may not read {table.place.shown}: GRANT SELECT'
    if not makes_rows:
        return
    if not table.kind.holds_rows:
        yield f"{what}: rows of ours cannot be put in and taken out; only --read-only is possible"
    if table.row_security:
        yield (
            f'{table.place.shown} has row-level security for role "{schema.role}": rows that it hides could neither '
            "be counted nor taken out; use a role with BYPASSRLS, or --read-only"
        )
    if table.rewrite_rules:
        yield f"{table.place.shown} has rewrite rules (CREATE RULE): a statement there may come to something else"


def _add_parents(matching: Matching) -> None:
    """Add the tables that rows of ours must refer to and that hold no row."""
    waiting = list(matching.found)
    while waiting:
        child = waiting.pop(0)
        for reference in required(child):
            if matching.at(reference.target) is not None:
                continue
            answer = matching.answer(Asked.SOME_VALUES, reference.target, reference.target_columns[0])
            parent = _parent(reference, child, matching) if answer == () else None
            if parent is not None:
                matching.found.append(parent)
                waiting.append(parent)


def required(child: Matched) -> list[ForeignKey]:
    """Return the references without which no row can be, of one column each."""
    return [
        reference
        for reference in child.table.references
        if len(reference.columns) == 1
        and reference.columns[0] in child.chosen.names
        and not child.table.column(reference.columns[0]).nullable
    ]


def _parent(reference: ForeignKey, child: Matched, matching: Matching) -> Matched | None:
    table = matching.schema.table(reference.target)
    begin = f"{child.place.shown}.{reference.columns[0]} refers to"
    if table is None:
        matching.refuse(child.entity.name, f"{begin} {reference.target.shown}, which cannot be seen")
        return None
    problems = [*_unusable(table, matching.schema, makes_rows=True)]
    key = own_key_column(table)
    if isinstance(key, str):
        problems.append(key)
    if problems or isinstance(key, str):
        why = "; ".join(problems)
        said = f"{begin} {table.place.shown}, which is empty, and no row of ours can be: {why}"
        matching.refuse(child.entity.name, said)
        return None
    taken = {one.entity.name for one in matching.found}
    name = table.place.name if table.place.name not in taken else table.place.shown
    entity = Entity(name=name, fields=())
    chosen = choose_columns(entity, table, key)
    matching.problems += [replace(problem, entity=child.entity.name) for problem in chosen.problems]
    matching.notes.append(
        f"{table.place.shown} is empty: rows of ours are made there for {child.place.shown}"
    )
    return Matched(entity=entity, table=table, key=key, chosen=chosen, parent=True)


def _ordered(found: Sequence[Matched]) -> list[Matched]:
    """Return parents before children, as far as references that cannot be null say it."""
    by_place = {one.place: one for one in found}
    ordered: dict[Place, Matched] = {}
    under_way: set[Place] = set()

    def visit(one: Matched) -> None:
        if one.place in ordered or one.place in under_way:
            return
        under_way.add(one.place)
        for reference in required(one):
            if reference.target in by_place:
                visit(by_place[reference.target])
        for reference in one.table.references:
            if reference.target in by_place and set(reference.columns) <= set(one.chosen.names):
                visit(by_place[reference.target])
        ordered[one.place] = one

    for one in found:
        visit(one)
    return list(ordered.values())


def _with_referred(parent: Matched, matching: Matching) -> Matched:
    """Return the table with the columns, besides its key, that rows of ours in other tables refer to."""
    more = [
        reference.target_columns[0]
        for child in matching.found
        if matching.stands_before(parent.place, child.place)
        for reference in child.table.references
        if reference.target == parent.place
        and len(reference.columns) == 1
        and reference.columns[0] in child.chosen.names
        and reference.target_columns[0] != parent.key.name
    ]
    if not more:
        return parent
    chosen = choose_columns(parent.entity, parent.table, parent.key, more)
    return Matched(
        entity=parent.entity, table=parent.table, key=parent.key, chosen=chosen, parent=parent.parent
    )
