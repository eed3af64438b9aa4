"""Which of several functions a trigger calls, decided by names, arguments and schemas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler.existing.functions import bind_trigger
from perfengine.compiler.existing.lay import entity_of, table_of
from perfengine.compiler.existing.match import match_entities
from perfengine.model.entity import Entity, Field, FieldType, Transition
from perfengine.model.existing_plan import BoundFunction
from tests.existing_schemas import column, function, schema, table

if TYPE_CHECKING:
    from perfengine.model.existing import ExistingFunction, ExistingSchema

CONFIRM = Transition(trigger="confirm", sources=("pending",), target="confirmed")


def _bind(there: ExistingSchema, key: str = "uuid") -> BoundFunction | str:
    entity = Entity(name="order", fields=(Field(name="id", type=FieldType.UUID),))
    matching = match_entities([entity], there, makes_rows=True)
    assert matching.problems == []
    (matched,) = matching.found
    made = table_of(matched, entity_of(matched), matching)
    return bind_trigger(CONFIRM, matched, made, there, key)


def _schema(*functions: ExistingFunction, base: str = "uuid", asked: str | None = None) -> ExistingSchema:
    orders = table("order", column("id", base), column("status"))
    return schema([orders], functions, search_path=("public", "app"), asked=asked)


@pytest.mark.parametrize(
    ("functions", "meant"),
    [
        ([function("order_confirm", "bigint"), function("order_confirm", "uuid")], "order_confirm(uuid)"),
        ([function("confirm_order", "uuid"), function("order_confirm", "uuid")], "order_confirm(uuid)"),
        ([function("confirm_order", "uuid", "uuid", "jsonb")], "confirm_order(uuid, uuid, jsonb)"),
        (
            [function("order_confirm", "uuid", schema="app"), function("order_confirm", "uuid")],
            "public.order_confirm(uuid)",
        ),
        ([function("order_confirm", "uuid", "text", defaults=1)], "order_confirm(uuid, text)"),
    ],
)
def test_the_function_that_is_meant(functions: list[ExistingFunction], meant: str) -> None:
    """The usual name, the key's type, the nearest schema, in this order."""
    bound = _bind(_schema(*functions))
    assert isinstance(bound, BoundFunction)
    assert meant in bound.function.shown


def test_a_text_key_is_no_uuid() -> None:
    """A function of another type is not called, and is shown."""
    found = _bind(_schema(function("order_confirm", "uuid"), base="text"), "text")
    assert isinstance(found, str)
    assert "there is public.order_confirm(uuid) returns boolean" in found


def test_an_integer_key_goes_where_a_bigint_is_asked_for() -> None:
    """The server casts it without loss."""
    bound = _bind(_schema(function("order_confirm", "bigint"), base="int4"), "integer")
    assert isinstance(bound, BoundFunction)
    assert bound.call == '"public"."order_confirm"($1::integer)'


def test_two_that_are_equally_near_are_refused() -> None:
    """Both are named."""
    functions = [function("order_confirm", "uuid", schema=name) for name in ("crm", "erp")]
    found = _bind(_schema(*functions))
    assert isinstance(found, str)
    assert "crm.order_confirm(uuid)" in found
    assert "erp.order_confirm(uuid)" in found


def test_a_schema_that_was_asked_for_hides_the_others() -> None:
    """`--schema` speaks of functions too."""
    orders = table("order", column("id", "uuid"), schema="crm")
    functions = [function("order_confirm", "uuid", schema=name) for name in ("public", "crm")]
    bound = _bind(schema([orders], functions, asked="crm"))
    assert isinstance(bound, BoundFunction)
    assert bound.function.place.schema == "crm"


def test_a_function_that_may_not_be_executed() -> None:
    """The right is named."""
    barred = replace(function("order_confirm", "uuid"), may_execute=False)
    found = _bind(_schema(barred))
    assert found == (
        'role "app" may not execute public.order_confirm(uuid) returns boolean: GRANT EXECUTE ON FUNCTION'
    )
