"""`data:`, the values of fields where the author says how they are made."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.errors import SpecError
from perfengine.model.generator import (
    Choice,
    Generator,
    NumberRange,
    OrNull,
    ReferenceTo,
    StateOf,
    Uuid,
    Zipf,
)
from perfengine.model.mistake import Position
from perfengine.model.scenario import FieldData, Performance
from tests.entities import compile_entities, make_order

AMOUNT = NumberRange(low=Decimal(10), high=Decimal(1010))
STATES = ("pending", "confirmed", "shipped", "delivered")


def data(field: str, generator: Generator, *, entity: str = "order", line: int = 1) -> FieldData:
    """Return an entry of `data:`."""
    position = Position(path="order.yaml", line=line, column=5)
    return FieldData(entity=entity, field=field, generator=generator, position=position)


def states(*weights: int, values: tuple[str, ...] = STATES) -> tuple[str, ...]:
    """Return the turn of states that weights make."""
    plan = compile_entities(
        make_order(), data=(data("status", Choice(values=values[: len(weights)], weights=weights)),)
    )
    generator = plan.table("order").column("status").generator
    assert isinstance(generator, StateOf)
    return generator.states


def test_a_generator_takes_the_place_of_ours() -> None:
    """Of a plain field, and of a reference that keeps its table."""
    keys = ReferenceTo(table="customer", distribution=Zipf(s=1.1))
    plan = compile_entities(make_order(), data=(data("total_amount", AMOUNT), data("customer_id", keys)))
    order = plan.table("order")
    assert order.column("total_amount").generator == AMOUNT
    assert order.column("customer_id").generator == keys
    assert order.column("customer_id").references == "customer"
    assert order.checks[0].constraint == "order_positive_total"


@pytest.mark.parametrize(
    ("weights", "counts"),
    [
        ((70, 20, 10), {"pending": 7, "confirmed": 2, "shipped": 1}),
        ((1, 1), {"pending": 1, "confirmed": 1}),
        # the rare state is seldom, and never away
        ((100_000, 1), {"pending": 100, "confirmed": 1}),
    ],
)
def test_weighted_states_come_in_their_proportions(weights: tuple[int, ...], counts: dict[str, int]) -> None:
    """A turn as short as the weights allow, and spread out."""
    turn = states(*weights)
    assert Counter(turn) == counts
    assert turn[0] == "pending"
    assert turn[:3] != ("pending", "confirmed", "shipped")


def test_the_initial_state_need_not_be_among_them() -> None:
    """Then no row of the data set is in it."""
    assert states(2, 1, values=("shipped", "delivered")) == ("shipped", "delivered", "shipped")


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=4))
def test_any_prefix_of_a_turn_is_about_right(weights: list[int]) -> None:
    """A small data set has the shares of a large one."""
    turn = states(*weights)
    whole = Counter(turn)
    assert set(whole) == set(STATES[: len(weights)])
    assert len(turn) <= 100 + len(weights)
    doubled = turn * 2
    for length in range(1, len(turn) + 1):
        for state, count in Counter(doubled[:length]).items():
            assert abs(count - length * whole[state] / len(turn)) <= 2


def test_rounded_weights_are_noted() -> None:
    """A state that is to be in one row of a thousand is in one of a hundred and one."""
    choice = Choice(values=("pending", "confirmed"), weights=(1000, 1))
    plan = compile_entities(make_order(), data=(data("status", choice),))
    assert plan.notes == ("the weights of order.status are rounded to hundredths, none of them to nothing",)


def test_all_mistakes_are_told_at_once() -> None:
    """Unknown entities and fields, keys, states and references that cannot be made so."""
    entries = (
        data("total_amount", AMOUNT, entity="ordr", line=1),
        data("total_amont", AMOUNT, line=2),
        data("id", Uuid(), line=3),
        data("status", AMOUNT, line=4),
        data("status", Choice(values=("pending", "paid")), line=5),
        data("customer_id", Uuid(), line=6),
        data("customer_id", OrNull(share=0.5, generator=ReferenceTo(table="order")), line=7),
        data("total_amount", ReferenceTo(table="invoice"), line=8),
    )
    with pytest.raises(SpecError) as caught:
        compile_entities(make_order(), data=entries)
    refers = "order.customer_id refers to customer, and takes keys of no other kind: ref: customer"
    assert [(one.position.line, one.message) for one in caught.value.mistakes] == [
        (1, 'unknown entity "ordr"'),
        (2, 'unknown field of order "total_amont"'),
        (3, "order.id is the key: its values follow from the row's number"),
        (4, "status holds the state: give its states with their weights, choice: {...}"),
        (5, "no state of the machine: paid; known: pending, confirmed, shipped, delivered"),
        (6, refers),
        (7, refers),
        (8, 'there is no table "invoice" to refer to; known: customer, order'),
    ]
    assert caught.value.mistakes[0].suggestion == "order"
    assert caught.value.mistakes[1].suggestion == "total_amount"


def test_data_of_a_skipped_entity_is_skipped() -> None:
    """No table, no mistake."""
    plan = compile_entities(
        make_order(), performance=Performance(enabled=False), data=(data("total_amount", AMOUNT),)
    )
    assert plan.tables == ()
