"""How rows of ours are made for tables that are there: what must be distinct, what is left to the server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler.compile import compile_scenario, open_questions
from perfengine.compiler.existing.lay import entity_of, over_column, table_of
from perfengine.compiler.existing.match import match_entities
from perfengine.errors import PlanError
from perfengine.model.entity import Entity, Field, FieldType
from perfengine.model.existing import ColumnType, ExistingCheck, ForeignKey, Identity, Place, UniqueKey
from perfengine.model.existing_question import Asked, Question
from perfengine.model.generator import Choice, ReferenceTo, RowNumber, Template, Text
from perfengine.model.settings import LoadSettings
from tests.entities import make_scenario
from tests.existing_schemas import column, schema, table

if TYPE_CHECKING:
    from perfengine.compiler.existing.matching import Matching
    from perfengine.model.existing import ExistingSchema
    from perfengine.model.table import Table

ID = Field(name="id", type=FieldType.UUID)


def _laid(there: ExistingSchema, *entities: Entity) -> tuple[Matching, list[Table]]:
    matching = match_entities(entities, there, makes_rows=True)
    return matching, [table_of(one, entity_of(one), matching) for one in matching.found]


def test_columns_that_the_server_makes_are_not_written() -> None:
    """Neither what is computed, nor what has a default and no field."""
    computed = replace(column("gross", "numeric"), generated=True)
    counted = replace(column("number", "int4"), identity=Identity.ALWAYS)
    orders = table(
        "order", column("id", "uuid"), computed, counted, column("at", "timestamptz", default="now()")
    )
    fields = (ID, Field(name="gross", type=FieldType.DECIMAL))
    matching, (made,) = _laid(schema([orders]), Entity(name="order", fields=fields))
    assert [one.name for one in made.columns] == ["id"]
    assert matching.notes == ["public.order.gross is made by the server: no value is given to it"]


def test_unique_columns_have_a_value_of_their_own_in_every_row() -> None:
    """Numbers count rows, texts are digests, a look that the author gave keeps it and is different."""
    orders = replace(
        table(
            "order",
            column("id", "uuid"),
            column("number", "int4"),
            column("code"),
            column("email"),
            column("a"),
        ),
        keys=(
            UniqueKey(name="pk", columns=("id",), primary=True),
            UniqueKey(name="u1", columns=("number",)),
            UniqueKey(name="u2", columns=("code",)),
            UniqueKey(name="u3", columns=("email",)),
            UniqueKey(name="u4", columns=("code", "a")),
        ),
    )
    email = Field(name="email", type=FieldType.STRING, like=("user_{index}@example.com",))
    matching, (made,) = _laid(schema([orders]), Entity(name="order", fields=(ID, email)))
    assert matching.problems == []
    assert isinstance(made.column("number").generator, RowNumber)
    assert made.column("code").generator == Text(length=32)
    assert made.column("email").generator == Template(text="user_{word}{index}@example.com")
    assert [one.name for one in made.columns if one.unique] == ["email", "number", "code"]


def test_references_take_rows_that_are_there_else_rows_of_ours() -> None:
    """A question is asked of the rows; the answer decides, and a parent that is empty is filled first."""
    customers = table("customer", column("id", "uuid"), column("name"))
    link = ForeignKey(
        name="fk",
        table=Place(schema="public", name="order"),
        columns=("customer_id",),
        target=customers.place,
        target_columns=("id",),
    )
    orders = replace(table("order", column("id", "uuid"), column("customer_id", "uuid")), references=(link,))
    there, entity = schema([orders, customers]), Entity(name="order", fields=(ID,))
    question = Question(asked=Asked.SOME_VALUES, place=customers.place, column="id", limit=1000)
    assert list(_laid(there, entity)[0].questions) == [question]
    keys = ("6b1f2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",)
    _, (made,) = _laid(replace(there, answers={question: keys}), entity)
    assert made.column("customer_id").generator == Choice(values=keys)
    _, (parent, child) = _laid(replace(there, answers={question: ()}), entity)
    assert (parent.name, parent.parent) == ("customer", True)
    assert child.column("customer_id").generator == ReferenceTo(table="customer")


def test_a_condition_of_a_domain_over_its_column() -> None:
    """VALUE becomes the column, in texts it stays."""
    assert over_column("VALUE ~ 'VALUE' AND VALUE <> \"VALUE\"", 'a"b') == (
        '"a""b" ~ \'VALUE\' AND "a""b" <> "VALUE"'
    )


def test_a_key_that_is_no_word_of_ours() -> None:
    """Its integers begin beyond the greatest that is there."""
    orders = table("order", column("number", "int8"), column("name"), key="number")
    there = schema([orders])
    question = Question(asked=Asked.GREATEST, place=orders.place, column="number", limit=1)
    far = str(5 * 10**18)
    _, (made,) = _laid(replace(there, answers={question: (far,)}), Entity(name="order", fields=(ID,)))
    assert made.key.name == "number"
    assert made.first_key == int(far) + 1


@pytest.mark.parametrize(
    ("greatest", "first"),
    [
        ("NaN", 1_500_000_000),
        ("Infinity", 1_500_000_000),
        ("12.5", 1_500_000_000),
        ("123456789012345678901234567890.5", 123456789012345678901234567891),
    ],
)
def test_numbers_begin_beyond_whatever_a_numeric_holds(greatest: str, first: int) -> None:
    """A NaN in a unique column once ended in a traceback, and a float was rounded to less than the greatest."""
    orders = table("order", column("id", "uuid"), column("number", "numeric"))
    orders = replace(orders, keys=(*orders.keys, UniqueKey(name="u", columns=("number",))))
    question = Question(asked=Asked.GREATEST, place=orders.place, column="number", limit=1)
    there = replace(schema([orders]), answers={question: (greatest,)})
    _, (made,) = _laid(there, Entity(name="order", fields=(ID,)))
    assert made.first_key == first


def test_the_greatest_key_that_a_type_has_may_be_taken() -> None:
    """Somebody's row 2147483647 once was the end of keys; those of ours are drawn below nought."""
    orders = table("order", column("id", "int4"), column("name"))
    question = Question(asked=Asked.GREATEST, place=orders.place, column="id", limit=1)
    there = replace(schema([orders]), answers={question: ("2147483647",)})
    assert compile_scenario(make_scenario(Entity(name="order", fields=(ID,))), LoadSettings(), there).phases
    check = ExistingCheck(name="positive", expression="(id > 0)", columns=("id",))
    bound = replace(there, tables=(replace(orders, checks=(check,)),))
    with pytest.raises(PlanError, match="its integer key ends at 2147483647"):
        compile_scenario(make_scenario(Entity(name="order", fields=(ID,))), LoadSettings(), bound)


def test_conditions_of_wide_numbers_are_read_before_the_rows_are_asked_about() -> None:
    """Rounding to the steps of numeric(38,18) takes more digits than decimals have unless said: a traceback, once."""
    wide = ColumnType(sql="numeric(38,18)", base="numeric", base_sql="numeric(38,18)", precision=38, scale=18)
    check = ExistingCheck(name="c", expression="(amount < 1000000000000)", columns=("amount",))
    orders = replace(
        table("order", column("id", "uuid"), replace(column("amount"), type=wide)), checks=(check,)
    )
    entity = make_scenario(Entity(name="order", fields=(ID, Field(name="amount", type=FieldType.DECIMAL))))
    assert open_questions(entity, LoadSettings(), schema([orders])) == ()
