"""However perfengine ends, its server ends too, and the memory it took is given back."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.embedded.account import server_account
from perfengine.embedded.binaries import find_binaries, reachable_binaries
from perfengine.embedded.home import Home
from perfengine.embedded.keeper import is_ready
from perfengine.embedded.order import build_order
from perfengine.embedded.postmaster import running_postmaster
from perfengine.embedded.server import RunningServer, start_ephemeral
from perfengine.embedded.sweep import remove_orphan, sweep_stale
from tests.integration.embedded.memory import is_given_back, memory_of
from tests.integration.embedded.places import open_place
from tests.integration.embedded.processes import (
    PROJECT,
    Owner,
    is_alive,
    search_path,
    server_owner,
    wait_for_end,
    wait_until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the servers of these tests live where no other start of a server, of tests beside these, sweeps."""
    with tempfile.TemporaryDirectory(dir=open_place()) as name:
        Path(name).chmod(0o755)  # the server's account may pass through to it
        monkeypatch.setenv("TMPDIR", name)
        yield


@pytest.fixture
def running() -> Iterator[RunningServer]:
    """Yield a server that the test may maltreat."""
    server = start_ephemeral()
    yield server
    server.stop()


def postmaster_of(directory: Path) -> int:
    """Return the process id of the server."""
    pid = running_postmaster(directory / "data")
    assert pid is not None
    return pid


async def answers(dsn: str) -> bool:
    """Return whether the server lets us in."""
    connection = await asyncpg.connect(dsn)
    await connection.close()
    return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_perfengine_leaves_neither_server_nor_directory(number: signal.Signals) -> None:
    """The keeper notices the end of its owner and clears away."""
    with server_owner() as owner:
        postmaster = owner.postmaster_pid
        owner.process.send_signal(number)
        wait_for_end(owner.keeper_pid)
        assert not is_alive(postmaster)
        assert not owner.directory.exists()


@needs_linux
def test_a_forked_child_that_lives_on_does_not_keep_the_server() -> None:
    """The child holds a copy of the keeper's pipe, yet the keeper looks after the owner itself."""
    with server_owner("fork") as owner:
        try:
            owner.process.kill()
            wait_for_end(owner.keeper_pid)
            assert is_alive(owner.forked_pid)
            assert not owner.directory.exists()
        finally:
            os.kill(owner.forked_pid, signal.SIGKILL)


def test_a_forked_child_that_leaves_the_block_does_not_take_the_server_away() -> None:
    """Only the process that started a server stops it."""
    script = """
import os
from perfengine.embedded.postmaster import running_postmaster
from perfengine.embedded.server import start_ephemeral
owner = os.getpid()
with start_ephemeral() as server:
    if child := os.fork():
        os.waitpid(child, 0)
        assert running_postmaster(server.directory / "data")
if os.getpid() == owner:
    assert not server.directory.exists()
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=PROJECT, env=search_path())


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(running: RunningServer) -> None:
    """The keeper has a session of its own and ignores what a terminal sends."""
    keeper = running._keeper.pid
    assert os.getsid(keeper) == keeper
    os.kill(keeper, signal.SIGINT)
    os.kill(keeper, signal.SIGHUP)
    assert asyncio.run(answers(running.server.dsn))


def test_sigterm_to_the_keeper_clears_away(running: RunningServer) -> None:
    """As when the machine shuts down."""
    os.kill(running._keeper.pid, signal.SIGTERM)
    assert running._keeper.wait(20) == 0
    assert not running.server.directory.exists()


@needs_linux
def test_stop_gives_all_memory_back(running: RunningServer) -> None:
    """An orderly end leaves no shared memory."""
    memory = memory_of(postmaster_of(running.server.directory))
    assert all(memory)
    running.stop()
    assert is_given_back(memory)


@needs_linux
def test_a_killed_server_is_cleared_away_like_any_other(running: RunningServer) -> None:
    """`stop` raises nothing; directory and shared memory are gone."""
    postmaster = postmaster_of(running.server.directory)
    memory = memory_of(postmaster)
    os.kill(postmaster, signal.SIGKILL)
    wait_for_end(postmaster)
    running.stop()
    assert not running.server.directory.exists()
    assert is_given_back(memory)


def test_the_log_of_a_server_that_died_can_be_read_until_stop(running: RunningServer) -> None:
    """What it said last is worth more than an empty directory."""
    postmaster = postmaster_of(running.server.directory)
    os.kill(postmaster, signal.SIGQUIT)
    wait_for_end(postmaster)
    assert "immediate shutdown" in running.server.log_path.read_text()


@needs_linux
def test_the_server_ends_with_a_killed_keeper_and_stop_removes_the_rest(running: RunningServer) -> None:
    """The kernel tells the server; nobody but us is left to remove the directory."""
    postmaster = postmaster_of(running.server.directory)
    memory = memory_of(postmaster)
    running._keeper.kill()
    wait_for_end(postmaster)
    running.stop()
    assert not running.server.directory.exists()
    assert is_given_back(memory)


@pytest.fixture
def derelict() -> Iterator[Owner]:
    """Yield what is left when owner, keeper and server are killed at once, as when memory runs out."""
    with server_owner() as owner:
        postmaster = owner.postmaster_pid
        for pid in (owner.keeper_pid, postmaster, owner.process.pid):
            os.kill(pid, signal.SIGKILL)
        wait_for_end(postmaster)
        wait_for_end(owner.keeper_pid)
        yield owner


def test_the_next_sweep_removes_what_was_left_when_all_were_killed(derelict: Owner) -> None:
    """A later perfengine finds the directory, and sweeps it once."""
    assert derelict.directory.exists()
    assert derelict.directory in sweep_stale()
    assert not derelict.directory.exists()
    assert derelict.directory not in sweep_stale()


def test_the_next_start_removes_it_too(derelict: Owner) -> None:
    """Nobody has to think of `cleanup`."""
    with start_ephemeral():
        assert not derelict.directory.exists()


@needs_linux
def test_a_sweep_gives_back_the_memory_of_a_server_without_a_keeper(derelict: Owner) -> None:
    """The sweep stops such a server, told by the data directory and not by a name, and frees what it left."""
    home, account, binaries = Home(directory=derelict.directory), server_account(), find_binaries()
    usable = reachable_binaries(binaries, account, home.binaries)
    order = build_order(home, account, ours=binaries, servers=usable)
    start = partial(
        subprocess.Popen[bytes],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=order.uid,
        group=order.gid,
        extra_groups=[] if account.is_other else None,
    )
    wait_until(lambda: start(order.reclaim).wait() == 0)  # the last process of the killed server has ended
    with start(order.postgres) as orphan:
        wait_until(lambda: is_ready(order.data, orphan.pid))
        memory = memory_of(orphan.pid)
        assert all(memory)
        assert remove_orphan(derelict.directory)
        assert orphan.wait(20) == 0  # it was asked, not killed
    assert not derelict.directory.exists()
    assert is_given_back(memory)


@needs_linux
def test_a_number_that_went_to_another_process_is_not_signalled(derelict: Owner) -> None:
    """The pid file of a dead server may name anybody by now: here it names this test."""
    pid_file = derelict.directory / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert derelict.directory in sweep_stale()


def test_a_sweep_leaves_living_servers_alone(running: RunningServer) -> None:
    """Their keepers hold the lock."""
    assert running.server.directory not in sweep_stale()
    assert asyncio.run(answers(running.server.dsn))


def test_a_sweep_leaves_alone_what_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of the right name without our marker stays."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    lookalike = tmp_path / "perfengine-db-lookalike"
    (lookalike / "data").mkdir(parents=True)
    assert lookalike not in sweep_stale()
    assert lookalike.exists()
