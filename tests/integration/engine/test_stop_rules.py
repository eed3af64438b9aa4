"""What ends a run before its time: a limit that is violated, too many errors, and no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.phase_watch import LEAST_ATTEMPTS
from perfengine.errors import ExitCode
from perfengine.judging.exit_code import exit_code
from perfengine.model.result import Ending
from perfengine.model.settings import LoadSettings
from perfengine.model.verdict import Verdict
from perfengine.units import NS_PER_S
from tests.integration.engine.looking import SANDBOXES
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import run_documents

if TYPE_CHECKING:
    from tests.integration.engine.looking import Onlooker

pytestmark = pytest.mark.timed

ABORTING = workload("""\
    mode: benchmark
    duration: 60s
    warmup: 0
    stop: {abort_on_fail: true, abort_delay: DELAY}
    ops:
      slow: {sql: SELECT pg_sleep(0.01), requirements: {p50: 1ms}}
      later: {sql: SELECT 1}
""")


#: A minute was asked for: what ended before this was ended by a rule, however slow the machine is.
LONG_BEFORE_NS = 30 * NS_PER_S


@pytest.mark.parametrize(("delay", "processes", "least_s"), [("0s", 1, 0.5), ("2s", 2, 2.0)])
def test_a_limit_that_is_violated_ends_the_run(
    inhabited: str, onlooker: Onlooker, delay: str, processes: int, least_s: float
) -> None:
    """Not before the delay; the operations to come are not run, and the limit is judged as violated."""
    settings = LoadSettings(concurrency=4, processes=processes, filters=("slow", "later"))
    result = run_documents(inhabited, PARCEL, ABORTING.replace("DELAY", delay), settings=settings)
    (summary,) = result.operations
    assert least_s * NS_PER_S <= summary.measurement.measured_ns < LONG_BEFORE_NS
    assert summary.cut_short == "slow: p50 violates its limit"
    assert "stopped: slow: p50 violates its limit" in result.notes
    assert [one.verdict for one in result.judgements] == [Verdict.FAIL]
    assert exit_code(result) is ExitCode.FAILED
    assert onlooker.fetch(SANDBOXES) == []


def test_a_limit_that_holds_ends_nothing(inhabited: str) -> None:
    """The run goes on to its end."""
    document = ABORTING.replace("DELAY", "0s").replace("p50: 1ms", "p50: 5s").replace("60s", "1500ms")
    settings = LoadSettings(concurrency=4, filters=("slow", "later"))
    result = run_documents(inhabited, PARCEL, document, settings=settings)
    assert [(one.operation.name, one.cut_short) for one in result.operations] == [
        ("slow", None),
        ("later", None),
    ]
    assert result.ended is Ending.COMPLETE
    assert [one.verdict for one in result.judgements] == [Verdict.PASS]


FAILING = workload("""\
    mode: mix
    duration: 60s
    warmup: 0
    concurrency: 4
    mix: {good: 3, bad: 1}
    stop: {max_error_rate: RATE}
    ops:
      good: {sql: SELECT pg_sleep(0.005)}
      bad: {sql: "SELECT pg_sleep(0.005), 1 / :zero", params: {zero: {const: 0}}}
""")


def test_too_many_errors_end_the_run(inhabited: str, onlooker: Onlooker) -> None:
    """A quarter of all attempts fails: above a fifth the run has failed, with everything that was measured."""
    result = run_documents(inhabited, PARCEL, FAILING.replace("RATE", "0.2"))
    good, bad = result.operations
    assert good.ok == good.attempts > 0
    assert bad.error == bad.attempts > 0
    assert good.attempts + bad.attempts >= LEAST_ATTEMPTS
    assert good.measurement.measured_ns < LONG_BEFORE_NS
    assert good.cut_short is not None
    assert good.cut_short == bad.cut_short
    assert "above the 20.0% at which a run is stopped" in good.cut_short
    assert result.ended is Ending.FAILED
    assert result.incomplete == f"stopped: {good.cut_short}"
    assert exit_code(result) is ExitCode.RUN
    assert onlooker.fetch(SANDBOXES) == []


def test_fewer_errors_end_nothing(inhabited: str) -> None:
    """Below a half is not above it; so far below that the few attempts of a slow machine are, too."""
    document = FAILING.replace("RATE", "0.5").replace("60s", "1500ms")
    result = run_documents(inhabited, PARCEL, document)
    assert result.ended is Ending.COMPLETE
    assert [one.cut_short for one in result.operations] == [None, None]


@pytest.mark.parametrize(("duration_ns", "iterations"), [(NS_PER_S // 2, 1_000_000), (60 * NS_PER_S, 40)])
def test_whichever_comes_first_ends_a_phase(inhabited: str, duration_ns: int, iterations: int) -> None:
    """A duration and a number of iterations: neither is cut short by the other."""
    document = workload("{warmup: 0, ops: {sleep: {sql: SELECT pg_sleep(0.005)}}}")
    settings = LoadSettings(concurrency=2, duration_ns=duration_ns, iterations=iterations, filters=("sleep",))
    (summary,) = run_documents(inhabited, PARCEL, document, settings=settings).operations
    assert summary.cut_short is None
    assert summary.attempts == summary.ok
    if iterations == 40:
        assert summary.ok == 40
    else:
        assert 0 < summary.ok < 220
        assert 0.9 * duration_ns < summary.measurement.measured_ns < LONG_BEFORE_NS
