"""`perfengine` as a process of its own without the start of Python: forked from one that has imported it all.

To import the package takes longer than most commands take to do their work. What is forked has its own streams,
directory, environment and exit code, as a command has that a shell starts. How a command starts, what it imports and
what that costs is not seen this way: for that, start Python.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import perfengine
from perfengine.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
_REQUEST_BYTES: Final = 1 << 20
_DEADLINE_S: Final = 110.0


@dataclass(frozen=True)
class Ended:
    """A command that ended."""

    code: int
    stdout: str
    stderr: str


class Forker:
    """The process that has imported it all, seen by who wants commands run."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def run(self, words: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Ended:
        """Return how `perfengine` with these words ended; `environment` is all of its environment."""
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            request = json.dumps([list(words), str(directory), dict(environment)]).encode()
            socket.send_fds(self._channel, [request], [stdout.fileno(), stderr.fileno()])
            pid = int(self._channel.recv(64))
            try:
                code = int(self._channel.recv(64))
            except TimeoutError:
                os.kill(pid, 9)
                raise
            return Ended(code, _text(stdout), _text(stderr))


def _text(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


@contextmanager
def forker() -> Iterator[Forker]:
    """Give the process for the block; it ends when the other end of its channel is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(_DEADLINE_S)
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
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


def serve(channel: socket.socket) -> bool:
    """Fork for each request and tell its process id, then its exit code; return True in what was forked."""
    while True:
        request, streams, _, _ = socket.recv_fds(channel, _REQUEST_BYTES, 2)
        if not request:
            return False
        pid = os.fork()
        if pid == 0:
            channel.close()
            words, directory, environment = json.loads(request)
            _become(words, directory, environment, streams)
            return True
        for descriptor in streams:
            os.close(descriptor)
        channel.send(str(pid).encode())
        channel.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())


def _become(words: list[str], directory: str, environment: dict[str, str], streams: Sequence[int]) -> None:
    """Take on what a shell would have given a new process."""
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, name in zip(streams, (1, 2), strict=True):
        os.dup2(descriptor, name)
        os.close(descriptor)
    sys.argv[1:] = words
    sys.path[0] = directory


def import_all() -> None:
    """Import every module of perfengine, and what its modules import late."""
    for module in pkgutil.walk_packages(perfengine.__path__, "perfengine."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for late in ("uvloop", "anyio._backends._asyncio"):
        importlib.import_module(late)


if __name__ == "__main__":
    import_all()
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        main()
