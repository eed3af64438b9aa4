"""Which operations of two scenarios can be compared, and what decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.engine.ab.gating import DEFAULT, gating_of_unit
from perfengine.engine.ab.matching import matched
from perfengine.engine.ab.outcome import ab_exit_code
from perfengine.engine.ab.request import AbRequest
from perfengine.engine.planning import PlannedRun
from perfengine.engine.request import RunRequest
from perfengine.errors import ExitCode, UsageError
from perfengine.model.comparison import Answer, Presence
from perfengine.model.requirement import Metric, Requirement
from perfengine.model.settings import LoadSettings
from tests.ab_results import make_result, make_row
from tests.entities import HERE, make_order, make_scenario

if TYPE_CHECKING:
    from perfengine.model.plan import Plan


def plan_of(*filters: str, **settings: Any) -> Plan:
    """Return the plan of the order's operations."""
    return compile_scenario(
        make_scenario(make_order()), LoadSettings(filters=filters, **{"data_size": 50, **settings})
    )


def test_the_same_ground() -> None:
    """Operations of both, in the order of A; statements may differ, they are what is compared."""
    both, others = matched(plan_of("order_query"), plan_of("order_query"))
    assert [first.name for first, _ in both] == ["order_query"]
    assert others == ()


def test_missing_and_new() -> None:
    """Each is named; what is missing in B fails."""
    both, others = matched(plan_of("order_query", "order_update"), plan_of("order_query", "order_create"))
    assert [first.name for first, _ in both] == ["order_query"]
    assert [(one.name, one.presence, one.fails) for one in others] == [
        ("order_update", Presence.MISSING, True),
        ("order_create", Presence.NEW, False),
    ]


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"concurrency": 3}, "load.users"), ({"data_size": 60}, "rows.order"), ({"rate_per_s": 5.0}, "load.model")],
)  # fmt: skip
def test_other_ground(settings: dict[str, Any], field: str) -> None:
    """Another load or other rows: not comparable, with the field that differs."""
    both, (row,) = matched(
        plan_of("order_query", concurrency=2), plan_of("order_query", **{"concurrency": 2, **settings})
    )
    assert both == ()
    assert field in [difference.name for difference in row.differences]
    assert [metric.answer for metric in row.metrics] == [Answer.NOT_COMPARABLE]


def test_what_decides() -> None:
    """Mean and throughput, or what the scenario's requirements speak of; a mix is one thing."""
    scenario, plan = make_scenario(make_order()), plan_of()
    limit = Requirement(
        subject="order_query", metric=Metric.P95, limit=1, source="test_config", position=HERE
    )
    asked = PlannedRun(scenario=replace(scenario, requirements=(limit,)), plan=plan)
    assert gating_of_unit(asked, "order_query", ["order_query"]) == {"order_query": {Metric.P95}}
    assert gating_of_unit(asked, "order_create", ["order_create"]) == {"order_create": DEFAULT}
    assert gating_of_unit(asked, "mix", ["order_query", "order_create"]) == {
        "mix": DEFAULT,
        "order_query": {Metric.P95},
        "order_create": frozenset(),
    }


def test_one_difference_at_a_time() -> None:
    """Two of them would leave open which one a change came from."""
    with pytest.raises(UsageError, match="--dsn-b and --before and --after: one difference at a time"):
        AbRequest(run=RunRequest(), dsn_b="postgresql:///b", after=Path("x.sql"))


def test_exit_codes_stand_in_their_order() -> None:
    """A signal, a failure, a regression, an open question, success."""
    same, worse = make_row(), make_row(answer=Answer.CHANGE, fails=True)
    open_ = make_row(answer=Answer.INCONCLUSIVE)
    assert ab_exit_code(make_result(same)) is ExitCode.OK
    assert ab_exit_code(make_result(same, open_)) is ExitCode.UNPROVEN
    assert ab_exit_code(make_result(worse, open_)) is ExitCode.FAILED
    assert ab_exit_code(make_result(worse, incomplete="lost")) is ExitCode.RUN
    interrupted = make_result(worse, incomplete="interrupted", signal=ExitCode.SIGINT)
    assert ab_exit_code(interrupted) is ExitCode.SIGINT
    assert ab_exit_code(make_result(make_row(is_gating=False))) is ExitCode.UNPROVEN
