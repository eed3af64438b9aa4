"""References become foreign keys, and tables come in an order in which they can be made."""

from __future__ import annotations

from perfengine.compiler.references import resolve_references, table_order
from perfengine.model.entity import Entity, Field, FieldType
from tests.entities import make_entity


def refers(table: str, field_type: FieldType = FieldType.UUID) -> Field:
    """Return a field that names a row of the table."""
    return Field(name=f"{table}_id", type=field_type)


def order_of(*entities: Entity) -> list[str]:
    """Return the order of the tables."""
    return table_order(entities, resolve_references(entities))


def test_a_table_that_nobody_describes_is_made() -> None:
    """A reference to no entity of the run gets a parent with a key of the same type."""
    found = resolve_references([make_entity("order", refers("customer", FieldType.BIGINT))])
    assert found.parents == {"customer": FieldType.BIGINT}
    assert found.tables == {("order", "customer_id"): "customer"}


def test_parents_come_before_children() -> None:
    """Whatever the order of the documents, a table follows those it refers to."""
    line = make_entity("line", refers("order"), refers("product"))
    order = make_entity("order", refers("customer"))
    assert order_of(line, order, make_entity("customer")) == ["customer", "order", "product", "line"]


def test_another_entity_of_the_run_is_the_parent() -> None:
    """A described entity is not made a second time."""
    found = resolve_references([make_entity("order", refers("customer")), make_entity("customer")])
    assert found.parents == {}


def test_a_reference_to_the_own_table_has_no_foreign_key() -> None:
    """Rows of one table are made in any order, so none can wait for another."""
    found = resolve_references([make_entity("category", refers("category"))])
    assert found.tables == {}
    assert found.notes == [
        "category.category_id has no foreign key: it refers to its own table, whose rows are made in any order"
    ]


def test_the_reference_that_closes_a_circle_has_no_foreign_key() -> None:
    """Of a circle all but the last reference stand."""
    entities = [
        make_entity("a", refers("b")),
        make_entity("b", refers("c")),
        make_entity("c", refers("a")),
    ]
    found = resolve_references(entities)
    assert found.notes == [
        "c.a_id has no foreign key: a refers back to c, and one of the two tables comes first"
    ]
    assert table_order(entities, found) == ["c", "b", "a"]


def test_keys_of_another_type_are_not_referred_to() -> None:
    """A uuid cannot name a row whose key is a number."""
    entities = [
        make_entity("order", refers("customer")),
        make_entity("customer", key=Field(name="id", type=FieldType.BIGINT)),
    ]
    found = resolve_references(entities)
    assert found.notes == [
        "order.customer_id has no foreign key: it has type uuid, the key of customer has type bigint"
    ]


def test_two_references_to_a_made_table_agree_on_its_key() -> None:
    """The first reference decides the key type of a table that nobody describes."""
    found = resolve_references(
        [
            make_entity("a", refers("owner")),
            make_entity("b", refers("owner", FieldType.INTEGER)),
        ]
    )
    assert found.parents == {"owner": FieldType.UUID}
    assert found.notes == [
        "b.owner_id has no foreign key: it has type integer, the key of owner has type uuid"
    ]


def test_no_table_is_made_under_a_name_of_postgresql() -> None:
    """A table called pg_class would be hidden by the catalog."""
    found = resolve_references([make_entity("a", refers("pg_class"))])
    assert found.notes == [
        'a.pg_class_id has no foreign key: "pg_class" would be a name of PostgreSQL itself'
    ]


def test_every_table_is_looked_at_once() -> None:
    """Forty tables that each refer to the three before: every way from one to another was gone once, for ever."""
    entities = [
        make_entity(f"t{number}", *(refers(f"t{before}") for before in range(max(0, number - 3), number)))
        for number in range(40)
    ]
    assert order_of(*reversed(entities)) == [entity.name for entity in entities]
