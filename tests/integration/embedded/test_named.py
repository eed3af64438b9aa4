"""A server that stays, and the command that starts and stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from perfengine.cli.db import app
from perfengine.embedded.home import Home
from perfengine.embedded.lock import locked
from perfengine.embedded.named import NamedStatus, default_directory, named_status, start_named, stop_named
from perfengine.embedded.sweep import sweep_stale
from perfengine.errors import PerfengineError, TargetError, UsageError
from tests.integration.embedded.memory import is_given_back, memory_of
from tests.integration.embedded.places import open_place
from tests.integration.embedded.processes import kill_whole_server, wait_for_end
from tests.nobody import without_root

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def a_place() -> Iterator[Path]:
    """Give a directory for a named server, not made yet; what runs in it at the end is stopped."""
    with tempfile.TemporaryDirectory(dir=open_place()) as name:
        Path(name).chmod(0o755)
        directory = Path(name) / "db"
        yield directory
        if directory.exists() and Home(directory=directory).read_kind() is not None:
            stop_named(directory, remove=True)


@pytest.fixture
def place() -> Iterator[Path]:
    """Yield a directory for a named server."""
    with a_place() as directory:
        yield directory


@pytest.fixture(scope="module")
def stopped() -> Iterator[Path]:
    """Yield the directory of a server that was started and stopped, to be copied."""
    with a_place() as directory:
        start_named(directory)
        stop_named(directory)
        yield directory


@pytest.fixture
def furnished(place: Path, stopped: Path) -> Path:
    """Return a directory with the data of a server that does not run: a copy, which takes less than to make them."""
    subprocess.run(["cp", "-a", str(stopped), str(place)], check=True)
    return place


def psql(status: NamedStatus, sql: str) -> str:
    """Return what the printed psql command answers."""
    command = [*status.psql, "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_it_outlives_the_process_that_started_it_and_keeps_its_data(place: Path) -> None:
    """Started by a command that has ended, it answers; stopped and started again, what was written is there."""
    first = CliRunner().invoke(app, ["start", "--directory", str(place)])
    assert first.exit_code == 0
    status = named_status(place)
    psql(status, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert stop_named(place)
    assert named_status(place).server is None
    again = start_named(place)
    assert psql(again, "SELECT answer FROM kept") == "42"
    assert again.pid != status.pid


def test_the_command_prints_the_address_alone_on_stdout(furnished: Path) -> None:
    """So that a shell can take it into a variable; the rest is on stderr."""
    result = CliRunner().invoke(app, ["start", "--directory", str(furnished)])
    status = named_status(furnished)
    assert status.server is not None
    assert result.stdout == f"{status.server.dsn}\n"
    assert f"process {status.pid}" in result.stderr


def test_starting_twice_is_starting_once(furnished: Path) -> None:
    """The second start says the same and exits with 0."""
    runner = CliRunner()
    first = runner.invoke(app, ["start", "--directory", str(furnished)])
    pid = named_status(furnished).pid
    second = runner.invoke(app, ["start", "--directory", str(furnished)])
    assert (first.stdout, first.exit_code) == (second.stdout, second.exit_code)
    assert named_status(furnished).pid == pid


def test_status_tells_by_its_exit_code_whether_it_runs(place: Path) -> None:
    """0 with version, address and settings; 3 when it does not run."""
    runner = CliRunner()
    command = ["status", "--directory", str(place)]
    before = runner.invoke(app, command)
    assert (before.exit_code, before.stdout) == (3, f"not running: {place}, there are no data\n")
    start_named(place, max_connections=23)
    during = runner.invoke(app, command)
    assert during.exit_code == 0
    assert "max_connections = 23" in during.stdout
    assert "postgresql://perfengine@/perfengine?host=" in during.stdout
    stop_named(place)
    after = runner.invoke(app, command)
    assert (after.exit_code, after.stdout) == (3, f"not running: {place}, its data are kept\n")


def test_stop_says_what_it_did_and_removes_data_only_when_told(furnished: Path) -> None:
    """Stopping what does not run is no mistake."""
    runner = CliRunner()
    start_named(furnished)
    first = runner.invoke(app, ["stop", "--directory", str(furnished)])
    assert (first.exit_code, first.stderr) == (0, "stopped; its data stay\n")
    assert (furnished / "data").exists()
    second = runner.invoke(app, ["stop", "--remove", "--directory", str(furnished)])
    assert (second.exit_code, second.stderr) == (0, "was not running; removed its data\n")
    assert not furnished.exists()


def test_settings_of_the_user_survive_and_are_shown(furnished: Path) -> None:
    """ALTER SYSTEM is the way to set something; the status asks the server and not our file."""
    status = start_named(furnished)
    psql(status, "ALTER SYSTEM SET work_mem = '7MB'")
    stop_named(furnished)
    again = start_named(furnished)
    assert again.server is not None
    assert again.server.settings["work_mem"] == "7MB"


def test_a_killed_server_recovers_at_the_next_start(furnished: Path) -> None:
    """Its stale pid file deceives nobody, and what was committed is there."""
    status = start_named(furnished)
    psql(status, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert status.pid is not None
    kill_whole_server(status.pid)
    assert named_status(furnished).pid is None
    assert psql(start_named(furnished), "SELECT answer FROM kept") == "42"


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_removing_a_killed_server_gives_its_memory_back(furnished: Path) -> None:
    """`stop --remove` is the last that knows of it."""
    status = start_named(furnished)
    assert status.pid is not None
    memory = memory_of(status.pid)
    os.kill(status.pid, signal.SIGKILL)
    wait_for_end(status.pid)
    assert stop_named(furnished, remove=True) is False
    assert not furnished.exists()
    assert is_given_back(memory)


def test_an_interrupted_initdb_is_begun_again(furnished: Path) -> None:
    """Half-made data are not taken for data."""
    (furnished / "data").rename(furnished / "data.new")
    assert start_named(furnished).pid is not None
    assert not (furnished / "data.new").exists()


def test_other_connections_than_it_runs_with_are_not_passed_over_in_silence(furnished: Path) -> None:
    """An option without effect is a mistake, and the message says what to do."""
    start_named(furnished, max_connections=20)
    with pytest.raises(UsageError, match=r"max_connections 20: stop it"):
        start_named(furnished, max_connections=30)


def test_a_directory_of_somebody_else_is_neither_used_nor_removed(place: Path) -> None:
    """Without our marker nothing happens to it."""
    place.mkdir()
    (place / "thesis.txt").write_text("the only copy")
    for attempt in (lambda: start_named(place), lambda: stop_named(place, remove=True)):
        with pytest.raises(UsageError, match="holds no server of yours"):
            attempt()
    assert [path.name for path in place.iterdir()] == ["thesis.txt"]


def test_data_of_another_postgresql_are_refused_with_the_way_out(furnished: Path) -> None:
    """The message names both versions."""
    (furnished / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(TargetError, match=r"made by PostgreSQL 17, installed is 18\.\d+: .*--remove"):
        start_named(furnished)


def test_a_directory_too_long_for_a_socket_is_refused(place: Path) -> None:
    """The limit is the system's, so the message asks for a shorter one."""
    with pytest.raises(UsageError, match="exceed 103 bytes"):
        start_named(place / ("x" * 100))


def test_two_commands_at_once_do_not_meet(furnished: Path) -> None:
    """The second is told to come back."""
    start_named(furnished)
    with locked(furnished), pytest.raises(TargetError, match="another perfengine db command"):
        stop_named(furnished)


def test_a_sweep_leaves_named_servers_alone(furnished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even in a place for temporary ones, under a name of theirs."""
    monkeypatch.setenv("TMPDIR", str(furnished.parent))
    directory = furnished.rename(furnished.with_name("perfengine-db-mine"))
    start_named(directory)
    stop_named(directory)
    assert directory not in sweep_stale()
    assert (directory / "data").exists()
    stop_named(directory, remove=True)


def test_a_failed_start_keeps_the_data(furnished: Path) -> None:
    """The error shows the log; what was written stays for a start that succeeds."""
    status = start_named(furnished)
    psql(status, "ALTER SYSTEM SET shared_preload_libraries = 'no_such_library'")
    stop_named(furnished)
    with pytest.raises(TargetError, match="no_such_library"):
        start_named(furnished)
    assert (furnished / "data" / "PG_VERSION").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only as root the server is somebody else")
def test_as_root_a_closed_parent_is_named_and_not_opened(place: Path) -> None:
    """The server's account could not pass; perfengine does not change what it did not make."""
    closed = place.with_name("closed")
    closed.mkdir(mode=0o700)
    with pytest.raises(PerfengineError, match="may not enter"):
        start_named(closed / "db")
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not list(closed.iterdir())


def test_the_default_place_follows_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_DATA_HOME, or ~/.local/share; root has a place of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with without_root():
        assert default_directory() == tmp_path / "perfengine" / "db"
