"""`perfengine` as a process that is signalled while it works."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.forked import Forked, shared_forker
from tests.integration.engine.runs import load_processes
from tests.seed import order_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEADLINE_S = 60.0


@dataclass(frozen=True)
class Command:
    """A command at work, or ended; what it says is in files."""

    process: Forked
    directory: Path

    @property
    def stdout(self) -> str:
        """What it printed."""
        return (self.directory / "stdout").read_text()

    @property
    def stderr(self) -> str:
        """What it told on the way."""
        return (self.directory / "stderr").read_text()

    def wait_until_it_says(self, words: str) -> None:
        """Return when the words are on stderr. Fails after a minute, or when it ended without them."""
        deadline = time.monotonic() + DEADLINE_S
        while words not in self.stderr:
            assert self.process.poll() is None, f"it ended without {words!r}:\n{self.stderr}"
            assert time.monotonic() < deadline, f"it never said {words!r}:\n{self.stderr}"
            time.sleep(0.01)  # a poll with a deadline: another process writes

    def load_process(self) -> int:
        """Return the process id of its load process."""
        (pid,) = load_processes(self.process.pid)
        return pid

    def ended_with(self) -> int:
        """Return its exit code when it has ended. Fails after a minute."""
        return self.process.wait(DEADLINE_S)


@contextmanager
def running(directory: Path, *arguments: str) -> Iterator[Command]:
    """Give a command at work for the block; it is killed after it, if it lives."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PG") and not name.endswith("DATABASE_URL")
    }
    with (
        (directory / "stdout").open("wb") as stdout,
        (directory / "stderr").open("wb") as stderr,
        shared_forker().running(
            arguments, directory, environment, stdout=stdout.fileno(), stderr=stderr.fileno()
        ) as process,
    ):
        yield Command(process, directory)


@contextmanager
def loading(directory: Path, dsn: str, *options: str) -> Iterator[Command]:
    """Give a run that inserts orders for two minutes, unless something ends it."""
    scenario = directory / "order.yaml"
    scenario.write_text(order_document())
    load = ("--duration", "2m", "--concurrency", "8", "--data-size", "100", "--filter", "order_create")
    report = ("--report", "result.json", "--dsn", dsn)
    with running(directory, "run", str(scenario), *load, *report, *options) as command:
        yield command
