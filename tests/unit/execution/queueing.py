"""What a queue with so many servers does with arrivals: an oracle that knows nothing of clients and event loops."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heapreplace
from typing import TYPE_CHECKING

from perfengine.execution.window import NEVER_NS

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class Outcome:
    """Of each arrival that was due, by number."""

    begun_ns: dict[int, int] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)


def simulate(
    due_ns: Sequence[int],
    takes_ns: Sequence[int],
    *,
    servers: int,
    max_in_flight: int | None,
    end_ns: int,
    last_begin_ns: int,
) -> Outcome:
    """Return what becomes of arrivals that are served first come, first served, and dropped when too many are there.

    What is due at `end_ns` or later does not come; nothing begins after `last_begin_ns`. An arrival meets those that
    leave at its very instant.
    """
    outcome, free_ns = Outcome(), [0] * servers
    leave_ns: list[int] = []
    for number, due in enumerate(due_ns):
        in_flight = sum(leave >= due for leave in leave_ns)
        if due >= end_ns:
            break
        begin = max(due, free_ns[0])
        if max_in_flight is not None and in_flight >= max_in_flight:
            outcome.dropped.append(number)
        elif begin > last_begin_ns:
            outcome.dropped.append(number)
            leave_ns.append(NEVER_NS)  # it waits, in vain
        else:
            outcome.begun_ns[number] = begin
            leave_ns.append(begin + takes_ns[number])
            heapreplace(free_ns, leave_ns[-1])
    return outcome
