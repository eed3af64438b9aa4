"""Operations on tables that are there: which of them are left, and what they read where nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.model.entity import Entity, Field, FieldType
from perfengine.model.existing_question import Asked, Question
from perfengine.model.generator import Choice, OrNull, ReferenceTo, Zipf
from perfengine.model.operation import Generated
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import Workload
from tests.entities import ID, make_scenario, make_statement
from tests.existing_schemas import column, schema, table

if TYPE_CHECKING:
    from perfengine.model.generator import Generator
    from perfengine.model.plan import Plan

KEYS = tuple(f"00000000-0000-4000-8000-{number:012}" for number in range(50))


def planned(name: str, *, read_only: bool = False, **generators: Generator) -> Plan:
    """Return the plan of notes and of one operation of the author's own that reads them."""
    notes = table("note", column("id", "uuid"), column("text"))
    question = Question(asked=Asked.SOME_VALUES, place=notes.place, column="id", limit=5000)
    own = replace(
        make_statement("SELECT * FROM {{note}} WHERE id = :key", name, **generators), read_only=True
    )
    entity = Entity(name="note", fields=(ID, Field(name="text", type=FieldType.TEXT)))
    return compile_scenario(
        make_scenario(entity, workload=Workload(operations=(own,))),
        LoadSettings(filters=(name,)),
        replace(schema([notes]), answers={question: KEYS}),
        read_only=read_only,
    )


def test_an_own_operation_may_have_the_name_of_one_that_is_not_built() -> None:
    """The author writes the search that the entity has no fields for: it once was left out without a word."""
    plan = planned("complex_note_search", key=ReferenceTo(table="note"))
    assert [one.name for one in plan.not_built] == ["complex_note_search"]
    assert [item.operation.full_id for item in plan.operations] == ["note.own.complex_note_search"]


def drawn(generator: Generator) -> Generator:
    """Return how a parameter's values are made in a run that only reads."""
    (item,) = planned("look", read_only=True, key=generator).operations
    (parameter,) = item.operation.parameters
    assert isinstance(parameter, Generated)
    assert parameter.name == "key"
    return parameter.generator


def test_keys_of_others_are_as_hot_as_the_author_says() -> None:
    """Reading only, zipf once was all alike; the hot ones are not side by side, and the same for all operations."""
    hot = drawn(ReferenceTo(table="note", distribution=Zipf(s=1)))
    assert isinstance(hot, Choice)
    assert sorted(map(str, hot.values)) == list(KEYS)
    assert hot.values[:5] != KEYS[:5]
    shares = [weight / sum(hot.weights) for weight in hot.weights]
    harmonic = sum(1 / rank for rank in range(1, 51))
    assert shares == pytest.approx([1 / rank / harmonic for rank in range(1, 51)])


def test_keys_of_others_are_null_as_often_as_the_author_says() -> None:
    """And all alike unless said."""
    assert drawn(OrNull(share=0.3, generator=ReferenceTo(table="note"))) == OrNull(
        share=0.3, generator=Choice(values=KEYS)
    )
