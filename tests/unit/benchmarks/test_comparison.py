"""Ratios inside a round, and the limits on them."""

from __future__ import annotations

from benchmarks.comparison import CPU, RATE, hold_to_limits, ratio_of
from benchmarks.contests import MIX_LIMITS, POINT_LIMITS
from benchmarks.run_arm import Figures
from benchmarks.tables import render_contest


def figures(rate_per_s: float, cpu_us: float) -> Figures:
    """Return ten seconds at that rate and that cost."""
    operations = rate_per_s * 10
    return Figures(
        operations=operations,
        wall_s=10,
        cpu_s=operations * cpu_us / 1e6,
        peak_pss_bytes=30 << 20,
        peak_rss_bytes=40 << 20,
    )


def rounds(perfengine_rate: float, perfengine_cpu: float) -> list[dict[str, Figures]]:
    """Return nine rounds on a machine that slows down, with the same ratios in each."""
    return [
        {
            "perfengine": figures(perfengine_rate / slow, perfengine_cpu * slow),
            "bare asyncpg": figures(20_000 / slow, 20 * slow),
            "pgbench": figures(30_000 / slow, 8 * slow),
        }
        for slow in (1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4, 2.6)
    ]


def test_a_ratio_is_taken_inside_its_round() -> None:
    """A machine that slows down over the rounds does not widen the ratio."""
    spread = ratio_of(RATE, "perfengine", "bare asyncpg", rounds(19_000, 22))
    assert (round(spread.low, 9), round(spread.high, 9)) == (0.95, 0.95)


def test_limits_hold_on_the_right_side() -> None:
    """Less CPU and more operations hold; a missing arm is not judged."""
    held = hold_to_limits(POINT_LIMITS, rounds(19_000, 22))
    assert {(h.limit.metric.name, h.limit.other, h.holds) for h in held} == {
        (CPU.name, "bare asyncpg", True),
        (RATE.name, "bare asyncpg", True),
        (RATE.name, "pgbench", True),
    }


def test_limits_miss_on_the_wrong_side() -> None:
    """More CPU and fewer operations miss."""
    assert not any(h.holds for h in hold_to_limits(POINT_LIMITS, rounds(16_000, 26)))


def test_a_contest_has_limits_of_its_own() -> None:
    """A mix may cost more than an operation alone, and its rate is not judged."""
    (cost,) = hold_to_limits(MIX_LIMITS, rounds(10_000, 25.9))
    assert (cost.limit.metric, cost.limit.bound, cost.holds) == (CPU, 1.3, True)


def test_the_table_names_what_it_shows() -> None:
    """Every metric, every arm, every limit has its line."""
    text = render_contest("account_query", POINT_LIMITS, rounds(19_000, 22))
    assert "account_query: median of 9 rounds [interval of 96.1% confidence]" in text
    assert text.count("perfengine ") == 3 + 3
    assert "holds  perfengine ÷ bare asyncpg, CPU µs/operation: 1.100 [1.100, 1.100] <= 1.25" in text
