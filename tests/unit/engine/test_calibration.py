"""What follows from a measurement against the null server, and what is said of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from perfengine.engine.calibration import Calibrated, calibration_of, lines_of
from perfengine.engine.ceiling import Calibration, Limit, calibration_path
from perfengine.engine.null_load import LoadFigures
from perfengine.errors import InternalError
from perfengine.model.measurement import GeneratorState, Interval, Measurement, ProcessCost, SecondCounts
from perfengine.model.outcome import Failure, Outcome
from perfengine.units import NS_PER_S

FAILURE = Failure(
    outcome=Outcome.ERROR, sqlstate="26000", error_class="statement", message="no such statement"
)


def measured(*ok: int, cpu: float = 0.97, run_queue: float = 0.01) -> LoadFigures:
    """Return figures with so many ok attempts in each second, and these shares of its time."""
    wall_ns = len(ok) * NS_PER_S
    return LoadFigures(
        ok=Counter(dict(enumerate(ok))),
        attempts=sum(ok),
        wall_ns=wall_ns,
        cpu_ns=round(cpu * wall_ns),
        run_queue_ns=round(run_queue * wall_ns),
    )


def calibrated(figures: LoadFigures, null_server: float = 0.6, clients: int = 50) -> Calibration:
    """Return the calibration, of as many seconds as there are."""
    return calibration_of(figures, null_server, clients=clients, seconds=len(figures.ok))


def interval(second: int, ok: int, cpu_ns: int, failures: dict[Failure, int] | None = None) -> Interval:
    """Return an interval within one second."""
    failures = failures or {}
    bad = sum(failures.values())
    return Interval(
        process=0,
        elapsed_ns=(second + 1) * NS_PER_S,
        operations=(Measurement(operation="point_select", attempts=ok + bad, failures=failures),),
        seconds=({second: SecondCounts(due=ok + bad, ok=ok, bad=bad)},),
        generator=GeneratorState(
            processes=(ProcessCost(wall_ns=NS_PER_S // 2, cpu_ns=cpu_ns, run_queue_ns=10),)
        ),
    )


def test_figures_are_the_sum_of_all_intervals() -> None:
    """Seconds that two intervals share, costs and failures add."""
    figures = LoadFigures()
    for one in (interval(0, 100, 7), interval(0, 50, 8), interval(1, 70, 9, {FAILURE: 2})):
        figures.take(one)
    assert figures.ok == {0: 150, 1: 70}
    assert figures.attempts == 222
    assert figures.failures == {"no such statement": 2}
    assert (figures.wall_ns, figures.cpu_ns, figures.run_queue_ns) == (3 * NS_PER_S // 2, 24, 30)


def test_the_ceiling_is_the_median_second() -> None:
    """With the slowest and the fastest second beside it, and what an attempt cost."""
    found = calibrated(measured(30000, 31000, 10000, 32000, 31500))
    assert (found.rate_per_s_min, found.rate_per_s, found.rate_per_s_max) == (10000, 31000, 32000)
    assert found.cpu_us_per_attempt == pytest.approx(0.97 * 5 * 1e6 / 134500)
    assert found.limit is Limit.LOAD_PROCESS
    assert found.busy_share == pytest.approx(0.98)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(found.measured_at)).total_seconds()) < 60


def test_a_second_begun_after_the_time_does_not_count() -> None:
    """Attempts in flight at the end fall into a second more: it is left out."""
    found = calibration_of(measured(30000, 31000, 2), 0.5, clients=50, seconds=2)
    assert found.rate_per_s_min == 30000


@pytest.mark.parametrize(
    ("cpu", "run_queue", "null_server", "limit"),
    [
        (0.97, 0.00, 0.80, Limit.LOAD_PROCESS),
        (0.60, 0.38, 0.40, Limit.PROCESSORS),  # wanted a processor, others had it
        (0.80, 0.00, 0.98, Limit.NULL_SERVER),
        (0.95, 0.00, 0.96, Limit.NULL_SERVER),
        (0.40, 0.01, 0.30, Limit.CLIENTS),
    ],
)
def test_which_process_was_the_limit(cpu: float, run_queue: float, null_server: float, limit: Limit) -> None:
    """The busier one; neither of them when the load process had time to spare."""
    assert calibrated(measured(100, 100, cpu=cpu, run_queue=run_queue), null_server).limit is limit


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (
            LoadFigures(attempts=1, ok=Counter({0: 9}), failures=Counter({"no such row": 1})),
            "1 attempts in 1 s, no such row",
        ),
        (LoadFigures(), "0 attempts in 1 s, none failed"),
        (LoadFigures(attempts=9, ok=Counter({1: 9})), "9 attempts in 1 s, none failed"),
    ],
)
def test_a_measurement_that_went_wrong_is_no_ceiling(bad: LoadFigures, words: str) -> None:
    """Failed attempts, or nothing done in half of the seconds: an error with what happened."""
    with pytest.raises(InternalError, match=f"not loaded as it should be: {words}"):
        calibration_of(bad, 0.5, clients=1, seconds=1)


def test_the_words_of_a_ceiling() -> None:
    """One line with the figure, one with what it means, one with where it is."""
    found = calibrated(measured(31204, 30149, 31899, 31000, 31300))
    lines = Calibrated(calibration=found, path=calibration_path()).lines()
    assert lines == [
        (
            "ceiling: 31 200 operations/s of one load process (median of 5 s, 30 100..31 900), 31.2 us CPU each, "
            "50 clients"
        ),
        "   what it does at most: select a row by its key, from a server that answers at once and does no work",
        f"kept in {calibration_path()}, for this machine and these versions",
    ]


def test_the_words_of_a_lower_bound() -> None:
    """When the null server was the limit, or the clients were too few, the figure is a least one and says why."""
    lines = lines_of(calibrated(measured(950, cpu=0.8, run_queue=0.0), 0.97))
    assert lines[0].startswith("ceiling: at least 950 operations/s")
    assert lines[2] == "   the null server was the limit: it ran 97 % of the time, the load process 80 %"
    lines = lines_of(calibrated(measured(950, cpu=0.4), 0.3, clients=1))
    assert lines[0].startswith("ceiling: at least 950 operations/s")
    assert lines[0].endswith(" 1 client")
    assert lines[2].startswith("   1 client kept the load process at work only 41 % of the time")


def test_the_words_of_a_busy_machine() -> None:
    """When others had the processor, the figure is a least one; with few clients the null server was among them."""
    lines = lines_of(calibrated(measured(20000, cpu=0.7, run_queue=0.25)))
    assert lines[0].startswith("ceiling: at least 20 000 operations/s")
    assert lines[2].startswith("   the load process waited for a processor 25 % of the time")
    assert lines[2].endswith("repeat it when the machine is quiet")
    lines = lines_of(calibrated(measured(20000, cpu=0.53, run_queue=0.43), 0.4, clients=1))
    assert lines[0].startswith("ceiling: at least 20 000 operations/s")
    assert lines[2].endswith("take more clients with --concurrency")
    lines = lines_of(calibrated(measured(20000, cpu=0.92, run_queue=0.07)))
    assert lines[0].startswith("ceiling: 20 000 operations/s")
    assert "waited for a processor 7 % of the time" in lines[2]


def test_the_document_says_all_of_it() -> None:
    """Figures, the machine and the place, in base units."""
    document = Calibrated(calibration=calibrated(measured(100)), path=calibration_path()).document()
    assert document["rate_per_s"] == 100
    assert document["machine"]["cpus"] >= 1
    assert document["kept_in"].endswith("calibration.json")
