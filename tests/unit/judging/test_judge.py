"""All limits of a run together, and what judging may import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from perfengine.judging.judge import judge, judge_so_far, limits_to_count, violated_so_far
from perfengine.model.load import ClosedLoad, Stage
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Verdict
from perfengine.units import NS_PER_MS
from tests.builders import make_operation, make_requirement, make_service_level, make_summary
from tests.loads import with_load

MS = NS_PER_MS
ROOT = Path(__file__).parents[3]


def test_every_limit_is_answered_in_order() -> None:
    """Requirements come first, then service levels, each as asked; none is lost."""
    summary = make_summary([MS] * 10)
    judgements = judge(
        [
            make_requirement(Metric.P95),
            make_requirement(subject="nobody"),
            make_requirement(Metric.THROUGHPUT, 5, subject=None),
        ],
        [make_service_level(availability="0.9", error_budget="0.1")],
        [summary],
        [summary.operation],
    )
    assert [(judged.subject, judged.metric) for judged in judgements] == [
        ("single_order_confirm", "p95"),
        ("nobody", "mean"),
        ("run", "requests_per_second"),
        ("single_order_confirm", "availability"),
        ("single_order_confirm", "error_budget"),
    ]


def test_nothing_asked() -> None:
    """Without a limit there is nothing to judge."""
    assert judge([], [], [make_summary([MS])], [make_operation()]) == ()


def test_violated_so_far() -> None:
    """The first requirement that the data so far violates is found, by the rules that hold at the end."""
    summary = make_summary([10 * MS] * 100)
    available = [summary.operation, make_operation("later")]
    held, missed, few = (
        make_requirement(metric, limit * MS)
        for metric, limit in ((Metric.P95, 20), (Metric.MEAN, 5), (Metric.P99, 1))
    )
    later = make_requirement(Metric.MEAN, 1, subject="later")
    assert violated_so_far([held, few, later], [summary], available) is None
    found = violated_so_far([held, few, later, missed], [summary], available)
    assert found is not None
    assert (found.verdict, found.requirement, found.observed) == (Verdict.FAIL, missed, 10 * MS)
    assert violated_so_far([missed], [], available) is None


def test_a_rate_may_still_rise() -> None:
    """A floor on the rate of a load with stages is not judged before its end."""
    floor = make_requirement(Metric.THROUGHPUT, 500.0, subject=None)
    steady = with_load(make_summary([MS] * 100), ClosedLoad(users=5))
    found = violated_so_far([floor], [steady], [steady.operation])
    assert found is not None
    assert found.requirement is floor
    rising = ClosedLoad(users=5, stages=(Stage(duration_ns=1, target=5.0),))
    assert violated_so_far([floor], [with_load(steady, rising)], [steady.operation]) is None


def test_what_is_known_so_far() -> None:
    """Limits are judged as at the end; those of operations to come are open, and so is a rate that may still rise."""
    summary = with_load(make_summary([10 * MS] * 100), ClosedLoad(users=5))
    later = make_operation("later")
    limits = [
        make_requirement(Metric.P95, 20 * MS),
        make_requirement(Metric.MEAN, 5 * MS),
        make_requirement(Metric.MEAN, 1, subject="later"),
        make_requirement(Metric.THROUGHPUT, 500.0, subject=None),
    ]
    verdicts = [Verdict.PASS, Verdict.FAIL, Verdict.UNPROVEN, Verdict.FAIL]
    known = judge_so_far(limits, [], [summary], [summary.operation, later])
    assert [judged.verdict for judged in known] == verdicts
    rising = with_load(summary, ClosedLoad(users=5, stages=(Stage(duration_ns=1, target=5.0),)))
    known = judge_so_far(limits, [], [rising], [summary.operation, later])
    assert [judged.verdict for judged in known] == [*verdicts[:3], Verdict.UNPROVEN]


def test_limits_to_count() -> None:
    """The recorder counts at every percentile limit of an operation, by whatever name it was asked."""
    confirm = make_operation(aliases=("order_confirm",))
    ship = make_operation("single_order_ship")
    counted = limits_to_count(
        [
            make_requirement(Metric.P95, 100 * MS, subject="single_transition"),
            make_requirement(Metric.P99, 300 * MS, subject="order_confirm"),
            make_requirement(Metric.MEAN, 50 * MS),
            make_requirement(Metric.P95, MS, subject="nobody"),
            make_requirement(Metric.ERROR_RATE, 0.01, subject=None),
        ],
        [
            make_service_level("order_confirm", response_time_p95_ns=200 * MS),
            make_service_level("order_confirm", availability="0.9"),
        ],
        [confirm, ship],
    )
    assert counted == {
        "single_order_confirm": (100 * MS, 200 * MS, 300 * MS),
        "single_order_ship": (100 * MS,),
    }


JUDGE_A_SERVICE_LEVEL = """
import sys
from perfengine.judging.service_levels import judge_service_level
from tests.builders import make_failure, make_service_level, make_summary

def judge(failed):
    summary = make_summary([1000] * 100, failures={make_failure(): failed} if failed else {})
    judge_service_level(make_service_level(availability="0.9"), [summary], [summary.operation])

judge(0)
print("clean", any(name.startswith("scipy") for name in sys.modules))
judge(3)
print("special", "scipy.special" in sys.modules)
print("stats", "scipy.stats" in sys.modules)
"""


def test_scipy_is_imported_late_and_little() -> None:
    """A clean run needs no scipy at all; bounds on failures need scipy.special, and never scipy.stats."""
    done = subprocess.run(
        [sys.executable, "-c", JUDGE_A_SERVICE_LEVEL],
        capture_output=True,
        text=True,
        check=True,
        timeout=110,
        cwd=ROOT,
    )
    assert done.stdout.split("\n")[:3] == ["clean False", "special True", "stats False"]
