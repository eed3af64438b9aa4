"""The small process beside the server, so that the server never outlives its purpose.

`python -I -S keeper.py DIRECTORY` reads one `Order` as a line of JSON, starts the server, answers with a line of JSON
and waits. When perfengine says stop, ends or is killed, it stops the server and removes the directory. It imports
nothing but the standard library: it must start in milliseconds and outlive whatever happened to perfengine. Should it
be killed itself, the kernel stops the server (Linux), and the next start of perfengine removes the directory.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.embedded.order import Order  # for the type checker: nothing of perfengine is loaded here

_STDIN, _STDOUT, _STDERR = 0, 1, 2
_POLL_S: Final = 0.005
_LOG_LINES: Final = 15
_DEATH_SIGNAL, _CHILD_SUBREAPER = 1, 36  # prctl(2)
#: Nothing in an ephemeral server is worth a checkpoint: ask for an immediate shutdown, then insist.
_STOP: Final = ((signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


class Released(Exception):  # noqa: N818 - an event
    """Perfengine said stop, ended or was killed."""


class StartError(Exception):
    """A step of the start failed; the text says which and how."""


class Watch:
    """What the keeper waits for: the end of a child, of perfengine, or a request to stop."""

    def __init__(self, owner_pid: int) -> None:
        self._signals, wakeup = os.pipe()
        for descriptor in (self._signals, wakeup):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wakeup)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self._poll = select.poll()
        for descriptor in (_STDIN, self._signals):
            self._poll.register(descriptor, select.POLLIN)
        self._watch_process(owner_pid)

    def _watch_process(self, pid: int) -> None:
        """Notice the end of perfengine even where a forked child of it still holds our standard input open."""
        if sys.platform == "linux" and hasattr(os, "pidfd_open"):
            try:
                self._poll.register(os.pidfd_open(pid), select.POLLIN)
            except OSError:  # it is gone already: then standard input is at its end
                return

    def pause(self, timeout_s: float | None) -> None:
        """Return when a child ended or the time is over. Raises: Released."""
        for descriptor, _ in self._poll.poll(None if timeout_s is None else timeout_s * 1000):
            if descriptor != self._signals or signal.SIGTERM in os.read(self._signals, 512):
                raise Released

    def until(self, done: Callable[[], bool], order: Order, step: str) -> None:
        """Return when `done`. Raises: StartError when it takes longer than the order allows, Released."""
        deadline = time.monotonic() + order.step_timeout_s
        while not done():
            if time.monotonic() > deadline:
                raise StartError(f"{step} took longer than {order.step_timeout_s:g} s")
            self.pause(_POLL_S)


def main() -> None:
    """Do as the order says. Without an order perfengine is gone and there is nothing to do."""
    with open(_STDIN, "rb", buffering=0, closefd=False) as pipe:  # unbuffered: not a byte too many
        line = pipe.readline()
    if line.endswith(b"\n"):
        keep(cast("Order", SimpleNamespace(**json.loads(line))))


def keep(order: Order) -> None:
    """Start the server, answer, guard it until released, stop it, remove what is left."""
    watch = Watch(order.owner_pid)
    prctl(_CHILD_SUBREAPER, 1)
    server: list[subprocess.Popen[bytes]] = []
    outlives = False
    try:
        settings = start(order, watch, server)
        answer({"settings": settings})
        outlives = order.outlives
        # a server that died of itself keeps its directory, for its log, until we are released
        while not outlives:
            watch.pause(None)
    except Released:
        pass
    except (StartError, OSError) as error:
        answer({"failed": str(error), "log": last_lines(order.log)})
    finally:
        if not outlives:
            clear_away(order, server)


def start(order: Order, watch: Watch, server: list[subprocess.Popen[bytes]]) -> dict[str, str]:
    """Return the settings as the server tells them. Raises: StartError, Released."""
    if order.initdb is not None:
        run_step(order, watch, order.initdb, "initdb", as_server=True)
        Path(order.unfinished_data).rename(order.data)
    else:
        # of a predecessor that was killed a moment ago: the server would not start beside it
        free_memory(order)
    postmaster = spawn(order, order.postgres, as_server=True)
    server.append(postmaster)
    watch.until(
        lambda: postmaster.poll() is not None or is_ready(order.data, postmaster.pid), order, "the start"
    )
    if postmaster.poll() is not None:
        raise StartError(f"the server ended with code {postmaster.returncode} while starting")
    words = run_step(order, watch, order.psql, "the first connection", words=order.introduction)
    settings: dict[str, str] = json.loads(words.splitlines()[-1])
    return settings


def run_step(
    order: Order, watch: Watch, command: list[str], step: str, *, as_server: bool = False, words: str = ""
) -> str:
    """Return what a command printed, given `words` to read. Raises: StartError, Released."""
    process = spawn(order, command, as_server=as_server, talks=bool(words))
    if process.stdin is not None:
        process.stdin.write(words.encode())
        process.stdin.close()
    try:
        watch.until(lambda: process.poll() is not None, order, step)
    except (StartError, Released):
        process.kill()
        raise
    if process.returncode != 0:
        raise StartError(f"{step} failed with code {process.returncode}")
    return process.stdout.read().decode() if process.stdout is not None else ""


def spawn(
    order: Order, command: list[str], *, as_server: bool = False, talks: bool = False
) -> subprocess.Popen[bytes]:
    """Return the started command; what it says goes to the log, our standard error. Raises: StartError."""
    switches = as_server and order.uid is not None
    try:
        return subprocess.Popen(  # noqa: S603 - the commands are perfengine's own
            command,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else _STDERR,
            stderr=_STDERR,
            env=order.environment,
            cwd="/",
            umask=0o077,
            user=order.uid if switches else None,
            group=order.gid if switches else None,
            extra_groups=[] if switches else None,
            preexec_fn=None if order.outlives else die_with_keeper,  # noqa: PLW1509 - there is one thread
        )
    except OSError as error:
        identity = f" as user id {order.uid}" if switches else ""
        raise StartError(f"cannot run {command[0]}{identity}: {error.strerror}") from error


def die_with_keeper() -> None:
    """Ask the kernel to stop this child when the keeper is killed."""
    prctl(_DEATH_SIGNAL, signal.SIGQUIT)


def prctl(option: int, argument: int) -> None:
    """Set an attribute of this process; other systems than Linux have none, and `sweep_stale` does its work there."""
    if sys.platform != "linux":
        return
    try:
        import ctypes  # noqa: PLC0415 - some Pythons are built without it
    except ImportError:
        return
    ctypes.CDLL(None).prctl(option, ctypes.c_ulong(argument), 0, 0, 0)


def is_ready(data: str, pid: int) -> bool:
    """Return whether the server said so in its pid file: its number first, `ready` in line eight.

    The file of a predecessor that was killed may still be there, and says ready too.
    """
    try:
        lines = Path(data, "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def answer(message: dict[str, object]) -> None:
    """Tell perfengine, if it still listens."""
    try:
        os.write(_STDOUT, json.dumps(message).encode() + b"\n")
    except BrokenPipeError:
        return


def last_lines(log: str) -> list[str]:
    """Return the end of the log, for the directory is about to go."""
    return Path(log).read_text(errors="replace").splitlines()[-_LOG_LINES:]


def clear_away(order: Order, server: list[subprocess.Popen[bytes]]) -> None:
    """Stop the server if there is one, free its shared memory, remove the directory of an ephemeral one."""
    for postmaster in server:
        stop(postmaster)
    reap_the_rest()
    free_memory(order)
    if not order.outlives:
        import shutil  # noqa: PLC0415 - it loads the compressors, 2 MB that only the end needs

        shutil.rmtree(order.directory, ignore_errors=True)


def stop(postmaster: subprocess.Popen[bytes]) -> None:
    """Return when the server has ended."""
    for number, patience_s in _STOP:
        if postmaster.poll() is None:
            postmaster.send_signal(number)
            try:
                postmaster.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue


def reap_the_rest(patience_s: float = 2.0) -> None:
    """Return when no child is left: those of a killed server are ours now, and end by themselves or are ended."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            if time.monotonic() > deadline:
                kill_children()
            time.sleep(_POLL_S)  # waitpid has no timeout; the deadline above ends it


def kill_children() -> None:
    """Kill what the kernel lists as our children."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    for pid in listed.read_text().split() if listed.exists() else ():
        os.kill(int(pid), signal.SIGKILL)


def free_memory(order: Order, patience_s: float = 3.0) -> None:
    """Free the shared memory of a server that was killed: its own start-up check does, given the same directory.

    It declines while a process of that server still lives, so it is asked again for a while.
    """
    deadline, sign = time.monotonic() + patience_s, Path(order.data, "postmaster.pid")
    while sign.exists() and time.monotonic() < deadline:  # an orderly end removes it
        try:
            spawn(order, order.reclaim, as_server=True).wait(10)
        except (StartError, subprocess.TimeoutExpired):
            return
        time.sleep(_POLL_S)  # the server's last processes may still hold the memory


if __name__ == "__main__":
    main()
