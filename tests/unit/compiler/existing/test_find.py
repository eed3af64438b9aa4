"""Which table an entity means, by its name and where the role looks."""

from __future__ import annotations

import pytest

from perfengine.compiler.existing.find import find_table
from perfengine.model.entity import Entity
from perfengine.model.existing import ExistingTable
from tests.existing_schemas import column, schema, table

ID = column("id", "uuid")


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        ("order", "order"),
        ("Order", "tb_order"),
        ("order", "orders"),
        ("OrderLine", "order_line"),
        ("OrderLine", "tb_orderline"),
        ("category", "categories"),
    ],
)
def test_names(entity: str, name: str) -> None:
    """As it is, in small letters, with the prefix of trinity tables, in the plural."""
    found = find_table(Entity(name=entity, fields=()), schema([table(name, ID), table("customer", ID)]))
    assert isinstance(found, ExistingTable)
    assert found.place.name == name


def test_the_plain_name_comes_first() -> None:
    """Before the prefix and the plural."""
    found = find_table(Entity(name="order", fields=()), schema([table("orders", ID), table("order", ID)]))
    assert isinstance(found, ExistingTable)
    assert found.place.name == "order"


def test_outside_the_search_path_one_is_found_and_two_are_refused() -> None:
    """Two could be meant; which, the user says."""
    entity = Entity(name="order", fields=())
    alone = find_table(entity, schema([table("tb_order", ID, schema="app")]))
    assert isinstance(alone, ExistingTable)
    both = [table("tb_order", ID, schema="app"), table("orders", ID, schema="old")]
    found = find_table(entity, schema(both))
    assert found == "several tables could be meant: app.tb_order, old.orders; say which with --schema"
    chosen = find_table(entity, schema(both, asked="old"))
    assert isinstance(chosen, ExistingTable)
    assert chosen.place.shown == "old.orders"


def test_what_is_there_is_said() -> None:
    """The nearest names, and the schemas where one was asked for that has no table."""
    entity = Entity(name="order", fields=())
    missing = find_table(entity, schema([table("ordering", ID), table("customer", ID)]))
    assert isinstance(missing, str)
    assert "there is: public.ordering" in missing
    nowhere = find_table(entity, schema([table("customer", ID)], asked="apx"))
    assert nowhere == 'there is no table in schema "apx" that role "app" sees; schemas: public'


def test_the_document_says_a_schema() -> None:
    """As the long form of an entity does."""
    both = [table("order", ID), table("order", ID, schema="crm")]
    found = find_table(Entity(name="order", fields=(), schema="crm"), schema(both))
    assert isinstance(found, ExistingTable)
    assert found.place.schema == "crm"
