"""Processes to kill, and ends to wait for."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import perfengine
from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.postmaster import running_postmaster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT: Final = Path(perfengine.__file__).parents[1]
DEADLINE_S: Final = 20.0

#: Starts a server, says where it is, and waits to be killed; by SIGHUP as well, under nohup, too.
OWNER_SCRIPT: Final = """
import json, os, signal, sys
from perfengine.embedded.server import start_ephemeral
signal.signal(signal.SIGHUP, signal.SIG_DFL)
running = start_ephemeral()
forked = 0
if sys.argv[1:] == ["fork"]:
    forked = os.fork()
    if forked == 0:
        signal.pause()
print(json.dumps([str(running.server.directory), running.server.dsn, running._keeper.pid, forked]), flush=True)
signal.pause()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process that has started a server and holds it."""

    process: subprocess.Popen[bytes]
    directory: Path
    dsn: str
    keeper_pid: int
    forked_pid: int  #: a child of the owner that was forked, not executed; 0: there is none

    @property
    def postmaster_pid(self) -> int:
        """Return the process id of the server."""
        pid = running_postmaster(self.directory / "data")
        assert pid is not None
        return pid


@contextmanager
def server_owner(*arguments: str, python: str = sys.executable, **options: object) -> Iterator[Owner]:
    """Yield a process of its own that holds a server; it is killed at the end, if it lives."""
    command = [python, "-c", OWNER_SCRIPT, *arguments]
    process: subprocess.Popen[bytes]
    with subprocess.Popen(  # type: ignore[call-overload] # no overload for a part of the arguments
        command, stdout=subprocess.PIPE, **{"cwd": PROJECT, "env": search_path(), **options}
    ) as process:
        try:
            assert process.stdout is not None
            directory, dsn, keeper_pid, forked_pid = json.loads(process.stdout.readline())
            yield Owner(
                process=process,
                directory=Path(directory),
                dsn=dsn,
                keeper_pid=keeper_pid,
                forked_pid=forked_pid,
            )
        finally:
            process.kill()


def search_path() -> dict[str, str]:
    """Return the environment in which another process finds what we run, and puts servers where we do."""
    site = find_binaries().bin_dir.parents[2]
    ours = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {**ours, "PYTHONPATH": f"{PROJECT}:{site}", "PYTHONDONTWRITEBYTECODE": "1"}


def kill_whole_server(pid: int) -> None:
    """Kill the first process of a server; return when it and those that it had started have ended, and it is reaped.

    They notice its end by themselves; until then the next server on its data is refused. Fails after 20 s each.
    """
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    others = listed.read_text().split() if listed.exists() else []
    os.kill(pid, signal.SIGKILL)
    for other in others:
        wait_for_end(int(other))
    wait_until_reaped(pid)


def wait_for_end(pid: int) -> None:
    """Return when the process has ended. Fails after 20 s."""
    if sys.platform == "linux":
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            assert select.select([descriptor], [], [], DEADLINE_S)[0], f"process {pid} still runs"
        finally:
            os.close(descriptor)
    else:
        wait_until_reaped(pid)


def wait_until_reaped(pid: int) -> None:
    """Return when the process has ended and its parent has taken note: no trace is left. Fails after 20 s."""
    wait_until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    """Return whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when the condition holds. Fails after 20 s."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        select.select([], [], [], 0.01)
