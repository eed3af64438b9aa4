"""What is added to a plan beside the documents."""

from __future__ import annotations

from pathlib import Path

from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest
from perfengine.model.requirement import Metric
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_MS

ORDER = Path(__file__).parents[3] / "scenarios" / "order.yaml"
FILTER = LoadSettings(filters=("order_create", "order_query", "single_order_confirm"))


def test_default_requirements() -> None:
    """They come after those of the documents, on what is run, and their percentiles will be counted exactly."""
    plain = plan_run(RunRequest(paths=(ORDER,), load=FILTER)).scenario.requirements
    planned = plan_run(RunRequest(paths=(ORDER,), load=FILTER, default_requirements=True))
    requirements = planned.scenario.requirements
    assert requirements[: len(plain)] == plain
    added = {(one.subject, one.metric): one.limit for one in requirements[len(plain) :]}
    assert added[None, Metric.CONCURRENT_USERS] == 1000
    assert added["order_create", Metric.P95] == 200 * NS_PER_MS
    run = {one.operation.name for phase in planned.plan.phases for one in phase.operations}
    assert {subject for subject, _ in added if subject} <= run
    assert not any(one.internal for one in requirements[len(plain) :])


def test_repeats_reach_the_plan() -> None:
    """As asked; once unless."""
    planned = plan_run(RunRequest(paths=(ORDER,), load=FILTER, repeats=3, stabilise=True))
    assert (planned.repeats, planned.stabilise) == (3, True)
    plain = plan_run(RunRequest(paths=(ORDER,), load=FILTER))
    assert (plain.repeats, plain.stabilise) == (1, False)
