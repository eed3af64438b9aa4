"""`perfengine` as a process of its own without the start of Python: forked from one that has imported it all.

To import the package takes longer than most commands take to do their work, and so does taking it apart at the end.
What is forked has its own streams, directory, environment, session and exit code, as a command has that a shell
starts. How a command starts, what it imports and what that costs is not seen this way: for that, start Python.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
_ANSWER_BYTES: Final = 64
_DEADLINE_S: Final = 110.0


@dataclass(frozen=True)
class Ended:
    """A command that ended."""

    code: int
    stdout: str
    stderr: str


class Forked:
    """A command at work, as `subprocess.Popen` has it: the exit code is that of Python, or minus the signal."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._code: int | None = None
        self.pid = self._told(_DEADLINE_S)

    def poll(self) -> int | None:
        """Return its exit code; None while it works."""
        with suppress(BlockingIOError):
            self.wait(0)
        return self._code

    def wait(self, timeout_s: float) -> int:
        """Return its exit code when it has ended. Raises: TimeoutError, BlockingIOError where no time is given."""
        if self._code is None:
            self._code = self._told(timeout_s)
        return self._code

    def send_signal(self, number: int) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it may end at this moment, and be waited for
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it, unless it has ended."""
        self.send_signal(signal.SIGKILL)

    def _told(self, timeout_s: float) -> int:
        self._channel.settimeout(timeout_s)
        told = self._channel.recv(_ANSWER_BYTES)
        assert told, "who waits for the command is gone"
        return int(told)


class Forker:
    """The process that has imported it all, seen by who wants commands run."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    @contextmanager
    def running(
        self,
        words: Sequence[str],
        directory: Path,
        environment: Mapping[str, str],
        *,
        stdout: int,
        stderr: int,
        terminal: int | None = None,
    ) -> Iterator[Forked]:
        """Give `perfengine` with these words at work for the block; it is killed after it, if it lives.

        `environment` is all of its environment, the streams are descriptors. `terminal` is one of which the command
        is in the foreground, and its standard input; without, it has neither.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        streams = [stdout, stderr, *([] if terminal is None else [terminal])]
        with ours:
            with theirs:
                request = json.dumps([list(words), str(directory), dict(environment)]).encode()
                socket.send_fds(self._channel, [request], [*streams, theirs.fileno()])
            forked = Forked(ours)
            try:
                yield forked
            finally:
                forked.kill()
                forked.wait(_DEADLINE_S)

    def run(self, words: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Ended:
        """Return how `perfengine` with these words ended; `environment` is all of its environment."""
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            streams = {"stdout": stdout.fileno(), "stderr": stderr.fileno()}
            with self.running(words, directory, environment, **streams) as command:
                code = command.wait(_DEADLINE_S)
            return Ended(code, _text(stdout), _text(stderr))


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


@cache
def shared_forker() -> Forker:
    """Return the one for all tests of this process, started for the first who asks; it ends with this process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(forker())


@contextmanager
def forker() -> Iterator[Forker]:
    """Give the process for the block; it ends when the other end of its channel is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", str(theirs.fileno())],
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        try:
            yield Forker(ours)
        finally:
            ours.close()
            process.wait()
