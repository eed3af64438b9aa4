"""Data sets."""

from __future__ import annotations

import pytest

from perfengine.model.scenario import DataSet
from perfengine.spec.meaning.data_sets import plural, table_words
from tests.documents import messages_of, mistakes_of, scenario_of

ENTITY = "name: order\nfields: {id: uuid, customer_id: uuid, code_id: string}\n"


@pytest.mark.parametrize(
    ("noun", "nouns"),
    [
        ("order", "orders"),
        ("category", "categories"),
        ("day", "days"),
        ("box", "boxes"),
        ("address", "addresses"),
        ("match", "matches"),
        ("dish", "dishes"),
        ("order_item", "order_items"),
        ("y", "ys"),
    ],
)
def test_the_plural_is_the_one_an_english_speaker_writes(noun: str, nouns: str) -> None:
    """Nothing clever: people and mice are not known."""
    assert plural(noun) == nouns


def test_a_table_called_like_a_plural_is_itself() -> None:
    """`orders` beside a table `order` is not its plural."""
    assert table_words(["order", "orders"])["orders"] == "orders"


def test_rows_are_named_by_table_or_plural_of_entities_and_parents() -> None:
    """A reference makes its parent known; a string is no reference."""
    scenario = scenario_of(
        ENTITY + "performance: {data_sets: [{name: s, orders: 100, customer: 10}, {name: t, order: 0}]}"
    )
    assert scenario.entities[0].performance.data_sets == (
        DataSet(name="s", rows={"order": 100, "customer": 10}),
        DataSet(name="t", rows={"order": 0}),
    )
    (mistake,) = mistakes_of(ENTITY + "performance: {data_sets: [{name: s, codes: 100}]}")
    assert mistake.message == 'data set "s": "codes" is no table of this run'
    assert mistake.allowed == ("customer", "customers", "order", "orders")


def test_tables_of_other_entities_of_the_run_are_known() -> None:
    """Several entities are one run."""
    other = "name: invoice\nfields: {id: uuid}"
    scenario = scenario_of(ENTITY + "performance: {data_sets: [{name: s, invoices: 5}]}", other)
    assert scenario.entities[0].performance.data_sets[0].rows == {"invoice": 5}


@pytest.mark.parametrize(
    ("data_sets", "message"),
    [
        ("[{name: s, order: 1, orders: 2}]", '3:47 the rows of "order" are given twice: keep one'),
        (
            "[{name: s, order: 1}, {name: s, order: 2}]",
            '3:55 data set "s" is there twice: give each its own name',
        ),
        ("[{orders: 1}]", '3:27 a data set needs "name"'),
        (
            "[{name: s, orders: 100000001}]",
            ("3:45 orders: 100000001 is out of range: write a whole number from 0 to 100000000"),
        ),
        (
            "[{name: s, orders: lots}]",
            '3:45 orders: "lots" is not a whole number: write digits, from 0 to 100000000',
        ),
    ],
)
def test_a_wrong_data_set_is_named_at_its_place(data_sets: str, message: str) -> None:
    """Names and counts are checked, each by itself."""
    assert messages_of(f"{ENTITY}performance: {{data_sets: {data_sets}}}") == [message]
