"""Requirements that stay open: where rows, time or the generator leave a doubt."""

from __future__ import annotations

import pytest

from perfengine.model.measurement import GeneratorState
from perfengine.model.requirement import Metric
from perfengine.model.summary import OperationSummary, RowCounts
from perfengine.model.verdict import Reason, Verdict
from perfengine.units import NS_PER_S
from tests.builders import count_latencies, make_summary
from tests.loads import with_measured
from tests.unit.judging.limits import ERROR, MS, STARVED, judge_one


@pytest.mark.parametrize("limit", [NS_PER_S, 1])
def test_starved(limit: int) -> None:
    """A starved attempt leaves every limit of its operation open, held or violated."""
    judgement = judge_one(Metric.MEAN, limit, make_summary([MS] * 9, failures={STARVED: 1}))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.STARVED)
    assert judgement.detail == "no row to work on in 1 of 10 attempts"


def test_effect_not_confirmed() -> None:
    """A limit stays open when the rows do not show what the ok attempts claim."""
    rows = RowCounts(at_start=100, expected=10, found=8, unexpected=1)
    judgement = judge_one(Metric.MEAN, NS_PER_S, make_summary([MS] * 10, rows=rows))
    assert (judgement.verdict, judgement.reason) == (Verdict.UNPROVEN, Reason.NOT_CONFIRMED)
    assert judgement.detail == "8 rows show the effect, 10 should, 1 of others do too"


def test_effect_confirmed() -> None:
    """Rows that show the effect of every ok attempt stand in no way."""
    rows = RowCounts(at_start=100, expected=10, found=10)
    assert judge_one(Metric.MEAN, NS_PER_S, make_summary([MS] * 10, rows=rows)).verdict is Verdict.PASS


def test_cut_short() -> None:
    """A phase cut short proves no limit, and can still violate one."""
    summary = make_summary([MS] * 10, cut_short="timeout of 30s")
    held = judge_one(Metric.MEAN, NS_PER_S, summary)
    assert (held.verdict, held.reason, held.detail) == (Verdict.UNPROVEN, Reason.CUT_SHORT, "timeout of 30s")
    assert judge_one(Metric.MEAN, 1, summary).verdict is Verdict.FAIL


def test_cut_short_explains_missing_samples() -> None:
    """Where samples are missing because the phase was cut short, both are said."""
    judgement = judge_one(Metric.P95, NS_PER_S, make_summary([MS] * 10, cut_short="timeout of 30s"))
    assert judgement.reason is Reason.TOO_FEW_SAMPLES
    assert judgement.detail == "needs 59 samples, has 10; timeout of 30s"


# --- a saturated generator ---------------------------------------------------------------------------------------

SLOW = make_summary([10 * MS] * 60, saturated=True, delay_ns={50.0: MS, 95.0: 3 * MS, 99.9: 9 * MS})


@pytest.mark.parametrize(
    ("metric", "limit_ms", "verdict"),
    [
        (Metric.MEAN, 10, Verdict.PASS),
        (Metric.MEAN, 9, Verdict.UNPROVEN),  # over by as much as the median delay
        (Metric.MEAN, 8, Verdict.FAIL),
        (Metric.P95, 7, Verdict.UNPROVEN),
        (Metric.P95, 6, Verdict.FAIL),
        (Metric.MIN, 8, Verdict.FAIL),
        (Metric.MAX, 1, Verdict.UNPROVEN),
    ],
)
def test_saturated_latency(metric: Metric, limit_ms: int, verdict: Verdict) -> None:
    """A violation no larger than the generator's own delay at that percentile is not held against the database."""
    judgement = judge_one(metric, limit_ms * MS, SLOW)
    assert judgement.verdict is verdict
    assert judgement.caution == ("generator saturated" if verdict is Verdict.PASS else "")
    assert judgement.reason is (Reason.GENERATOR_SATURATED if verdict is Verdict.UNPROVEN else None)


def late_by(delay_ns: int, summary: OperationSummary) -> OperationSummary:
    """Return the summary of a generator whose idle clients began two of a hundred attempts late."""
    late = count_latencies([0] * 98 + [delay_ns] * 2)
    return with_measured(summary, generator=GeneratorState(start_delay=late))


@pytest.mark.parametrize(
    ("limit_ms", "late_ms", "verdict", "caution"),
    [
        (20, 1, Verdict.PASS, ""),  # a twentieth of the limit, and not more
        (20, 2, Verdict.PASS, "generator saturated"),
        (9, 1, Verdict.UNPROVEN, ""),  # over by 1 ms, the delay is 1 ms
        (8, 1, Verdict.FAIL, ""),
        (9, 0, Verdict.FAIL, ""),
    ],
)
def test_late_beside_the_limit(limit_ms: int, late_ms: int, verdict: Verdict, caution: str) -> None:
    """A generator that begins attempts late by more than a twentieth of a latency limit cannot judge it alone."""
    summary = make_summary([10 * MS] * 300, delay_ns={99.0: late_ms * MS})
    judgement = judge_one(Metric.P99, limit_ms * MS, late_by(late_ms * MS, summary))
    assert (judgement.verdict, judgement.caution) == (verdict, caution)


def test_late_is_said_of_latencies_only() -> None:
    """How late attempts begin says nothing about a rate or a share of failures."""
    summary = late_by(NS_PER_S, make_summary([MS] * 50, failures={ERROR: 50}))
    assert judge_one(Metric.THROUGHPUT, 51.0, summary).verdict is Verdict.FAIL
    assert judge_one(Metric.ERROR_RATE, 0.1, summary).verdict is Verdict.FAIL


def test_saturated_and_dropped() -> None:
    """What a busy generator dropped is not held against the database, unless it is too slow without."""
    summary = make_summary([10 * MS] * 90, dropped=10, saturated=True, delay_ns={95.0: MS})
    open_ = judge_one(Metric.P95, 10 * MS, summary)
    assert (open_.verdict, open_.reason) == (Verdict.UNPROVEN, Reason.GENERATOR_SATURATED)
    assert open_.detail == "10 of 100 attempts were dropped, as a busy generator drops them too"
    assert judge_one(Metric.P95, 9 * MS, summary).verdict is Verdict.UNPROVEN
    assert judge_one(Metric.P95, 8 * MS, summary).verdict is Verdict.FAIL
    assert judge_one(Metric.P95, 10 * MS, make_summary([MS] * 90, dropped=10)).verdict is Verdict.FAIL


def test_saturated_detail() -> None:
    """The judgement names the violation and the delay that may explain it."""
    assert (
        judge_one(Metric.P95, 8 * MS, SLOW).detail == "over by 0.0020s, the generator's own delay is 0.0030s"
    )


def test_saturated_rate() -> None:
    """A rate that a saturated generator missed is open; one that it reached stands."""
    missed = judge_one(Metric.THROUGHPUT, 61.0, SLOW)
    assert (missed.verdict, missed.reason) == (Verdict.UNPROVEN, Reason.GENERATOR_SATURATED)
    reached = judge_one(Metric.THROUGHPUT, 60.0, SLOW)
    assert (reached.verdict, reached.caution) == (Verdict.PASS, "")


def test_saturated_failures() -> None:
    """A saturated generator explains no failed attempt."""
    summary = make_summary([MS] * 50, failures={ERROR: 50}, saturated=True, delay_ns={95.0: NS_PER_S})
    assert judge_one(Metric.ERROR_RATE, 0.1, summary).verdict is Verdict.FAIL
    assert judge_one(Metric.P95, MS, summary).verdict is Verdict.FAIL
