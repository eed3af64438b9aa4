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

BURN_S = 0.005
RATE = 260  #: a process that does nothing else burns 200 times a second
SLOW_RUNS, HEALTHY_RUNS = 10, 20


async def burn(client: perfengine.Client) -> None:
    """Keep the processor busy, as a client that does much with what it reads."""
    await client.fetchval("SELECT 1")
    began = time.thread_time()
    while time.thread_time() - began < BURN_S:
        pass


async def read(client: perfengine.Client) -> None:
    """Do next to nothing."""
    await client.fetchval("SELECT 1")


@pytest.mark.parametrize("number", range(SLOW_RUNS))
def test_a_slow_generator_is_reported_as_saturated(database: str, tmp_path: Path, number: int) -> None:
    """At a rate that it cannot reach it does not hold the missing attempts against the database."""
    limits = tmp_path / "limits.yaml"
    limits.write_text(f"requirements: {{load: {{requests_per_second: {RATE - 5}}}}}\n")
    result = perfengine.run(
        burn,
        dsn=database,
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
def test_a_healthy_generator_never_is(database: str, number: int) -> None:
    """At a low rate it has time to spare, and judges."""
    result = perfengine.run(
        read,
        dsn=database,
        rate=50,
        duration="1s",
        concurrency=4,
        seed=number,
        requirements={"read": {"mean": "1s"}},
    )
    (summary,) = result.operations
    assert not summary.saturated, summary.generator_share
    assert (summary.ok, summary.due) == (50, 50)
    assert [one.verdict for one in result.judgements] == [Verdict.PASS]
