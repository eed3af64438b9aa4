"""A server that is not our child: find it by its data directory, stop it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from perfengine.errors import TargetError

#: Signals and the seconds each is given. A named server is worth a checkpoint, and is never killed outright.
ORDERLY: Final = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0))
#: An ephemeral one is worth nothing.
AT_ONCE: Final = ((signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
_POLL_S: Final = 0.01


def running_postmaster(data: Path) -> int | None:
    """Return the process id of the server on this data directory; None when none runs.

    The pid file alone is no evidence, for the number may have gone to another process since: the process must be a
    `postgres` that was started with this very directory.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _is_postmaster(pid, data) else None


def stop_postmaster(data: Path, steps: tuple[tuple[signal.Signals, float], ...]) -> bool:
    """Return whether a server ran on the data directory; it has ended now.

    Raises: TargetError when the last step did not help either.
    """
    pid = running_postmaster(data)
    if pid is None:
        return False
    for number, patience_s in steps:
        if _signal_has_ended(pid, number, patience_s, data):
            return True
    log = data.parent / "server.log"
    raise TargetError(f"the server {pid} on {data} did not stop: see its log, {log}")


def _signal_has_ended(pid: int, number: signal.Signals, patience_s: float, data: Path) -> bool:
    deadline = time.monotonic() + patience_s
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return True
    while _is_postmaster(pid, data):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)  # it is no child of ours: there is nothing to wait on
    return True


def _is_postmaster(pid: int, data: Path) -> bool:
    command = f"{_command_line(pid)} "
    program, _, arguments = command.partition(" -D ")
    return Path(program).name == "postgres" and arguments.startswith(f"{data} ")


def _command_line(pid: int) -> str:
    """Return the command line with blanks between the words; nothing for a process that has ended or is a zombie."""
    if sys.platform == "linux":
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).replace("\0", " ")
        except OSError:
            return ""
    command = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - constant
