"""`perfengine calibrate`, from the command to the file it leaves."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ceiling import stored_ceiling
from tests.integration.cli.conftest import clean_environment
from tests.integration.embedded.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.cli.conftest import Perfengine

pytestmark = pytest.mark.timed


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Yield an empty directory whose path is short enough for a socket in it."""
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory)


def test_the_ceiling_is_measured_and_kept(
    perfengine: Perfengine, temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said in a few lines, kept under the home directory for the runs that come; nothing else is left."""
    ended = perfengine(
        "calibrate", "--seconds", "1", HOME=str(tmp_path), XDG_STATE_HOME="", TMPDIR=str(temporary)
    )
    assert ended.code == 0, ended.stderr
    kept = tmp_path / ".local" / "state" / "perfengine" / "calibration.json"
    first, *_, last = ended.stdout.splitlines()
    assert first.startswith("ceiling: ")
    assert "operations/s of one load process (median of 1 s, " in first
    assert first.endswith(" us CPU each, 50 clients")
    assert last == f"kept in {kept}, for this machine and these versions"
    assert ended.stderr == ""
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(temporary.iterdir()) == []
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".local" / "state"))
    ceiling = stored_ceiling()
    assert ceiling is not None
    said = re.match(r"ceiling: (?:at least )?([\d ]+) operations/s", first)
    assert said
    assert int(said[1].replace(" ", "")) == pytest.approx(ceiling.rate_per_s, rel=0.01)


def test_the_figures_for_a_program(perfengine: Perfengine, tmp_path: Path) -> None:
    """--json prints one document: figures that fit together, the machine and the place."""
    ended = perfengine("calibrate", "--seconds", "2", "-c", "10", "--json", XDG_STATE_HOME=str(tmp_path))
    document = json.loads(ended.stdout)
    assert document["kept_in"] == str(tmp_path / "perfengine" / "calibration.json")
    assert document["rate_per_s_min"] <= document["rate_per_s"] <= document["rate_per_s_max"]
    assert (document["seconds"], document["clients"]) == (2, 10)
    assert 0 < document["null_server_busy_share"] <= 1.1
    assert 0 < document["busy_share"] <= 1.1
    # what an attempt costs times how many there were is the time that the load process ran: in these two seconds.
    # Shares are of all the time until the last attempt ended, which is longer on a machine that stands still.
    ran_share = document["cpu_us_per_attempt"] * document["rate_per_s"] / 1e6
    assert 0.7 * (document["busy_share"] - document["run_queue_share"]) < ran_share < 1.3


def test_one_client_keeps_nothing_busy(perfengine: Perfengine, tmp_path: Path) -> None:
    """The two processes take turns: the figure is a lower bound, and the lines say so."""
    ended = perfengine("calibrate", "--seconds", "1", "-c", "1", XDG_STATE_HOME=str(tmp_path))
    assert ended.stdout.startswith("ceiling: at least ")


def test_a_place_that_cannot_be_written(perfengine: Perfengine, tmp_path: Path) -> None:
    """One line that names it, and the exit code of a failed run."""
    (tmp_path / "state").write_text("")
    ended = perfengine("calibrate", "--seconds", "1", XDG_STATE_HOME=str(tmp_path / "state"))
    assert ended.code == 3
    assert ended.stderr.startswith("perfengine: the ceiling cannot be kept: ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_ends_it(number: signal.Signals, code: int, temporary: Path, tmp_path: Path) -> None:
    """At once and without a word; the null server and its socket are gone, and nothing was kept."""
    environment = {**clean_environment(), "TMPDIR": str(temporary), "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "perfengine", "calibrate", "--seconds", "60"]
    with subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        try:
            wait_until(lambda: any(temporary.glob("perfengine-null-*/.s.PGSQL.*")))
            running.send_signal(number)
            assert running.communicate(timeout=30)[0] == b""
        finally:
            running.kill()
    assert running.returncode == code
    wait_until(lambda: not any(temporary.iterdir()))
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", [("--seconds", "0"), ("--concurrency", "0"), ("--seconds", "1.5")])
def test_wrong_options_are_named(perfengine: Perfengine, wrong: tuple[str, str]) -> None:
    """A usage error, before anything is started."""
    ended = perfengine("calibrate", *wrong)
    assert ended.code == 2
    assert wrong[0] in ended.stderr
