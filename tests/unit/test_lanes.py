"""Each test is in one step of one lane, whatever files come; the outcome of each step counts."""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.lanes import (
    AFTER_PURE,
    AFTER_TIMED,
    PURE,
    ROOMS,
    ROOT,
    TIMED,
    Step,
    lanes,
    run_lanes,
    temporary_files,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def files_of(step: Step) -> Iterator[Path]:
    """Yield the test files that a step has pytest collect."""
    words = [word for word in step.command if word.removeprefix("--ignore=").startswith("tests")]
    left_out = [ROOT / word.removeprefix("--ignore=") for word in words if word.startswith("--ignore=")]
    for word in words:
        place = ROOT / word
        found = place.rglob("test_*.py") if place.is_dir() else [place] if place.is_file() else []
        for path in found:
            if "node_modules" not in path.parts and not any(path.is_relative_to(one) for one in left_out):
                yield path


def step(name: str, program: str, **said: bool) -> Step:
    """Return a step that runs a program in Python."""
    return Step(name=name, command=(sys.executable, "-c", program), **said)


def test_each_file_is_in_one_step() -> None:
    """None is forgotten and none runs twice."""
    counted = Counter(path for lane in lanes((), checks=True) for one in lane for path in files_of(one))
    everything = {path for path in (ROOT / "tests").rglob("test_*.py") if "node_modules" not in path.parts}
    assert counted.keys() == everything
    assert {path: times for path, times in counted.items() if times != 1} == {}
    assert [name for name in (*PURE, *AFTER_TIMED, *AFTER_PURE, *ROOMS) if not (ROOT / name).exists()] == []


def test_nothing_loads_a_server_beside_what_is_timed() -> None:
    """Steps that load servers wait; what is timed is read from the modules themselves."""
    by_name = {one.name: one for lane in lanes((), checks=False) for one in lane}
    timed = {path.name for path in files_of(by_name[TIMED])}
    assert {"test_stall.py", "test_saturation.py", "test_processes.py"} <= timed
    for name in ("loads", "pages, pairs, pgbench"):
        assert by_name[name].after_timed
        assert not timed & {path.name for path in files_of(by_name[name])}


def test_options_are_for_every_pytest() -> None:
    """And for nothing else."""
    steps = [one for lane in lanes(("-x",), checks=True) for one in lane]
    assert [one.name for one in steps if "-x" not in one.command] == [
        "ruff check", "ruff format", "mypy", "lint-imports"
    ]  # fmt: skip


@pytest.mark.parametrize("failing", ["aloud", "silent", "waiting"])
def test_a_step_that_fails_is_told(failing: str) -> None:
    """The steps after it run all the same, and those that wait for it begin."""

    def program(name: str) -> str:
        return f"print('{name} ran'); raise SystemExit({int(name == failing)})"

    ended = run_lanes(
        [
            [step(TIMED, program("aloud"), aloud=True), step("last", program("last"))],
            [step("waiting", program("waiting"), after_timed=True)],
            [step("silent", program("silent"), behind=True)],
        ]
    )
    assert [one.name for one in ended] == [TIMED, "last", "waiting", "silent"]
    assert [one.name for one in ended if one.failed] == [{"aloud": TIMED}.get(failing, failing)]
    assert [one.output for one in ended] == ["", "last ran\n", "waiting ran\n", "silent ran\n"]
    assert [str(one).split()[-1] for one in ended[1:]] == ["ran", "ran", "ran"]


def test_who_waits_begins_when_nothing_is_timed(tmp_path: Path) -> None:
    """The timed step ends by a file that it writes; who waits finds it."""
    place = tmp_path / "ended"
    ended = run_lanes(
        [
            [step("waiting", f"open({str(place)!r})", after_timed=True)],
            [step(TIMED, f"import time; time.sleep(0.2); open({str(place)!r}, 'w')")],
        ]
    )
    assert [one.failed for one in ended] == [False, False]


WHERE = "import os; print(os.environ.get('TMPDIR'))"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says how much memory is left")
def test_temporary_files_of_all_steps_are_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which other accounts may pass through, and which is gone afterwards."""
    monkeypatch.delenv("TMPDIR", raising=False)
    with temporary_files(tmp_path, room_bytes=1):
        (ended,) = run_lanes([[step("where", WHERE)]])
        (made,) = tmp_path.iterdir()
        assert ended.output.strip() == str(made)
        assert made.stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == []
    assert "TMPDIR" not in os.environ


@pytest.mark.parametrize(
    ("named", "room_bytes", "place"),
    [("/else/where", 1, ""), (None, 1 << 60, ""), (None, 1, "missing")],
    ids=["named by others", "no room", "no such place"],
)
def test_temporary_files_stay_where_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None, room_bytes: int, place: str
) -> None:
    """Where somebody has named a place, or there is none with room."""
    if named:
        monkeypatch.setenv("TMPDIR", named)
    else:
        monkeypatch.delenv("TMPDIR", raising=False)
    with temporary_files(tmp_path / place, room_bytes=room_bytes):
        (ended,) = run_lanes([[step("where", WHERE)]])
    assert ended.output.strip() == str(named)
