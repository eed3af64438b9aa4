"""A generator that is the limit says so, and one that is not does not, as far as the machine lets them run."""

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
#: Of ten measurements of half a second: a machine that stands still for as long is all that they measure.
HELD_UP = 3


async def burn(client: perfengine.Client) -> None:
    """Keep the processor busy, as a client that does much with what it reads."""
    await client.fetchval("SELECT 1")
    began = time.thread_time()
    while time.thread_time() - began < BURN_S:
        pass


def reading(number: int) -> Attempt:
    """Return an operation that does next to nothing."""

    @perfengine.operation(name=f"read_{number}", requirements={"mean": "10s"})
    async def read(client: perfengine.Client) -> None:
        await client.fetchval("SELECT 1")

    return read


def test_a_slow_generator_is_reported_as_saturated(dsn: str, tmp_path: Path) -> None:
    """At a rate that it cannot reach it does not hold the missing attempts against the database.

    A process that was stopped meanwhile neither ran nor waited for a processor then: it has shown nothing.
    """
    runs = [slow_run(dsn, tmp_path, number) for number in range(SLOW_RUNS)]
    saturated = [result for result in runs if result.operations[0].saturated]
    assert len(saturated) >= SLOW_RUNS - HELD_UP, [result.operations[0].generator_share for result in runs]
    for result in saturated:
        ((verdict, reason),) = {(one.verdict, one.reason) for one in result.judgements}
        assert (verdict, reason) == (Verdict.UNPROVEN, Reason.GENERATOR_SATURATED)
        assert result.standing is perfengine.Standing.UNPROVEN
        assert "saturated" in (tmp_path / f"{result.run_id}.txt").read_text()
        lateness = result.operations[0].lateness
        assert lateness is not None
        assert lateness.mean > 10 * NS_PER_MS


def slow_run(dsn: str, tmp_path: Path, number: int) -> perfengine.RunResult:
    """Return the result of a run whose generator is the limit; its report is named after it."""
    limits = tmp_path / "limits.yaml"
    limits.write_text(f"requirements: {{load: {{requests_per_second: {RATE - 5}}}}}\n")
    report = tmp_path / "result.txt"
    result = perfengine.run(
        burn,
        dsn=dsn,
        rate=RATE,
        duration="600ms",
        concurrency=4,
        seed=number,
        requirement_files=limits,
        reports=report,
    )
    report.rename(tmp_path / f"{result.run_id}.txt")
    return result


@pytest.mark.parametrize("number", range(HEALTHY_RUNS))
def test_a_healthy_generator_is_not(dsn: str, number: int) -> None:
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
    assert len([one.generator_share for one in result.operations if one.saturated]) <= HELD_UP
    assert [one.verdict for one in result.judgements] == [Verdict.PASS] * HEALTHY_A_RUN
