"""Which operations a mix is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError, UsageError
from perfengine.model.mistake import Position
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import MixShare, Mode, OwnStatement, Workload
from tests.entities import HERE, compile_entities, make_order, make_statement

if TYPE_CHECKING:
    from perfengine.model.plan import Plan


def shares(**weights: float) -> tuple[MixShare, ...]:
    """Return the shares of a mix, each on a line of its own."""
    return tuple(
        MixShare(name=name, weight=weight, position=Position(path="order.yaml", line=line, column=5))
        for line, (name, weight) in enumerate(weights.items(), start=1)
    )


def mixed(workload: Workload, *, filters: tuple[str, ...] = (), excludes: tuple[str, ...] = ()) -> Plan:
    """Return the plan of the original document under a workload."""
    settings = LoadSettings(filters=filters, excludes=excludes)
    return compile_entities(make_order(), workload=workload, settings=settings)


def weights_of(plan: Plan) -> dict[str, float]:
    """Return the weights of the one phase."""
    (phase,) = plan.phases
    assert phase.name == "mix"
    return {item.operation.name: item.weight for item in phase.operations}


def test_a_mix_is_one_phase_of_what_it_names() -> None:
    """By name, alias or full id; also what else runs only when a filter names it."""
    mix = shares(order_status_query=50, order_confirm=20, order_delete=5) + shares(
        **{"order.crud.order_create": 5}
    )
    plan = mixed(Workload(mode=Mode.MIX, mix=mix))
    assert weights_of(plan) == {
        "order_create": 5,
        "single_order_confirm": 20,
        "order_status_query": 50,
        "order_delete": 5,
    }
    assert plan.mode is Mode.MIX
    assert len(plan.available) == 18


def test_weights_alone_mean_a_mix() -> None:
    """Nobody writes weights for operations that run one by one."""
    assert weights_of(mixed(Workload(mix=shares(order_query=1)))) == {"order_query": 1}


def test_weights_in_benchmark_mode_are_noted() -> None:
    """Every operation runs alone then."""
    plan = mixed(Workload(mode=Mode.BENCHMARK, mix=shares(order_query=1)))
    assert len(plan.phases) == 14
    assert plan.notes == ("mode: benchmark runs each operation alone: the weights of mix are not used",)


def test_without_weights_everything_selected_takes_part() -> None:
    """Each weighs the same, an own operation what it says."""
    own = replace(make_statement("SELECT 1"), weight=7.5)
    weights = weights_of(mixed(Workload(mode=Mode.MIX, operations=(own,))))
    assert len(weights) == 15
    assert weights.pop("lookup") == 7.5
    assert set(weights.values()) == {1.0}


def test_the_mix_outweighs_the_operation() -> None:
    """What `mix:` says stands before what the operation says of itself."""
    own = replace(make_statement("SELECT 1"), weight=7.5)
    workload = Workload(mode=Mode.MIX, operations=(own,), mix=shares(lookup=3))
    assert weights_of(mixed(workload)) == {"lookup": 3}


def test_filters_apply_to_the_mix() -> None:
    """What a filter leaves keeps its weight; a filter that means nothing of the mix is noted."""
    workload = Workload(mode=Mode.MIX, mix=shares(order_query=6, order_create=3, order_delete=1))
    assert weights_of(mixed(workload, excludes=("order_create",))) == {"order_query": 6, "order_delete": 1}
    plan = mixed(workload, filters=("*.crud.*", "bulk_*"))
    assert weights_of(plan) == {"order_query": 6, "order_create": 3, "order_delete": 1}
    assert plan.notes == ('--filter "bulk_*" matches no operation of the mix',)


def test_filters_that_leave_nothing_list_the_mix() -> None:
    """Only what could have been selected is listed."""
    workload = Workload(mode=Mode.MIX, mix=shares(order_query=6, order_delete=1))
    with pytest.raises(UsageError) as caught:
        mixed(workload, filters=("bulk_*",))
    assert str(caught.value).splitlines() == [
        "nothing to run: --filter bulk_* selects none of these operations",
        "   order.crud.order_query [simple_select]",
        "   order.crud.order_delete [delete]",
    ]


def test_all_mistakes_of_a_mix_are_told_at_once() -> None:
    """Unknown operations with what was meant, one operation under two names, weights of nothing."""
    mix = shares(order_qwery=1, order_query=0, order_confirm=1, single_order_confirm=2, simple_select=1)
    with pytest.raises(SpecError) as caught:
        mixed(Workload(mode=Mode.MIX, mix=mix))
    assert [(one.position.line, one.message, one.suggestion) for one in caught.value.mistakes] == [
        (1, 'unknown operation "order_qwery"', "order_query"),
        (2, "order_query weighs 0: a weight is above 0", None),
        (
            4,
            '"single_order_confirm" means single_order_confirm, which "order_confirm" named already: one weight each',
            None,
        ),
        (5, 'unknown operation "simple_select"', None),
    ]
    assert "bulk_order_confirm" in caught.value.mistakes[0].allowed


def test_an_operation_with_mistakes_is_not_unknown_besides() -> None:
    """One mistake, told once."""
    own = replace(make_statement(""), steps=(OwnStatement(sql="SELECT :x", position=HERE),))
    with pytest.raises(SpecError) as caught:
        mixed(Workload(mode=Mode.MIX, operations=(own,), mix=shares(lookup=1)))
    assert [one.message for one in caught.value.mistakes] == ['unknown parameter "x"; there is none']


def test_a_mix_of_nothing_is_no_phase() -> None:
    """As without any entity."""
    assert compile_entities(workload=Workload(mode=Mode.MIX)).phases == ()


def test_own_iterations_in_a_mix_are_noted() -> None:
    """A mix counts its attempts together."""
    own = replace(make_statement("SELECT 1"), iterations=5)
    plan = compile_entities(make_order(), workload=Workload(mode=Mode.MIX, operations=(own,)))
    assert plan.notes == ("a mix counts the attempts of all operations: iterations of lookup are not used",)
