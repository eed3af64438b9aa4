"""Pairs of a unit row by row: how many are missing, what the last one says, and what none at all come to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from perfengine.engine.ab.outcome import AbState, ab_exit_code, ab_result
from perfengine.engine.ab.pairs import UnitPairs
from perfengine.engine.ab.planning import plan_ab
from perfengine.engine.ab.request import AbRequest
from perfengine.engine.ab.time_budget import TimeBudget
from perfengine.engine.ab.unit import Unit
from perfengine.engine.request import RunRequest
from perfengine.errors import ExitCode
from perfengine.model.ab import AbPair
from perfengine.model.comparison import Answer, CompareRule
from perfengine.model.requirement import Metric
from perfengine.model.settings import LoadSettings
from tests.seed import order_document
from tests.unit.engine.test_ab_answers import arm

if TYPE_CHECKING:
    from pathlib import Path

MEAN = frozenset({Metric.MEAN})


def pair(before_ns: float, after_ns: float, *, operations: int = 1, is_fresh: bool = False) -> AbPair:
    """Return a pair in which every operation has these means."""
    before, after = ((arm(mean),) * operations for mean in (before_ns, after_ns))
    return AbPair(order="ABBA", before=before, after=after, is_fresh=is_fresh)


def unit_pairs(name: str = "work", operations: tuple[str, ...] = ("work",), *kept: AbPair) -> UnitPairs:
    """Return the pairs of a unit of which the mean of the whole decides."""
    return UnitPairs(
        name=name, operations=operations, gating={name: MEAN}, rule=CompareRule(), seed=1, kept=list(kept)
    )


def test_how_many_are_missing() -> None:
    """Ten at first; then none where they are as certain as these."""
    found = unit_pairs()
    assert found.missing == 10
    found.kept += [pair(1e6, 1.001e6)] * 4
    assert found.missing == 6
    found.kept += [pair(1e6, 0.999e6)] * 6
    assert found.missing == 0


def test_the_last_change() -> None:
    """With its sign; of an arm without a mean nobody knows it."""
    found = unit_pairs("work", ("work",), pair(1e6, 2e6), pair(1e6, 1.02e6))
    assert found.last_change == "+2.0%"
    nothing = replace(arm(1e6), ok=0, response={}, mean_ns=None)
    found.kept.append(replace(pair(1e6, 1e6), after=(nothing,)))
    assert found.last_change == "?"


def test_a_mix_has_rows_of_its_operations() -> None:
    """The whole first; each of fresh pairs and first ones apart."""
    same, fresh = pair(1e6, 1e6, operations=2), pair(1e6, 1e6, operations=2, is_fresh=True)
    found = unit_pairs("mix", ("pay", "look"), *[same] * 10, *[fresh] * 10)
    rows = found.compare(0.5)
    assert [row.name for row in rows] == ["mix", "pay", "look"]
    assert [row.metrics[0].evidence for row in rows] == [(10, 10)] * 3
    assert [row.name for row in found.compare(0.5, judging_only=True)] == ["mix"]


@pytest.mark.parametrize(("measured", "code"), [(10, ExitCode.OK), (0, ExitCode.UNPROVEN)])
def test_an_operation_without_a_pair_is_an_open_question(
    tmp_path: Path, measured: int, code: ExitCode
) -> None:
    """Where its time was over before the first one it was left out, and the others alone made a success."""
    path = tmp_path / "order.yaml"
    path.write_text(order_document())
    load = LoadSettings(filters=("order_query", "order_update"), data_size=50)
    planned = plan_ab(AbRequest(run=RunRequest(paths=(path,), load=load)))
    both, _ = planned.units
    state = AbState()
    for phases, count in zip(both, (10, measured), strict=True):
        name = phases[0].name
        pairs = unit_pairs(name, (name,), *[pair(1e6, 1e6)] * count)
        unit = Unit(
            phases,
            cast("Any", ()),
            planned.settings,
            pairs,
            arms_here=2,
            budget=TimeBudget(None),
            interrupt=cast("Any", None),
            watch=lambda _: None,
        )
        state.units.append(unit)
    result = ab_result(planned, state, None)
    assert ab_exit_code(result) is code
    assert len(result.operations) == 2
    if not measured:
        row = result.operations[-1].metrics[0]
        assert (row.answer, row.reason) == (Answer.INCONCLUSIVE, "needs 10 pairs, has 0")
        assert len(result.units) == 1
