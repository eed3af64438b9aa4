"""Progress on stderr: a live table on a terminal, a line every few seconds elsewhere. In the parent process only."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from perfengine.engine.events import Event, Note, OperationEnded, PhaseBegan
from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.engine.events import Watch
    from perfengine.model.measurement import Snapshot
    from perfengine.model.summary import OperationSummary

#: Elsewhere than on a terminal: seconds between two lines of one phase.
LINE_PERIOD_S = 5.0
#: Finished operations that the live table keeps in sight.
ROWS_IN_SIGHT = 10


@contextmanager
def progress_display(*, quiet: bool, no_color: bool) -> Iterator[Watch]:
    """Give the function that shows a run's events, for the block."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        console = Console(stderr=True, no_color=no_color or None)
        with Live(console=console, transient=True, auto_refresh=False) as live:
            yield LiveTable(live).show
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
        elif time.monotonic() - self._last >= LINE_PERIOD_S:
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


class LiveTable:
    """Finished operations above, the one in flight below, redrawn when something is told."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._done: list[OperationSummary] = []
        self._phase: PhaseBegan | None = None
        self._snapshot: Snapshot | None = None

    def show(self, event: Event) -> None:
        """Take the event and redraw."""
        if isinstance(event, Note):
            self._live.console.print(event.text, markup=False, highlight=False)
        elif isinstance(event, PhaseBegan):
            self._phase, self._snapshot = event, None
        elif isinstance(event, OperationEnded):
            self._done.append(event.summary)
        else:
            self._snapshot = event
        self._live.update(self._draw(), refresh=True)

    def _draw(self) -> RenderableType:
        if not self._done and (self._phase is None or self._phase.plan is None):
            return Text(self._title(), style="bold")
        table = Table(box=None, pad_edge=False, title=self._title(), title_justify="left", title_style="bold")
        table.add_column("operation", no_wrap=True)
        for name in ("ok", "bad", "per second", "p50", "p99"):
            table.add_column(name, justify="right", no_wrap=True)
        hidden = len(self._done) - ROWS_IN_SIGHT
        if hidden > 0:
            table.add_row(f"… {hidden} more", style="dim")
        for summary in self._done[-ROWS_IN_SIGHT:]:
            table.add_row(*_done_row(summary), style="dim")
        if self._phase and self._phase.plan:
            table.add_row(*self._current_row(self._phase.plan.name), style="bold")
        return table

    def _title(self) -> str:
        began = self._phase
        if began is None or began.plan is None:
            return began.phase if began else ""
        return f"{began.phase}, {began.number} of {began.total}, {began.plan.clients} clients"

    def _current_row(self, name: str) -> list[str]:
        event = self._snapshot
        if event is None:
            return [name]
        rate = event.ok * NS_PER_S / event.elapsed_ns if event.elapsed_ns else 0.0
        total = sum(event.latest.counts.values())
        latencies = [_ms(percentile(event.latest.counts, total, q)) for q in (0.5, 0.99)] if total else []
        return [name, f"{event.ok:,}", f"{event.bad:,}", f"{rate:,.0f}", *latencies]


def _done_row(summary: OperationSummary) -> list[str]:
    found = summary.latency.percentiles if summary.latency else {}
    return [
        summary.operation.name,
        f"{summary.ok:,}",
        f"{summary.attempts - summary.ok:,}",
        f"{summary.throughput_per_s:,.0f}",
        *(_ms(found[q]) for q in (50.0, 99.0) if q in found),
    ]


def _ms(latency_ns: int) -> str:
    return f"{latency_ns / NS_PER_MS:.2f} ms"
