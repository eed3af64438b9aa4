"""All that tells a run to others while it goes on, as one watch beside that of the terminal."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.engine.beside import Beside
from perfengine.engine.events import Note
from perfengine.exporters.otlp import otlp_push
from perfengine.exporters.scrape import scrape_page
from perfengine.exporters.totals import RunTotals
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfengine.engine.events import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is asked for."""

    listen: str | None = None  #: the address of a page for Prometheus
    otlp: bool = False
    otlp_endpoint: str | None = None  #: None: what the environment says
    linger_ns: int = 0  #: the page stays so long after the run

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self.listen is None and not self.otlp


class Exports:
    """What is exported of one run."""

    def __init__(self, totals: RunTotals | None, url: str | None, linger_ns: int) -> None:
        self._totals, self._url, self._linger_ns = totals, url, linger_ns

    @property
    def address(self) -> str | None:
        """Where the page for Prometheus is; None where there is none."""
        return self._url

    def beside(self, watch: Watch) -> Watch:
        """Return a watch that tells both; the one that was given alone where nothing is exported."""
        if self._url:
            watch(Note(text=f"metrics: {self._url}"))
        return watch if self._totals is None else Beside(watch, self._totals)

    def linger(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Stay, so that the last values are scraped; Ctrl-C ends it."""
        if self._url and self._linger_ns:
            try:
                sleep(self._linger_ns / NS_PER_S)
            except KeyboardInterrupt:
                return


@contextmanager
def exporting(request: ExportRequest, say: Callable[[str], None]) -> Iterator[Exports]:
    """Export for the block. What went wrong with it is said at its end, a line each.

    Raises: UsageError for an address or a URL that is none or is taken, and without the extra that it takes.
    """
    if request.is_empty:
        yield Exports(None, None, 0)
        return
    totals = RunTotals()
    push = url = None
    with ExitStack() as stack:
        if request.listen is not None:
            url = stack.enter_context(scrape_page(request.listen, totals.families))
        if request.otlp:
            push = stack.enter_context(otlp_push(request.otlp_endpoint, totals.families))
        yield Exports(totals, url, request.linger_ns)
    if push and push.note:
        say(push.note)
