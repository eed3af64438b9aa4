"""Entities: names, fields, keys and rules."""

from __future__ import annotations

import pytest

from perfengine.model.entity import Field, FieldType, Rule
from tests.documents import messages_of, mistakes_of, scenario_of


def test_entity_is_another_word_for_name() -> None:
    """Both may stand together when they agree."""
    assert scenario_of("entity: order\nfields: {id: uuid}").entities[0].entity.name == "order"
    assert scenario_of("entity: order\nname: order\nfields: {id: uuid}").entities[0].entity.name == "order"
    text = "entity: order\nname: invoice\nfields: {id: uuid}"
    assert messages_of(text) == ['1:9 name says "invoice" and entity says "order": keep one of them']


def test_a_missing_key_is_added_with_a_note() -> None:
    """An entity without id gets a uuid, first of its fields."""
    scenario = scenario_of("name: order\nfields: {total: decimal}")
    assert scenario.entities[0].entity.fields[0] == Field(name="id", type=FieldType.UUID)
    assert scenario.notes == ('1.yaml: entity "order" has no field id: a uuid key is added',)


@pytest.mark.parametrize("word", ["uuid", "integer", "bigint", "string", "text", "string(32)"])
def test_a_key_may_be_of_these_types(word: str) -> None:
    """Types that generated keys fit in."""
    assert scenario_of(f"name: order\nfields: {{id: {word}}}").entities[0].entity.key.name == "id"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("decimal", "2:14 id: a key cannot be of type decimal"),
        ("boolean", "2:14 id: a key cannot be of type boolean"),
        ("string(31)", "2:14 id: a generated key has 32 characters, string(31) holds fewer"),
        ("uuid?", "2:14 id: a key cannot be NULL: remove the ? or nullable"),
    ],
)
def test_other_keys_are_refused(word: str, message: str) -> None:
    """A key is never null, and long enough."""
    assert messages_of(f"name: order\nfields: {{id: {word}}}") == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fields: {id: uuid}", '1:1 an entity needs "name"'),
        ("name: order", '1:1 an entity needs "fields", such as fields: {id: uuid, status: string}'),
        ("name: order\nfields: {}", "2:9 fields: there is none: write name: type lines, such as id: uuid"),
        (
            "name: order\nfields: {id: uuid, xmin: text}",
            '2:20 "xmin" is a column that PostgreSQL itself puts in every table',
        ),
    ],
)
def test_what_an_entity_needs_is_named(text: str, message: str) -> None:
    """A name, and fields that a table can have."""
    assert messages_of(text) == [message]


def test_a_table_has_an_end() -> None:
    """More fields than PostgreSQL has columns are one mistake, not a thousand."""
    fields = ", ".join(f"f{index}: text" for index in range(1001))
    assert messages_of(f"name: order\nfields: {{{fields}}}") == [
        "2:1 fields: there are 1001, a table has at most 1000"
    ]


def test_two_documents_cannot_describe_one_entity() -> None:
    """The second is the mistake, and names the first."""
    (mistake,) = mistakes_of("name: order\nfields: {id: uuid}", "name: order\nfields: {id: uuid}")
    assert str(mistake.position) == "2.yaml:1:7"
    assert mistake.message == 'entity "order" is described twice, first in 1.yaml:1'


def _rules(rules: str) -> str:
    return f"name: order\nfields: {{id: uuid, total: decimal}}\npatterns:\n  - {{name: validation, rules: {rules}}}\n"


def test_rules_of_several_validations_are_joined() -> None:
    """Their remarks are for readers and stay behind."""
    text = _rules("[{name: a, field: total, rule: total > 0, message: m, error_code: e, description: d}]")
    text += "  - {name: validation, rules: [{name: b, field: id, rule: ' total < 9 '}]}\n"
    assert scenario_of(text).entities[0].entity.rules == (
        Rule(name="a", field="total", expression="total > 0"),
        Rule(name="b", field="id", expression="total < 9"),
    )


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("[{name: a, field: totl, rule: x > 0}]", '4:49 rule "a" is about "totl", which is no field'),
        ("[{name: a, field: total}]", '4:32 a rule needs "rule"'),
        ("[{name: a, field: total, rule: ''}]", "4:62 rule: the text is empty"),
        (
            "[{name: a, field: total, rule: 'x; y'}]",
            ('4:64 rule: a ";" ends the expression: one expression is expected, not statements'),
        ),
        (
            "[{name: a, field: id, rule: x}, {name: a, field: id, rule: y}]",
            ('4:70 rule "a" is there twice: give each its own name'),
        ),
        (
            f"[{{name: {'r' * 60}, field: total, rule: x}}]",
            (f'4:39 the constraint "order_{"r" * 51}..." has 66 bytes, a name has at most 63'),
        ),
    ],
)
def test_a_wrong_rule_is_named_at_its_place(rules: str, message: str) -> None:
    """Inside an expression the caret points at the character."""
    assert messages_of(_rules(rules)) == [message]


def test_a_fault_in_a_block_of_text_points_at_the_block() -> None:
    """Where line ends hide the place, the value itself is shown."""
    text = """\
name: order
fields: {id: uuid}
patterns:
  - name: validation
    rules:
      - name: a
        field: id
        rule: |
          id > 0;
"""
    assert messages_of(text) == [
        '8:15 rule: a ";" ends the expression: one expression is expected, not statements'
    ]
