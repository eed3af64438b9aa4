"""Pass: the author's entities on the tables that are there, in place of tables made for the run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.existing.lay import entity_of, read_table_of, table_of
from perfengine.compiler.existing.match import match_entities
from perfengine.compiler.existing.problem import refusal
from perfengine.model.existing import TypeKind
from perfengine.model.mistake import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.compiler.draft import Draft
    from perfengine.compiler.existing.matching import Matched, Matching
    from perfengine.model.entity import Entity
    from perfengine.model.existing import ExistingSchema
    from perfengine.model.existing_question import Question
    from perfengine.model.table import Table


def match_existing(draft: Draft) -> Draft:
    """Return the draft with the tables of its entities, and of parents that must hold rows of ours.

    Raises: SpecError with everything that does not match, saying what was found.
    """
    matching, entities, tables = _matched(draft)
    if matching.problems:
        raise refusal(matching.problems, draft.entities)
    by_name = {entity.name: entity for entity in entities}
    fields = {one.entity.name: one.chosen.by_field for one in matching.found}
    data = tuple(
        replace(each, field=fields.get(each.entity, {}).get(each.field, each.field))
        for each in draft.scenario.data
    )
    return replace(
        draft,
        scenario=replace(draft.scenario, data=data),
        entities=tuple(
            replace(one, entity=by_name[one.entity.name])
            for one in draft.entities
            if one.entity.name in by_name
        ),
        tables=tuple(tables),
        matched=tuple(matching.found),
        notes=(*draft.notes, *map(printable, dict.fromkeys(matching.notes))),
    )


def open_questions(draft: Draft) -> tuple[Question, ...]:
    """Return what must be asked of the rows that are there, and was not yet.

    Raises: SpecError when nothing is left to ask and something does not match.
    """
    matching, _, _ = _matched(draft)
    if matching.questions:
        return tuple(matching.questions)
    if matching.problems:
        raise refusal(matching.problems, draft.entities)
    return ()


def _matched(draft: Draft) -> tuple[Matching, list[Entity], list[Table]]:
    schema = draft.existing
    assert schema is not None  # noqa: S101 - these passes are for nothing else
    written = [one.entity for one in draft.entities]
    matching = match_entities(written, schema, makes_rows=not draft.read_only)
    entities = [entity_of(matched) for matched in matching.found]
    for matched, entity in zip(matching.found, entities, strict=True):
        for problem in _states(matched, entity):
            matching.refuse(entity.name, problem)
        if draft.read_only:
            matching.ask(matched.rows_to_read)
        else:
            for problem in _rights(matched, schema):
                matching.refuse(entity.name, problem)
    pairs = zip(matching.found, entities, strict=True)
    if draft.read_only:
        return matching, entities, [read_table_of(matched, entity) for matched, entity in pairs]
    tables = [table_of(matched, entity, matching) for matched, entity in pairs]
    return matching, entities, tables


def _states(matched: Matched, entity: Entity) -> Iterator[str]:
    """Yield why the states of the author cannot be in their column."""
    if entity.machine is None:
        return
    names = [column.name for column in matched.table.columns]
    if entity.machine.field not in names:
        return  # its field has no column, which is said already
    told = matched.table.column(entity.machine.field).type
    where = f"{matched.place.shown}.{entity.machine.field}"
    states = dict.fromkeys((entity.machine.initial_state, *entity.machine.states))
    if told.kind is TypeKind.ENUM:
        unknown = [state for state in states if state not in told.labels]
        if unknown:
            known = f"{told.base_sql}, the type of {where}, has: {', '.join(told.labels)}"
            yield f"no such state on the server: {', '.join(unknown)}; {known}"
    elif told.base not in {"text", "varchar", "bpchar", "citext"}:
        yield f"{where} has type {told.sql}; states are kept in a text or an enum"
    elif told.length is not None and any(len(state) > told.length for state in states):
        yield f"{where} holds {told.length} characters, too few for {max(states, key=len)}"


def _rights(matched: Matched, schema: ExistingSchema) -> Iterator[str]:
    """Yield the rights that rows of ours need and the role has not: they are put in, and taken out again."""
    table, rights = matched.table, matched.table.rights
    columns = [column for column, _ in matched.chosen.columns]
    barred = [column.name for column in columns if not column.may_insert]
    missing = [] if rights.delete else ["DELETE"]
    if not rights.insert and barred:
        missing.insert(0, "INSERT" if len(barred) == len(columns) else f"INSERT ({', '.join(barred)})")
    if missing:
        what = ", ".join(missing)
        yield (
            f'role "{schema.role}" lacks {what} on {table.place.shown}: rows of ours '
            f"must be put in and taken out; GRANT {what} ON {table.place.sql}, or --read-only"
        )
