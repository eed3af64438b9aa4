"""The ceiling in its file: kept whole and private, used on its own machine only, never in a run's way."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfengine.engine import ceiling
from perfengine.engine.ceiling import (
    Calibration,
    Limit,
    calibration_path,
    store_calibration,
    stored_calibration,
    stored_ceiling,
    this_machine,
    with_share,
)
from perfengine.engine.progress import Progress
from perfengine.engine.watching import ceiling_of
from perfengine.errors import PerfengineError
from perfengine.model.measurement import GeneratorState, ProcessCost
from perfengine.model.series import Ceiling
from tests.builders import make_operation, make_summary

CALIBRATION = Calibration(
    rate_per_s=31200.0,
    rate_per_s_min=30100.0,
    rate_per_s_max=31900.0,
    seconds=5,
    clients=50,
    cpu_us_per_attempt=27.3,
    busy_share=0.99,
    run_queue_share=0.01,
    null_server_busy_share=0.6,
    limit=Limit.LOAD_PROCESS,
    measured_at="2026-03-01T12:00:00+00:00",
)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a state directory of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def change(**parts: Any) -> None:
    """Store the calibration and change parts of the document, `None` takes one out."""
    path = store_calibration(CALIBRATION)
    document = {**json.loads(path.read_text()), **parts}
    path.write_text(json.dumps({key: part for key, part in document.items() if part is not None}))


def test_what_is_kept_comes_back(state: Path) -> None:
    """The calibration as it was, and the figure that runs refer to."""
    assert store_calibration(CALIBRATION) == state / "perfengine" / "calibration.json"
    assert stored_calibration() == CALIBRATION
    assert stored_ceiling() == Ceiling(rate_per_s=31200.0, measured_at=CALIBRATION.measured_at)


def test_it_is_ours_alone(state: Path) -> None:
    """Directories that are made get mode 0700, the file 0600, and nothing else is left beside it."""
    path = store_calibration(CALIBRATION)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (state, path.parent, path)] == [
        0o700,
        0o700,
        0o600,
    ]
    assert list(path.parent.iterdir()) == [path]


def test_the_share_is_that_of_the_load_processes_that_carried_it() -> None:
    """A phase of one client has one load process, though another phase of the run has four.

    What it did was divided by all of them: a load process at nearly all that it can seemed to have time to spare.
    """
    store_calibration(CALIBRATION)
    progress = Progress(processes=4)
    for name, processes, attempts in (("busy", 1, 24_960), ("spread", 4, 31_200)):
        summary = make_summary([1] * attempts, operation=make_operation(name))
        costs = (ProcessCost(wall_ns=1, cpu_ns=1),) * processes
        measurement = replace(summary.measurement, generator=GeneratorState(processes=costs))
        progress.summaries.append(replace(summary, phase=name, measurement=measurement))
    found = ceiling_of(progress)
    assert found is not None
    assert found.share == pytest.approx(0.8)


def test_the_newest_counts() -> None:
    """A calibration takes the place of the one before."""
    store_calibration(CALIBRATION)
    store_calibration(replace(CALIBRATION, rate_per_s=40000.0))
    found = stored_ceiling()
    assert found is not None
    assert found.rate_per_s == 40000.0


def test_a_calibration_that_fails_leaves_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written beside the place and moved there: when the move fails, the old one stands alone."""
    path = store_calibration(CALIBRATION)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PerfengineError, match="No space left on device"):
        store_calibration(replace(CALIBRATION, rate_per_s=1.0))
    assert stored_calibration() == CALIBRATION
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named(state: Path) -> None:
    """Where, why, and what to do."""
    state.write_text("a file, not a directory")
    with pytest.raises(PerfengineError, match=r"calibration\.json cannot be written: .*Set XDG_STATE_HOME"):
        store_calibration(CALIBRATION)
    assert stored_ceiling() is None


@pytest.mark.parametrize("named", ["", "relative/state"])
def test_the_usual_place(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an absolute XDG_STATE_HOME it is ~/.local/state."""
    monkeypatch.setenv("XDG_STATE_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert calibration_path() == tmp_path / ".local" / "state" / "perfengine" / "calibration.json"


def test_without_a_file_there_is_none(state: Path) -> None:
    """Not calibrated; and asking makes nothing."""
    assert stored_ceiling() is None
    assert not state.exists()


@pytest.mark.parametrize("part", ["cpu_model", "cpus", "python", "asyncpg", "uvloop", "perfengine"])
def test_of_another_machine_it_says_nothing(part: str) -> None:
    """Whichever part of the machine or its versions differs, the figure is not used."""
    store_calibration(CALIBRATION)
    machine = json.loads(calibration_path().read_text())["machine"]
    assert set(machine) == {"cpu_model", "cpus", "python", "asyncpg", "uvloop", "perfengine"}
    change(machine={**machine, part: "another"})
    assert stored_ceiling() is None


def test_a_machine_says_which_it_is() -> None:
    """No part is empty where there is something to say."""
    machine = this_machine()
    assert machine.cpu_model
    assert machine.cpus >= 1
    assert machine == this_machine()


def test_a_processor_without_a_name_has_its_architecture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system names no model, the architecture stands for it."""
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nBogoMIPS\t: 48.00\n")
    monkeypatch.setattr(ceiling, "_CPU_MODELS", tmp_path / "cpuinfo")
    assert this_machine().cpu_model
    monkeypatch.setattr(ceiling, "_CPU_MODELS", tmp_path / "missing")
    assert this_machine().cpu_model


@pytest.mark.parametrize(
    "parts",
    [
        {"version": 2},
        {"version": None},
        {"machine": None},
        {"calibration": None},
        {"calibration": []},
        {"calibration": {}},
        {"calibration": {"limit": "load process", "rate_per_s": 1.0}},
    ],
)
def test_a_document_of_another_kind_is_not_used(parts: dict[str, Any]) -> None:
    """A part that is missing or strange: not calibrated."""
    change(**parts)
    assert stored_ceiling() is None


@pytest.mark.parametrize(
    "field", [{"rate_per_s": 0}, {"rate_per_s": -1.0}, {"rate_per_s": "fast"}, {"rate_per_s": float("nan")},
              {"rate_per_s": float("inf")}, {"rate_per_s": None}, {"measured_at": "yesterday"},
              {"measured_at": 5}, {"limit": "sky"}, {"unknown": 1}]
)  # fmt: skip
def test_a_figure_that_is_none_is_not_used(field: dict[str, Any]) -> None:
    """A rate is above 0 and finite, a time is one."""
    calibration = json.loads(store_calibration(CALIBRATION).read_text())["calibration"]
    change(calibration={**calibration, **field})
    assert stored_ceiling() is None


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_in_the_file_no_run_fails(data: bytes) -> None:
    """Bytes that are no calibration are none."""
    store_calibration(CALIBRATION).write_bytes(data)
    assert stored_ceiling() is None


@pytest.mark.parametrize("data", [b"[" * 60_000, b" " * (1 << 20), b"", b"null", b"1e999"])
def test_neither_depth_nor_length_harms(data: bytes) -> None:
    """Nested without end, or long: not calibrated."""
    store_calibration(CALIBRATION).write_bytes(data)
    assert stored_ceiling() is None


def test_a_pipe_in_its_place_is_not_waited_for() -> None:
    """Only a file is read."""
    path = store_calibration(CALIBRATION)
    path.unlink()
    os.mkfifo(path)
    assert stored_ceiling() is None


def test_the_share_of_a_run() -> None:
    """The busiest process's rate over the ceiling; above 1 is said as it is."""
    found = Ceiling(rate_per_s=20000.0, measured_at="2026-03-01T12:00:00+00:00")
    assert with_share(found, 5000.0).share == 0.25
    assert with_share(found, 22000.0).share == pytest.approx(1.1)
    assert found.share is None
