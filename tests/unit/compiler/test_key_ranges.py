"""Which rows each operation works on, and how many attempts make a round."""

from __future__ import annotations

import pytest

from perfengine.errors import PlanError
from perfengine.model.entity import Field, FieldType
from perfengine.model.plan import KeyRange
from perfengine.model.scenario import DataSet, Performance
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.entities import compile_entities, make_entity, make_order, plan_of

SECOND = LoadSettings(duration_ns=NS_PER_S)


def test_ranges_follow_the_data_set_without_gap() -> None:
    """Each operation's rows begin where those before it end."""
    plan = compile_entities(make_order())
    start = plan.data_rows["order"]
    for item in plan.operations:
        assert item.keys.start == start
        start = item.keys.stop


def test_every_attempt_has_its_rows() -> None:
    """Warm-up and iterations times rows an attempt; reads need none."""
    plan = compile_entities(make_order(), settings=LoadSettings(concurrency=5))
    assert plan_of(plan, "single_order_confirm").keys.count == 30 + 100
    assert plan_of(plan, "bulk_order_confirm").keys.count == 100 * (30 + 10)
    assert plan_of(plan, "order_query").keys.count == 0


def test_each_table_has_ranges_of_its_own() -> None:
    """Operations of another entity do not push the rows of this one up."""
    plan = compile_entities(make_order(), make_entity("customer"))
    assert plan_of(plan, "customer_create").keys == KeyRange(start=100, count=106)


def test_warm_up_calls_every_statement_six_times_on_every_connection() -> None:
    """Ten clients warm up with sixty calls; with four iterations there are four clients."""
    plan = compile_entities(make_order(), settings=LoadSettings(concurrency=10))
    assert plan_of(plan, "order_query").warmup_attempts == 60
    plan = compile_entities(make_order(), settings=LoadSettings(concurrency=10, iterations=4))
    assert plan_of(plan, "order_query").warmup_attempts == 24


@pytest.mark.parametrize(
    ("operation", "settings", "attempts"),
    [
        # counted: all at once, up to 200 000 rows
        ("single_order_confirm", LoadSettings(iterations=500), 500),
        ("single_order_confirm", LoadSettings(iterations=1_000_000), 200_000),
        ("bulk_order_confirm", LoadSettings(iterations=1_000_000), 2_000),
        ("order_query", LoadSettings(iterations=1_000_000), 200_000),
        # for a time: rows that are used up are made anew
        ("single_order_confirm", SECOND, 50_000),
        ("bulk_order_confirm", SECOND, 500),
        # rows that are not used up are shared by turns
        ("order_update", SECOND, 10_000),
        ("bulk_order_update", SECOND, 100),
        # reads only repeat their parameters
        ("order_query", LoadSettings(duration_ns=60 * NS_PER_S), 65_536),
        # a second has no use for more
        ("order_query", SECOND, 50_000),
        # whichever ends first
        ("single_order_confirm", LoadSettings(iterations=70, duration_ns=NS_PER_S), 70),
        # many clients: more attempts than clients in every round
        ("bulk_order_update", LoadSettings(concurrency=1000, duration_ns=NS_PER_S), 4_000),
    ],
)
def test_a_round_holds_what_can_be_made_at_once(
    operation: str, settings: LoadSettings, attempts: int
) -> None:
    """Longer phases run in several rounds."""
    item = plan_of(compile_entities(make_order(), settings=settings), operation)
    assert item.round_attempts == attempts
    if item.operation.rows is not None:
        needed = (item.warmup_attempts + attempts) * item.operation.rows.per_attempt
        assert item.keys.count == needed


def test_reading_an_empty_data_set_is_a_contradiction() -> None:
    """A query by key needs a row, and the message says how to do without it."""
    empty = Performance(data_sets=(DataSet(name="none", rows={"note": 0}),))
    with pytest.raises(PlanError) as caught:
        compile_entities(make_entity("note"), performance=empty)
    assert str(caught.value) == (
        'note_query reads rows of the data set, and data set "none" has 0 rows of note:'
        " give it at least one, or leave out the operation with --exclude note_query"
    )
    plan = compile_entities(
        make_entity("note"), performance=empty, settings=LoadSettings(excludes=("note_query",))
    )
    assert plan_of(plan, "note_create").keys.start == 0


def test_integer_keys_can_run_out() -> None:
    """Two thousand million rows are too many for an integer key, and enough for a bigint."""
    settings = LoadSettings(data_size=2_147_483_600)
    with pytest.raises(
        PlanError, match=r"note needs 2147483706 keys, and its integer key ends at 2147483647"
    ):
        compile_entities(make_entity("note", key=Field(name="id", type=FieldType.INTEGER)), settings=settings)
    plan = compile_entities(
        make_entity("note", key=Field(name="id", type=FieldType.BIGINT)), settings=settings
    )
    assert plan_of(plan, "note_create").keys.stop == 2_147_483_706
