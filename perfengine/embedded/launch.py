"""Start a keeper, hear its answer, let it go."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.embedded.environment import server_environment
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.embedded.order import Order

Keeper = subprocess.Popen[bytes]

_SCRIPT: Final = Path(__file__).with_name("keeper.py")
_GRACE_S: Final = 30.0  #: an immediate shutdown takes milliseconds, the keeper insists after ten seconds
_REMEDY: Final = "free what the log asks for, set TMPDIR to another directory, or name a server with --dsn"


def start_keeper(order: Order, lock: int) -> Keeper:
    """Return the keeper at work on the order; it holds the directory's lock from now on.

    It runs in a session of its own: a Ctrl-C in the terminal is for perfengine to handle. Raises: TargetError.
    """
    with Path(order.log).open("ab") as log:
        try:
            keeper = subprocess.Popen(  # noqa: S603 - our own interpreter and script
                [sys.executable, "-I", "-S", str(_SCRIPT), order.directory],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=server_environment(),
                cwd="/",
                start_new_session=True,
                pass_fds=(lock,),
            )
        except OSError as error:
            raise TargetError(
                f"cannot start {sys.executable or 'Python'} for the embedded server: {error}"
            ) from error
    _tell(keeper, json.dumps(asdict(order)).encode() + b"\n")
    return keeper


def hear_settings(keeper: Keeper, order: Order) -> Mapping[str, str]:
    """Return the settings of the server, ready for clients.

    Raises: TargetError with the last lines of the log when it did not start; the keeper is gone then.
    """
    try:
        message = json.loads(_read_line(keeper, 3 * order.step_timeout_s + _GRACE_S) or b"{}")
    except BaseException:
        release(keeper)
        raise
    if "settings" in message:
        settings: Mapping[str, str] = message["settings"]
        return settings
    release(keeper)
    cause = message.get("failed", "its keeper ended without a word")
    log = "".join(f"\n  {line}" for line in message.get("log", ()))
    raise TargetError(
        f"the embedded server in {order.directory} did not start: {cause}{log}\nTo do: {_REMEDY}"
    )


def release(keeper: Keeper) -> None:
    """Return when the keeper has ended, and with it an ephemeral server and its directory."""
    _tell(keeper, b"stop\n")
    for pipe in (keeper.stdin, keeper.stdout):
        if pipe is not None:
            pipe.close()
    try:
        keeper.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.wait()


def _tell(keeper: Keeper, words: bytes) -> None:
    if keeper.stdin is None or keeper.stdin.closed:
        return
    try:
        while words:
            words = words[os.write(keeper.stdin.fileno(), words) :]
    except BrokenPipeError:  # it is gone: its answer, or the lack of one, says why
        return


def _read_line(keeper: Keeper, timeout_s: float) -> bytes:
    """Return the answer; nothing when the keeper ended or the time was over."""
    if keeper.stdout is None:
        return b""
    poll = select.poll()
    poll.register(keeper.stdout, select.POLLIN)
    deadline, line = time.monotonic() + timeout_s, b""
    while not line.endswith(b"\n") and poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        if not (piece := os.read(keeper.stdout.fileno(), 65536)):
            return b""
        line += piece
    return line if line.endswith(b"\n") else b""
