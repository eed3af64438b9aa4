"""A generator that is the limit says so, every time; one that is not never does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

import perfengine
from perfengine.model.verdict import Reason, Verdict
from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.custom.code import Attempt

pytestmark = pytest.mark.timed

BURN_S = 0.005
RATE = 260  #: a process that does nothing else burns 200 times a second
SLOW_RUNS = 10
#: What is measured apart and judged apart needs no run of its own.
HEALTHY_RUNS, HEALTHY_A_RUN = 2, 10


async def burn(client: perfengine.Client) -> None:
    """Keep the processor busy, as a client that does much with what it reads."""
    await client.fetchval("SELECT 1")
    began = time.thread_time()
    while time.thread_time() - began < BURN_S:
        pass


def reading(number: int) -> Attempt:
    """Return an operation that does next to nothing."""

    @perfengine.operation(name=f"read_{number}", requirements={"mean": "1s"})
    async def read(client: perfengine.Client) -> None:
        await client.fetchval("SELECT 1")

    return read


@pytest.mark.parametrize("number", range(SLOW_RUNS))
def test_a_slow_generator_is_reported_as_saturated(dsn: str, tmp_path: Path, number: int) -> None:
    """At a rate that it cannot reach it does not hold the missing attempts against the database."""
    limits = tmp_path / "limits.yaml"
    limits.write_text(f"requirements: {{load: {{requests_per_second: {RATE - 5}}}}}\n")
    result = perfengine.run(
        burn,
        dsn=dsn,
        rate=RATE,
        duration="600ms",
        concurrency=4,
        seed=number,
        requirement_files=limits,
        reports=tmp_path / "result.txt",
    )
    (summary,) = result.operations
    assert summary.saturated, summary.generator_share
    ((verdict, reason),) = {(one.verdict, one.reason) for one in result.judgements}
    assert (verdict, reason) == (Verdict.UNPROVEN, Reason.GENERATOR_SATURATED)
    assert result.standing is perfengine.Standing.UNPROVEN
    assert "saturated" in (tmp_path / "result.txt").read_text()
    assert summary.lateness is not None
    assert summary.lateness.mean > 10 * NS_PER_MS


@pytest.mark.parametrize("number", range(HEALTHY_RUNS))
def test_a_healthy_generator_never_is(dsn: str, number: int) -> None:
    """At a low rate it has time to spare, and judges."""
    result = perfengine.run(
        *(reading(each) for each in range(HEALTHY_A_RUN)),
        mode="benchmark",
        dsn=dsn,
        rate=50,
        duration="500ms",
        concurrency=4,
        seed=number,
    )
    assert [(one.ok, one.due) for one in result.operations] == [(25, 25)] * HEALTHY_A_RUN
    assert [one.generator_share for one in result.operations if one.saturated] == []
    assert [one.verdict for one in result.judgements] == [Verdict.PASS] * HEALTHY_A_RUN
