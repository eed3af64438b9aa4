"""Fields of the long form: types in their spellings, NULL or not, references over several files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.model.entity import Field, FieldType
from perfengine.model.settings import LoadSettings
from perfengine.spec.dialects.names import table_name
from tests.documents import messages_of, scenario_of


def field_of(written: str, form: str = "entity") -> Field:
    """Return the field x of an entity."""
    return scenario_of(f"{form}: order\nfields:\n  x: {written}\n").entities[0].entity.field("x")


@pytest.mark.parametrize(
    ("written", "nullable"),
    [
        ("text", True),
        ("text!", False),
        ("text?", True),
        ("{type: text, required: true}", False),
        ("{type: text, nullable: false}", False),
        ("{type: text!, required: true}", False),
    ],
)
def test_a_field_of_the_long_form_may_be_null_unless_it_says_no(written: str, nullable: bool) -> None:
    """The short form is the other way round."""
    assert field_of(written).nullable is nullable
    if written == "text":
        assert field_of(written, "name").nullable is False


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("enum(a, 'b c', \"d, e\")!", Field(name="x", type=FieldType.TEXT, values=("a", "b c", "d, e"))),
        ("enum[a,b]!", Field(name="x", type=FieldType.TEXT, values=("a", "b"))),
        (
            "{type: enum, values: [a, b], nullable: false}",
            Field(name="x", type=FieldType.TEXT, values=("a", "b")),
        ),
        ("money!", Field(name="x", type=FieldType.DECIMAL, precision=19, scale=4, low=Decimal(0))),
        (
            "{type: integer!, min: 1, max: 5}",
            Field(name="x", type=FieldType.INTEGER, low=Decimal(1), high=Decimal(5)),
        ),
        ("email!", Field(name="x", type=FieldType.TEXT, like=("user_{index}@example.com",))),
        ("ref(OrderItem)!", Field(name="x", type=FieldType.UUID, references="order_item")),
        ("ref(crm.Customer)!", Field(name="x", type=FieldType.UUID, references="customer")),
        ("ref(User|Team)!", Field(name="x", type=FieldType.UUID)),
        ("VARCHAR(30)!", Field(name="x", type=FieldType.STRING, length=30)),
        ("Numeric(8,3)!", Field(name="x", type=FieldType.DECIMAL, precision=8, scale=3)),
    ],
)
def test_types(written: str, expected: Field) -> None:
    """Each as the column that it becomes."""
    assert field_of(written) == expected


@pytest.mark.parametrize("written", ["list(text)", "text[]", "list(decimal(10,2))", "list(ref(Customer))"])
def test_a_list_is_kept_as_json_with_a_note(written: str) -> None:
    """Whatever its items are."""
    scenario = scenario_of(f"entity: order\nfields:\n  x: {written}\n")
    assert scenario.entities[0].entity.field("x").type is FieldType.JSON
    assert scenario.notes[0].startswith("1.yaml: kept in another type than they say: x (list(")


@pytest.mark.parametrize(
    ("entity", "table"),
    [
        ("Order", "order"),
        ("OrderItem", "order_item"),
        ("HTTPRequest", "http_request"),
        ("order", "order"),
        ("ÉTAT", "ÉTAT"),
    ],
)
def test_the_long_form_names_tables_in_snake_case(entity: str, table: str) -> None:
    """A name that is no word of capitals stays as it is, and so does every name of the short form."""
    assert table_name(entity) == table
    assert scenario_of(f"entity: {entity}\nfields: {{a: text}}").entities[0].entity.name == table
    assert scenario_of(f"name: {entity}\nfields: {{a: text}}").entities[0].entity.name == entity


def test_references_find_their_tables_in_any_file() -> None:
    """By the name of the entity in any spelling, with the type of its key; parents come first."""
    child = "entity: OrderLine\nfields: {item: ref(StockItem)!, shop: ref(Shop)}"
    parent = "name: stock_item\nfields: {id: bigint, name: text}"
    for texts in ((child, parent), (parent, child)):
        scenario = scenario_of(*texts)
        fields = {one.entity.name: one.entity for one in scenario.entities}["order_line"]
        assert (fields.field("item").references, fields.field("item").type) == (
            "stock_item",
            FieldType.BIGINT,
        )
        plan = compile_scenario(scenario, LoadSettings())
        names = [table.name for table in plan.tables]
        assert names.index("stock_item") < names.index("order_line")
        assert [table.name for table in plan.tables if table.parent] == ["shop"]


def test_data_of_an_enumeration_is_one_of_its_values() -> None:
    """Another value is a mistake at its place."""
    text = "entity: Order\nfields: {level: 'enum(gold, silver)'}\ndata: {order: {level: {choice: [gold, bronze]}}}\n"
    assert messages_of(text) == ['3:39 "bronze" is no value of "level"']


def test_what_no_load_depends_on_is_one_note() -> None:
    """Each key once, with what it belongs to."""
    text = (
        "entity: Order\ntier: 1\nfields: {a: {type: text, label: A}, b: {type: text, label: B}}\nviews: []\n"
    )
    assert scenario_of(text).notes == (
        "1.yaml: read past, no load depends on it: of a document: tier, views; of a field: label",
    )
