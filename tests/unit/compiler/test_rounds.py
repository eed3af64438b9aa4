"""Rounds of mixes, and what happens when rows are used up."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.errors import PlanError
from perfengine.model.entity import Field, FieldType
from perfengine.model.generator import Sequence, Template, Uuid
from perfengine.model.mistake import Position
from perfengine.model.operation import Pick
from perfengine.model.python_call import PythonCall
from perfengine.model.scenario import DataSet, Performance
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import MixShare, Mode, OwnOperation, WhenExhausted, Workload
from perfengine.units import NS_PER_S
from tests.entities import (
    HERE,
    compile_entities,
    make_entity,
    make_machine,
    make_order,
    make_statement,
    plan_of,
)

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan

SECOND = LoadSettings(duration_ns=NS_PER_S)
MINUTE = LoadSettings(duration_ns=60 * NS_PER_S)
NAMES = (
    "order_create",
    "single_order_confirm",
    "bulk_order_ship",
    "order_status_query",
    "order_query",
    "order_update",
    "bulk_order_update",
    "order_delete",
)


def mixed(
    weights: dict[str, float], settings: LoadSettings | None = None, workload: Workload | None = None
) -> PhasePlan:
    """Return the phase of a mix."""
    mix = tuple(
        MixShare(name=name, weight=weight, position=Position(path="x", line=1, column=1))
        for name, weight in weights.items()
    )
    plan = compile_entities(
        make_order(), settings=settings, workload=replace(workload or Workload(), mode=Mode.MIX, mix=mix)
    )
    (phase,) = plan.phases
    return phase


def quotas(phase: PhasePlan) -> dict[str, int]:
    """Return the attempts of each operation in a round."""
    return {item.operation.name: item.round_attempts for item in phase.operations}


@pytest.mark.parametrize(
    ("weights", "settings", "expected"),
    [
        # a few attempts: as they were asked for
        ({"order_query": 3, "order_status_query": 1}, LoadSettings(iterations=8), (6, 2)),
        # many: up to what arguments can be made for at once
        ({"order_query": 3, "order_status_query": 1}, MINUTE, (98_304, 32_768)),
        ({"order_query": 3, "order_status_query": 1}, LoadSettings(iterations=10**6), (98_304, 32_768)),
        # the rows of one operation bound all of them
        ({"order_query": 1, "single_order_confirm": 1}, MINUTE, (50_000, 50_000)),
        ({"order_query": 9, "bulk_order_confirm": 1}, MINUTE, (4_500, 500)),
        ({"order_query": 9, "bulk_order_update": 1}, MINUTE, (4_500, 500)),
        ({"order_query": 1, "order_create": 9}, MINUTE, (5_555, 50_000)),
        # nobody comes away empty
        ({"order_query": 1000, "single_order_confirm": 1}, LoadSettings(iterations=100), (100, 1)),
        # and there is more to do than clients
        ({"bulk_order_confirm": 1, "bulk_order_ship": 1}, LoadSettings(concurrency=1000), (2_000, 2_000)),
    ],
)
def test_a_round_of_a_mix(
    weights: dict[str, float], settings: LoadSettings, expected: tuple[int, ...]
) -> None:
    """In the proportions of the weights, as many as can be made ready at once."""
    phase = mixed(weights, settings)
    assert quotas(phase) == dict(zip(weights, expected, strict=True))
    assert phase.round_attempts == sum(expected)
    assert [item.warmup_attempts for item in phase.operations] == [
        item.round_attempts for item in phase.operations
    ]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.floats(0.01, 100), min_size=1, max_size=6),
    st.sampled_from(WhenExhausted),
    st.sampled_from(Pick),
    st.none() | st.integers(1, 10**6),
    st.integers(1, 200),
)
def test_rows_of_a_mix_never_meet(
    weights: dict[str, float],
    when_exhausted: WhenExhausted,
    pick: Pick,
    iterations: int | None,
    concurrency: int,
) -> None:
    """Warm-up and rounds of all operations of a table have rows of their own, in every round."""
    settings = LoadSettings(iterations=iterations, concurrency=concurrency)
    phase = mixed(weights, settings, Workload(when_exhausted=when_exhausted, pick=pick))
    spans = []
    for item in phase.operations:
        rows = item.operation.rows
        if rows is None:
            assert item.keys.count == 0
            continue
        assert item.keys.start >= 1000
        warmup = rows.per_attempt * item.warmup_attempts
        own = item.keys.count - warmup
        assert own == rows.per_attempt * min(item.round_attempts, own // rows.per_attempt)
        spans.append((item.keys.start, item.keys.stop))
        spans += [(item.first_row(n), item.first_row(n) + own) for n in (1, 2) if item.stride]
        assert item.first_row(0) + own == item.keys.stop
    spans = sorted(span for span in spans if span[0] < span[1])
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert phase.round_attempts == sum(item.round_attempts for item in phase.operations)
    assert phase.warmup_attempts == sum(item.warmup_attempts for item in phase.operations)


@pytest.mark.parametrize(
    ("operation", "settings", "pick", "repeats"),
    [
        (make_statement("SELECT 1"), SECOND, None, True),
        (make_statement("SELECT 1"), LoadSettings(), None, False),
        (make_statement("SELECT :a", a=Uuid()), SECOND, None, False),
        (make_statement("SELECT :a", a=Sequence()), SECOND, None, False),
        (make_statement("SELECT :a", a=Template(text="x")), SECOND, None, True),
        (
            OwnOperation(name="lookup", position=HERE, python=PythonCall(path="a.py", name="b")),
            SECOND,
            None,
            False,
        ),
        ("order_query", SECOND, None, True),
        ("order_update", SECOND, None, False),
        ("order_create", SECOND, None, False),
        ("single_order_confirm", SECOND, None, False),
        # rows that are drawn are used up all the same
        ("single_order_confirm", SECOND, Pick.RANDOM, False),
        ("single_order_confirm", SECOND, Pick.LOCK, False),
        ("order_update", SECOND, Pick.LOCK, False),
        ("invalid_order_confirm", SECOND, None, True),
    ],
)
def test_arguments_repeat_only_where_nothing_is_used_up(
    operation: OwnOperation | str, settings: LoadSettings, pick: Pick | None, repeats: bool
) -> None:
    """Neither rows, nor values that must differ, nor a number that Python draws from, nor what an update changes.

    Updates once began over after ten thousand rows: from then on they wrote what was there already, and the server
    did not touch an index any more.
    """
    name = operation if isinstance(operation, str) else "lookup"
    operations = () if isinstance(operation, str) else (operation,)
    plan = compile_entities(
        make_order(),
        settings=replace(settings, filters=(name,)),
        workload=Workload(operations=operations, pick=pick),
    )
    assert plan.phases[0].repeats is repeats


TEN_ROWS = Performance(data_sets=(DataSet(name="ten", rows={"order": 10}),))


def stopped(name: str, pick: Pick | None = None, mode: Mode | None = None) -> PhasePlan:
    """Return the phase of an operation that has the rows of a data set of ten, and no more."""
    plan = compile_entities(
        make_order(),
        performance=TEN_ROWS,
        settings=LoadSettings(filters=(name,), iterations=100),
        workload=Workload(when_exhausted=WhenExhausted.STOP, pick=pick, mode=mode),
    )
    return plan.phases[0]


def test_without_more_rows_attempts_starve() -> None:
    """Ten rows and a hundred iterations: ninety find none."""
    phase = stopped("single_order_confirm")
    (item,) = phase.operations
    assert phase.when_exhausted is WhenExhausted.STOP
    assert (item.rows_for, item.round_attempts, item.keys.count) == (10, 100, 6 + 10)
    assert stopped("bulk_order_confirm").operations[0].rows_for == 0


@pytest.mark.parametrize("name", ["order_create", "order_query", "order_update"])
def test_what_uses_no_rows_up_never_starves(name: str) -> None:
    """New rows, reads and rows that stay what they are do not run out."""
    assert stopped(name).operations[0].rows_for is None


def test_a_search_finds_out_by_itself() -> None:
    """The rows are as few, and every attempt looks for one."""
    (item,) = stopped("single_order_confirm", Pick.LOCK).operations
    assert (item.rows_for, item.keys.count) == (None, 6 + 10)


def test_a_mix_warms_up_on_rows_of_its_own() -> None:
    """However few are left for measuring."""
    (item,) = stopped("single_order_confirm", mode=Mode.MIX).operations
    assert (item.rows_for, item.warmup_attempts, item.keys.count) == (10, 100, 110)


def test_new_rows_every_round_lie_behind_all_others() -> None:
    """The next round begins where the rows of the whole phase end; keys that are shared stay."""
    weights = {"order_create": 1.0, "single_order_confirm": 1.0, "order_update": 1.0, "order_query": 1.0}
    phase = mixed(weights, SECOND, Workload(when_exhausted=WhenExhausted.CREATE))
    by_name = {item.operation.name: item for item in phase.operations}
    rows = sum(item.keys.count for item in phase.operations)
    assert by_name["order_create"].stride == by_name["single_order_confirm"].stride == rows
    assert (by_name["order_update"].stride, by_name["order_query"].stride) == (0, 0)


def test_rows_are_made_anew_unless_said() -> None:
    """The same keys in every round."""
    phase = mixed({"single_order_confirm": 1.0}, SECOND)
    assert phase.when_exhausted is WhenExhausted.RECYCLE
    assert phase.operations[0].stride == 0


def test_integer_keys_can_run_out_in_later_rounds() -> None:
    """Two thousand million iterations, with new rows and room for a warm-up in each round."""
    entity = make_entity(
        "note",
        machine=make_machine(("confirm", "pending", "confirmed")),
        key=Field(name="id", type=FieldType.INTEGER),
    )
    settings = LoadSettings(iterations=2_000_000_000, filters=("single_note_confirm",), concurrency=50_000)
    with pytest.raises(PlanError, match=r"note needs \d{10} keys, and its integer key ends at 2147483647"):
        compile_entities(entity, settings=settings, workload=Workload(when_exhausted=WhenExhausted.CREATE))
    plan = compile_entities(entity, settings=settings)
    assert plan_of(plan, "single_note_confirm").iterations == 2_000_000_000


def test_no_more_is_made_ready_than_the_duration_has_use_for() -> None:
    """A second of a mix made 131 072 attempts ready, twice, and the run took longer over that than over its load."""
    phase = mixed({"order_query": 1, "order_status_query": 1}, SECOND)
    assert phase.round_attempts == 50_000
    assert sum(plan.warmup_attempts for plan in phase.operations) <= 131_072
