"""Attempts that are due when the schedule says so: each is made, dropped or unfinished, and none is forgotten."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler import rounds
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.integration.engine.commands import running
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import run_documents

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.summary import OperationSummary, StageSummary
    from tests.integration.engine.looking import Onlooker

pytestmark = pytest.mark.timed

RATED = """\
    model: open
    rate: {rate}/s
    arrival: {arrival}
    duration: 1s
    warmup: 0
    ops:
      read: {{sql: SELECT 1}}
      slow: {{sql: SELECT pg_sleep(0.05)}}
      numbered: {{sql: "SELECT :number::int", params: {{number: sequence}}}}  # which cannot start over
"""


def due(summary: OperationSummary) -> int:
    """Return how many attempts were due, counted in each second of it."""
    measurement = summary.measurement
    assert summary.attempts + measurement.dropped + measurement.unfinished == summary.due
    return sum(second.due for second in measurement.seconds)


@pytest.mark.parametrize(("round_attempts", "processes"), [(100_000, 1), (100_000, 3), (150, 1), (150, 2)])
def test_every_arrival_of_the_schedule_is_made(
    database: str, monkeypatch: pytest.MonkeyPatch, round_attempts: int, processes: int
) -> None:
    """However many load processes share it, in however many rounds."""
    monkeypatch.setattr(rounds, "READ_ATTEMPTS", round_attempts)
    document = workload(RATED.format(rate=400, arrival="constant"))
    settings = LoadSettings(concurrency=6, processes=processes, filters=("numbered",))
    (summary,) = run_documents(database, PARCEL, document, settings=settings).operations
    assert summary.ok == summary.attempts == due(summary) == 400
    assert summary.measurement.rounds == (3 if round_attempts == 150 else 1)
    assert summary.latency is not None
    # until the last attempt, which is due within the second, has ended: pauses between rounds are no part of it
    over_ns = summary.measurement.measured_ns - NS_PER_S
    assert -0.05 * NS_PER_S < over_ns < 0.05 * NS_PER_S + summary.latency.maximum
    assert summary.cut_short is None


def test_arrivals_by_chance_are_the_same_for_any_number_of_processes(database: str) -> None:
    """Their number follows from the seed, and is about what the rate says."""
    document = workload(RATED.format(rate=400, arrival="poisson"))
    found = []
    for processes in (1, 2):
        settings = LoadSettings(concurrency=6, processes=processes, filters=("read",))
        (summary,) = run_documents(database, PARCEL, document, settings=settings).operations
        found.append(due(summary))
    assert found[0] == found[1] != 400
    assert found[0] == pytest.approx(400, abs=80)


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_too_much_is_dropped_and_counts_as_failed(database: str, processes: int) -> None:
    """Four clients serve 80 a second of the 200 that are due; four more may wait, the rest is dropped."""
    document = workload(RATED.format(rate=200, arrival="constant") + "    max_in_flight: 8\n")
    settings = LoadSettings(concurrency=4, processes=processes, filters=("slow",))
    (summary,) = run_documents(database, PARCEL, document, settings=settings).operations
    dropped = summary.measurement.dropped
    assert due(summary) == 200 == summary.ok + dropped
    assert 80 <= dropped < 200  # all that come while the machine stands still come at once
    assert summary.availability == pytest.approx(summary.ok / 200)
    assert summary.error_rate == 0
    assert summary.lateness is not None
    assert summary.lateness.maximum > 20e6
    assert summary.lateness.percentiles[50.0] < 80e6  # four before it, on four clients


STAGES = """\
    warmup: 0
    stages:
      - {{duration: 1s, target: {level}{unit}}}
      - {{duration: 500ms, target: {level}{unit}}}
      - {{duration: 0s, target: 0{unit}}}
    ops: {{slow: {{sql: SELECT pg_sleep(0.01)}}}}
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_a_rate_that_rises_is_that_of_its_stages(database: str, processes: int) -> None:
    """A ramp from 0 to 200 a second makes half of that in its second; a plateau all of it."""
    document = workload(STAGES.format(level=200, unit="/s"))
    settings = LoadSettings(processes=processes, filters=("slow",))
    (summary,) = run_documents(database, PARCEL, document, settings=settings).operations
    assert [stage.ok + stage.bad + stage.dropped for stage in summary.stages] == [
        pytest.approx(100, abs=1), pytest.approx(100, abs=1), 0
    ]  # fmt: skip
    assert sum(stage.ok for stage in summary.stages) == summary.ok == due(summary)


@pytest.mark.parametrize("processes", [1, 2])
def test_users_come_and_go_with_the_stages(database: str, processes: int) -> None:
    """Eight users of whom each makes at most a hundred attempts a second, half of them on average in the ramp.

    By Little's law the time that attempts took, all together, is that of the users who were there: four seconds in
    the ramp, and four in the plateau. An attempt counts whole where it began, and so far the sums may be wrong.
    """
    document = workload(STAGES.format(level=8, unit=""))
    settings = LoadSettings(processes=processes, filters=("slow",))
    (summary,) = run_documents(database, PARCEL, document, settings=settings).operations
    ramp, plateau, _ = summary.stages
    assert summary.concurrency == 8
    assert summary.latency is not None
    slack_s = 8 * summary.latency.maximum / NS_PER_S
    ramp_s, plateau_s = (user_time_s(stage) for stage in (ramp, plateau))
    assert ramp_s + plateau_s > 6 - slack_s
    assert max(ramp_s, plateau_s) < 5 + slack_s  # twice as long, half as many
    assert max(ramp.ok, plateau.ok) <= 410
    assert summary.attempts == summary.ok


def user_time_s(stage: StageSummary) -> float:
    """Return the time that the attempts of a stage took, all together."""
    return stage.ok * stage.latency.mean / NS_PER_S if stage.latency else 0.0


def test_a_signal_loses_no_arrival(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """What was due until then is made or counted; what lay in the future was never due."""
    document = workload(RATED.format(rate=300, arrival="constant").replace("duration: 1s", "duration: 2m"))
    (tmp_path / "parcel.yaml").write_text(f"{PARCEL}{document}")
    options = ("--filter", "read", "--processes", "2", "--report", "result.json", "--dsn", inhabited)
    with running(tmp_path, "run", "parcel.yaml", *options) as command:
        command.wait_until_it_says("phase=measure")
        command.wait_until_it_says("t=")
        onlooker.wait_for("SELECT count(*) > 2 FROM pg_stat_activity WHERE query LIKE '%SELECT 1%'")
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 130, command.stderr
    entry = json.loads((tmp_path / "result.json").read_text())["results"]["read"]
    outcomes = entry["outcomes"]
    made = sum(outcomes[name] for name in ("ok", "refused", "error", "timeout", "starved"))
    assert (
        outcomes["due"]
        == made + outcomes["dropped"] + outcomes["unfinished"]
        == sum(entry["per_second"]["due"])
    )
    assert (outcomes["ok"], outcomes["error"]) == (made, 0)
    # measured until the last one has ended, which takes long on a machine that stands still
    shortest_s = entry["measured"] - entry["max"]
    assert 300 * shortest_s * 0.8 - 30 < made < 300 * entry["measured"] * 1.2 + 30
