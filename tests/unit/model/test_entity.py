"""An entity knows its fields, its key and what its fields refer to."""

from __future__ import annotations

import pytest

from perfengine.model.entity import Entity, Field, FieldType, Reference

KEY = Field(name="id", type=FieldType.UUID)
STATUS = Field(name="status", type=FieldType.STRING)


def entity_with(*fields: Field) -> Entity:
    """Return an entity with these fields after two others."""
    return Entity(name="order", fields=(STATUS, KEY, *fields))


def test_field_by_name() -> None:
    """A field is found by its name, the key wherever it stands."""
    entity = entity_with()
    assert entity.field("status") is STATUS
    assert entity.key is KEY


def test_unknown_field() -> None:
    """A name that no field has is a KeyError."""
    with pytest.raises(KeyError, match="total"):
        entity_with().field("total")


def test_defaults_of_a_field() -> None:
    """A field is not null; a decimal has ten digits and two places, a string 255 characters."""
    assert (STATUS.nullable, STATUS.precision, STATUS.scale, STATUS.length) == (False, 10, 2, 255)


@pytest.mark.parametrize(
    ("name", "field_type", "table"),
    [
        ("customer_id", FieldType.UUID, "customer"),
        ("order_item_id", FieldType.BIGINT, "order_item"),
        ("parent_id_id", FieldType.INTEGER, "parent_id"),
        ("customer_id", FieldType.STRING, None),
        ("customer_id", FieldType.DECIMAL, None),
        ("customerid", FieldType.UUID, None),
        ("customer", FieldType.UUID, None),
        ("_id", FieldType.UUID, None),
        ("paid", FieldType.INTEGER, None),
    ],
)
def test_references(name: str, field_type: FieldType, table: str | None) -> None:
    """A field that is called `<table>_id` and can hold a key refers to that table."""
    expected = () if table is None else (Reference(field=name, table=table),)
    assert entity_with(Field(name=name, type=field_type)).references == expected


def test_references_keep_field_order() -> None:
    """References come in the order of the fields."""
    fields = [Field(name=name, type=FieldType.UUID) for name in ("z_id", "a_id", "m_id")]
    assert [reference.table for reference in entity_with(*fields).references] == ["z", "a", "m"]
