"""What an arm is: a command, and how its output tells the edges of the measured phase."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from benchmarks.marks import parse_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from benchmarks.marks import Mark
    from benchmarks.scripts.orders import Orders
    from benchmarks.workload import Workload


class BenchmarkError(Exception):
    """An arm could not run, or did not do what it was told; no figure of it may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One load to be run by one arm."""

    orders: Orders
    orders_path: Path
    directory: Path  #: empty, for this load alone
    workload: Workload


def _counted_between(start: Mark, end: Mark) -> float:
    return end.operations - start.operations


def _believe(end: Mark, committed: int) -> None:
    """Raises: BenchmarkError when the arm has counted more operations than the server has committed."""
    if end.operations > committed:
        raise BenchmarkError(f"{end.operations:.0f} operations counted, {committed} committed by the server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to start the processes of a load and how to understand them."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stdout: Path | None = None  #: where to put stdout; marks are then read from stderr alone
    read_mark: Callable[[str], Mark | None] = parse_mark  #: from a line of output
    count: Callable[[Mark, Mark], float] = _counted_between  #: called when the process has ended
    ends_itself: bool = True  #: False: it is killed once the measured phase is over
    #: called at last with the last mark and what the server says it has committed; raises BenchmarkError
    verify: Callable[[Mark, int], None] = _believe


class Arm(Protocol):
    """A load generator."""

    @property
    def name(self) -> str:
        """Return the word in tables and JSON."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Return what was found installed. Raises: BenchmarkError when it is not."""

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
