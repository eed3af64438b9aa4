"""`data:` to generators of fields."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfengine.model.generator import (
    Choice,
    Generator,
    NumberRange,
    OrNull,
    ReferenceTo,
    Sequence,
    Template,
    Text,
    Uuid,
    Zipf,
)
from perfengine.spec.read import read_scenario
from tests.documents import document, messages_of, scenario_of

FIELDS = (
    "name: order\nfields: {id: uuid, customer_id: uuid, token: uuid, code: string(40), short: string(8)?,"
    " total: 'decimal(6,2)', weight: float, items: integer, paid: boolean, note: text, extra: json}\n"
)


def generator(field: str, text: str) -> Generator:
    """Return the generator of a field that is written like this."""
    (data,) = scenario_of(f"{FIELDS}data: {{order: {{{field}: {text}}}}}").data
    assert (data.entity, data.field) == ("order", field)
    return data.generator


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        (
            "customer_id",
            "{ref: customer, dist: zipf}",
            ReferenceTo(table="customer", distribution=Zipf(s=1.1)),
        ),
        ("token", "uuid", Uuid()),
        (
            "token",
            "{const: 6F9619FF-8B86-D011-B42D-00CF4FC964FF}",
            Choice(values=("6f9619ff-8b86-d011-b42d-00cf4fc964ff",)),
        ),
        ("code", "uuid", Uuid()),
        ("code", "text", Text()),
        ("code", "{choice: [1, true]}", Choice(values=("1", "true"))),
        ("short", "text", Text(length=8)),
        ("short", "{text: {length: 4}, null: 0.5}", OrNull(share=0.5, generator=Text(length=4))),
        ("short", "{choice: [a, null]}", Choice(values=("a", None))),
        ("total", "{int: {min: 1, max: 9999}}", NumberRange(low=Decimal(1), high=Decimal(9999))),
        ("total", "{choice: {1: 1, 2.5: 3}}", Choice(values=(Decimal(1), Decimal("2.5")), weights=(1, 3))),
        ("weight", "{choice: [1, 2.5]}", Choice(values=(1.0, 2.5))),
        ("items", "{sequence: {start: 10}}", Sequence(start=10)),
        ("paid", "{choice: {true: 9, false: 1}}", Choice(values=(True, False), weights=(9, 1))),
        ("note", '{template: "order {index}"}', Template(text="order {index}")),
        ("extra", """{choice: ['{"a": 1}', "[]"]}""", Choice(values=('{"a": 1}', "[]"))),
    ],
)
def test_values_are_read_as_the_type_of_their_field(field: str, text: str, expected: Generator) -> None:
    """As the driver binds them, or the server reads them."""
    made = generator(field, text)
    assert made == expected
    if isinstance(made, Choice) and isinstance(expected, Choice):
        assert [type(value) for value in made.values] == [type(value) for value in expected.values]


def test_the_later_document_wins() -> None:
    """Field by field."""
    scenario = scenario_of(
        FIELDS + "data: {order: {code: text, token: uuid}}", "data: {order: {code: {const: x}}}"
    )
    assert {data.field: data.generator for data in scenario.data} == {
        "code": Choice(values=("x",)),
        "token": Uuid(),
    }
    assert scenario.data[0].position.path == "2.yaml"


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("short", "uuid", '"short": it holds 8 characters, these have 32 and more'),
        ("short", '{template: "orders {index}!"}', '"short": it holds 8 characters, these have 9 and more'),
        ("items", "{choice: ['2']}", '"2" is no value of "items": a whole number is needed'),
        ("short", "{sequence: {start: 123456789}}", '"short": it holds 8 characters, these have 9 and more'),
        ("items", "{int: {min: 0, max: 2147483648}}", '"items": 2147483648 is out of the range of integer'),
        ("token", "{const: x}", '"x" is no value of "token": badly formed hexadecimal UUID string'),
    ],
)
def test_a_field_must_hold_what_is_made(field: str, text: str, message: str) -> None:
    """Said before a server says it."""
    (found,) = messages_of(f"{FIELDS}data: {{order: {{{field}: {text}}}}}")
    assert found.endswith(message)


def test_data_can_be_checked_without_its_entity() -> None:
    """Then nothing is known of the fields, and their generators are read as they stand."""
    text = "data: {order: {customer_id: {ref: customer}, code: {choice: [1, x]}}}"
    scenario = read_scenario([document(text)], need_entity=False)
    assert [data.generator for data in scenario.data] == [
        ReferenceTo(table="customer"),
        Choice(values=(1, "x")),
    ]
