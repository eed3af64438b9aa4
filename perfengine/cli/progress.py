"""Progress on stderr: the live view on a terminal, a line every few seconds elsewhere. In the parent process only."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from perfengine.cli.screen import screen
from perfengine.engine.events import Event, Note, OperationEnded, PhaseBegan, Unwatched
from perfengine.model.measurement import Snapshot
from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.engine.events import Watch
    from perfengine.live.follow import Follower
    from perfengine.model.summary import OperationSummary

#: Elsewhere than on a terminal: seconds between two lines of one phase.
LINE_PERIOD_S = 5.0


@contextmanager
def progress_display(*, quiet: bool, no_color: bool, follower: Follower | None = None) -> Iterator[Watch]:
    """Give what shows a run's events, for the block; `follower` is one that others ask, too."""
    if quiet:
        yield Unwatched()
        return
    console = Console(stderr=True, no_color=no_color or None)
    # FORCE_COLOR makes a terminal of anything; TERM=dumb and TTY_INTERACTIVE=0 make none of one
    if sys.stderr.isatty() and console.is_interactive and not console.is_dumb_terminal:
        with screen(console, follower) as watch:
            yield watch
    else:
        yield Lines().show


class Lines:
    """A line when a phase begins, and one every few seconds while it lasts: `key=value`, easy to grep."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._last = 0.0
        self._previous = (0, 0)

    def show(self, event: Event) -> None:
        """Print the event, if it is time for it."""
        if isinstance(event, Note):
            self._print(event.text)
        elif isinstance(event, PhaseBegan):
            self._last, self._previous = time.monotonic(), (0, 0)
            self._print(self._phase(event))
        elif isinstance(event, OperationEnded):
            self._print(self._ended(event.summary))
        elif isinstance(event, Snapshot) and time.monotonic() - self._last >= LINE_PERIOD_S:
            self._last = time.monotonic()
            self._print(self._snapshot(event))

    def _print(self, text: str) -> None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def _time(self) -> str:
        return f"t={time.monotonic() - self._began:.1f}s"

    def _phase(self, event: PhaseBegan) -> str:
        if event.plan is None:
            return f"{self._time()} phase={event.phase.replace(' ', '-')}"
        name, clients = event.plan.name, event.plan.clients
        return (
            f"{self._time()} phase={event.phase.replace(' ', '-')} operation={name} "
            f"number={event.number}/{event.total} clients={clients}"
        )

    def _snapshot(self, event: Snapshot) -> str:
        ok, elapsed_ns = event.ok - self._previous[0], event.elapsed_ns - self._previous[1]
        self._previous = (event.ok, event.elapsed_ns)
        rate = ok * NS_PER_S / elapsed_ns if elapsed_ns > 0 else 0.0
        return (
            f"{self._time()} phase=measure operation={event.operation} rate={rate:.1f}/s ok={event.ok} "
            f"bad={event.bad}{_latencies(event)}"
        )

    def _ended(self, summary: OperationSummary) -> str:
        bad = summary.attempts - summary.ok
        return (
            f"{self._time()} phase=done operation={summary.operation.name} "
            f"rate={summary.throughput_per_s:.1f}/s ok={summary.ok} bad={bad}"
        )


def _latencies(event: Snapshot) -> str:
    total = sum(event.latest.counts.values())
    if not total:
        return ""
    p50, p99 = (percentile(event.latest.counts, total, q) / NS_PER_MS for q in (0.5, 0.99))
    return f" p50={p50:.2f}ms p99={p99:.2f}ms"
