"""Several processes that begin together, each in a session of its own, as perfengine's load processes are.

Linux shares processors out among sessions first (sched(7), "The autogroup feature"): two processes in one session
would get half of what they get in two. A session of its own is not reached by who ends its parent's, so each process
ends when the pipe from its parent does.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Barrier


def run_processes(work: Callable[[int, Callable[[], object]], None], processes: int) -> int:
    """Run `work(number, all_ready)` in so many processes; return 0 if all went well.

    `all_ready` blocks until every process has called it.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(processes)
    ours, theirs = os.pipe()

    def run(number: int, barrier: Barrier) -> None:
        os.setsid()
        os.close(theirs)
        threading.Thread(target=_end_with, args=(ours,), daemon=True).start()
        work(number, barrier.wait)

    children = [context.Process(target=run, args=(number, barrier)) for number in range(processes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return max(abs(child.exitcode or 0) for child in children)


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: it returns when the parent has ended
    os._exit(1)
