"""The command on a terminal: the live view is there, moves, and is gone in the end."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import struct
import termios
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.doubles.terminal import Terminal
from tests.forked import Forked, shared_forker
from tests.integration.cli.conftest import clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timed

ORDER = Path(__file__).parents[3] / "scenarios" / "order.yaml"
COLOURS = re.compile(r"\b3[0-7]\b")


class OnTerminal:
    """A command whose three streams are one terminal, of 100 columns and 30 lines."""

    def __init__(self, master: int, process: Forked) -> None:
        self._master = master
        self._process = process
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.written = ""

    def read_until(self, pattern: str) -> None:
        """Read until what was written matches. Raises: AssertionError when it ends before."""
        while not re.search(pattern, self.written, re.DOTALL):
            assert self._read(), f"ended without {pattern}: {self.written[-2000:]}"

    def read_to_end(self) -> int:
        """Return the exit code."""
        while self._read():
            pass
        return self._process.wait(30)

    def resize(self, columns: int) -> None:
        """Make the terminal as wide as that."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))

    def press(self, key: bytes) -> None:
        """Type a key."""
        os.write(self._master, key)

    def _read(self) -> bool:
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # Linux: the other end is closed
            return False
        self.written += self._decoder.decode(piece)  # a sign may come in two pieces
        return bool(piece)


@contextmanager
def on_terminal(directory: Path, *arguments: str, **environment: str) -> Iterator[OnTerminal]:
    """Give the running command; it is gone after the block."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    environment = {**clean_environment(), "TERM": "xterm", **environment}
    streams = {"stdout": slave, "stderr": slave, "terminal": slave}
    try:
        with shared_forker().running(arguments, directory, environment, **streams) as process:
            os.close(slave)
            yield OnTerminal(master, process)
    finally:
        os.close(master)


def run_of(dsn: str, *options: str) -> tuple[str, ...]:
    """Return the words of a short run."""
    return ("run", str(ORDER), "--filter", "order_query", "--concurrency", "2", "--dsn", dsn, *options)


def test_it_moves_and_is_gone_in_the_end(tmp_path: Path, dsn: str) -> None:
    """Frames follow the load and the size; after the run the terminal holds notes and report alone."""
    with on_terminal(tmp_path, *run_of(dsn, "--duration", "5s")) as command:
        command.read_until(r"connections in use")
        live = Terminal()
        live.feed(command.written[: command.written.rindex("\x1b[2K")])
        assert not live.shows_cursor
        assert re.search(r"p99 +max +bad", command.written)
        command.resize(60)
        command.read_until(r"p99 +bad")
        assert command.read_to_end() in {0, 4}
    seconds = re.findall(r"(0:0\d)/0:05", command.written)
    assert len(set(seconds)) >= 3, seconds
    assert re.search(r"order_query +[\d,]+ +[\d,]+ +\d", command.written)
    after = Terminal()
    after.feed(command.written)
    assert after.shows_cursor
    assert any(COLOURS.search(code) for code in after.colours)
    lines = after.text.splitlines()
    assert lines[0].startswith("target: ")
    assert "Performance Test Results for order" in lines
    assert not re.search(r"0:0\d/0:05|in use|loop lag|ok/s", after.text), after.text


def test_ctrl_c_leaves_the_terminal_clean(tmp_path: Path, dsn: str) -> None:
    """The frame is wiped, the cursor is back, and what was measured is reported; NO_COLOR holds."""
    with on_terminal(tmp_path, *run_of(dsn, "--duration", "60s"), NO_COLOR="1") as command:
        command.read_until(r"connections in use")
        command.press(b"\x03")
        assert command.read_to_end() == 130
    after = Terminal()
    after.feed(command.written)
    assert after.shows_cursor
    assert not any(COLOURS.search(code) for code in after.colours)
    assert "Test: order_query" in after.text
    assert "RESULT: INTERRUPTED" in after.text
    assert not re.search(r"\^C|/1:00|in use|loop lag|ok/s", after.text), after.text


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}])
def test_a_terminal_that_can_do_nothing_gets_lines(
    tmp_path: Path, dsn: str, environment: dict[str, str]
) -> None:
    """As a file does."""
    with on_terminal(tmp_path, *run_of(dsn, "--iterations", "40"), **environment) as command:
        assert command.read_to_end() in {0, 4}
    assert "\x1b" not in command.written
    assert "phase=measure operation=order_query" in command.written
