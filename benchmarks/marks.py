"""The two edges of a measured phase, as lines that an arm prints."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_WORD: Final = "bench-mark"


class Edge(StrEnum):
    """Which end of the measured phase."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An edge: when it was, and how many operations had ended and failed by then; monotonic nanoseconds."""

    edge: Edge
    at_ns: int
    operations: float = 0.0
    failures: int = 0


def print_mark(edge: Edge, operations: int, failures: int = 0) -> None:
    """Print the edge with the time of now; in one piece, because processes may share their output."""
    sys.stdout.write(f"{_WORD} {edge.value} {time.monotonic_ns()} {operations} {failures}\n")
    sys.stdout.flush()


def parse_mark(line: str) -> Mark | None:
    """Return the mark that the line holds, None when it is another line."""
    words = line.split()
    if len(words) != 5 or words[0] != _WORD:
        return None
    return Mark(edge=Edge(words[1]), at_ns=int(words[2]), operations=float(words[3]), failures=int(words[4]))
