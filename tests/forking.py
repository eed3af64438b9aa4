"""The process that has imported all of perfengine, and forks the commands that `tests/forked.py` asks for."""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import socket
import sys
import termios
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

import perfengine
from perfengine.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import TextIOWrapper

_REQUEST_BYTES: Final = 1 << 20
_MOST_DESCRIPTORS: Final = 4


def serve(channel: socket.socket) -> bool:
    """Fork for each request who forks the command and waits for it; return True in what is the command."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(channel, _REQUEST_BYTES, _MOST_DESCRIPTORS)
        _reap()
        if not request:
            return False
        if os.fork() == 0:
            channel.close()
            *streams, teller = descriptors
            return _watched(request, streams, socket.socket(fileno=teller))
        for descriptor in descriptors:
            os.close(descriptor)


def _reap() -> None:
    """Take note of those who waited for commands and have gone."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watched(request: bytes, streams: Sequence[int], teller: socket.socket) -> bool:
    """Fork, tell the process id, then the exit code, and be gone; return True in what was forked."""
    pid = os.fork()
    if pid == 0:
        teller.close()
        words, directory, environment = json.loads(request)
        _become(words, directory, environment, streams)
        return True
    for descriptor in streams:
        os.close(descriptor)
    with suppress(OSError):  # nobody may want to know any more
        teller.send(str(pid).encode())
        teller.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
    os._exit(0)


def _become(words: list[str], directory: str, environment: dict[str, str], streams: Sequence[int]) -> None:
    """Take on what a shell would have given a new process."""
    os.setsid()
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, name in zip(streams, (1, 2, 0), strict=False):
        os.dup2(descriptor, name)
        os.close(descriptor)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C is a signal
    for stream in (sys.stdin, sys.stdout):
        cast("TextIOWrapper", stream).reconfigure(line_buffering=stream.isatty())
    sys.argv[1:] = words
    sys.path[0] = directory


def _run() -> None:
    """Run the command and end as Python does, but for taking apart what was imported."""
    code = 0
    try:
        main()
    except SystemExit as stop:
        if not isinstance(stop.code, int | None):
            raise
        code = stop.code or 0
    cast("Any", threading)._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def import_all() -> None:
    """Import every module of perfengine, and what its modules import late."""
    for module in pkgutil.walk_packages(perfengine.__path__, "perfengine."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for late in ("uvloop", "anyio._backends._asyncio"):
        importlib.import_module(late)


if __name__ == "__main__":
    import_all()
    gc.freeze()  # what is there already is neither looked at nor copied by those who are forked
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        _run()
