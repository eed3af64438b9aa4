"""The bare asyncpg loop: the floor."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks.arms.arm import Launch, Load
from benchmarks.marks import Mark, parse_mark

if TYPE_CHECKING:
    from collections.abc import Mapping


class Together:
    """Makes one mark of those that so many processes print at an edge: the sum of all, at the mean of their times."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._marks: list[Mark] = []

    def read_mark(self, line: str) -> Mark | None:
        """Return the mark of all, when the line is the last one of an edge."""
        mark = parse_mark(line)
        if mark is None:
            return None
        self._marks.append(mark)
        of_edge = [each for each in self._marks if each.edge is mark.edge]
        if len(of_edge) < self._processes:
            return None
        return Mark(
            edge=mark.edge,
            at_ns=sum(each.at_ns for each in of_edge) // self._processes,
            operations=sum(each.operations for each in of_edge),
            failures=sum(each.failures for each in of_edge),
        )


@dataclass(frozen=True, slots=True)
class Bare:
    """benchmarks/scripts/bare_loop.py, in the environment of perfengine."""

    processes: int = 1
    name: str = "bare asyncpg"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return the driver, the loop and the interpreter."""
        return {
            "python": sys.version.split()[0],
            "asyncpg": version("asyncpg"),
            "uvloop": version("uvloop"),
        }

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        del load  # the orders say it all
        return Launch(
            command=(sys.executable, "-m", "benchmarks.scripts.bare_loop", f"--processes={self.processes}"),
            read_mark=Together(self.processes).read_mark,
        )
