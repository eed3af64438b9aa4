"""What watching costs, from the costs of rounds."""

from __future__ import annotations

import pytest

from benchmarks.live import ALL, LIMIT, LIVE, QUIET, Cost, observations


def cost(cpu_s: float, parent_cpu_s: float, operations: int = 100_000) -> Cost:
    """Return the cost of a run of ten seconds."""
    return Cost(operations=operations, failures=0, wall_s=10, cpu_s=cpu_s, parent_cpu_s=parent_cpu_s)


def test_ratios_are_taken_inside_a_round() -> None:
    """A machine that is half as fast in one round makes all of its runs slow, and no ratio."""
    rounds = [
        {QUIET: cost(slow * 10, 0.1), LIVE: cost(slow * 10.1, 0.2), ALL: cost(slow * 10.4, 0.3, 90_000)}
        for slow in (1, 2, 1)
    ]
    seen = {one.name: one for one in observations(rounds)}
    ratio = seen["live view / quiet, CPU per operation"]
    assert (ratio.spread.low, ratio.spread.high) == pytest.approx((1.01, 1.01))
    assert ratio.holds
    added = seen["live view, CPU that it adds to the parent, over that of the quiet tree"]
    assert (added.spread.low, added.spread.median) == pytest.approx((0.005, 0.01))
    assert added.at_most == LIMIT
    assert not seen["live view and all exporters / quiet, CPU per operation"].holds
    assert seen["live view and all exporters / quiet, operations/s"].spread.median == pytest.approx(0.9)
    assert seen["live view, CPU of the parent"].spread.median == pytest.approx(2.0)
