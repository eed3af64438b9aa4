"""Those who listen to a run that is watched: a Prometheus, a collector of OpenTelemetry, a reader of the web page.

They live in the process of the benchmark, so that what they cost is nobody's but theirs.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final
from urllib.request import urlopen

from benchmarks.arms.arm import BenchmarkError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

#: Prometheus asks every 15 s to 60 s, unless it is told to ask more often.
_SCRAPE_EVERY_S: Final = 5.0
_TRY_EVERY_S: Final = 0.05


@dataclass(slots=True)
class Heard:
    """How often each of them was told something."""

    scrapes: int = 0
    pushes: int = 0
    events: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def require_all(self) -> None:
        """Raise BenchmarkError where one of them was told nothing: then its cost was not measured."""
        if not (self.scrapes and self.pushes and self.events):
            raise BenchmarkError(
                f"{self.scrapes} scrapes, {self.pushes} pushes, {self.events} events: something was not listened to"
            )


@contextmanager
def listening(page: int, web: int) -> Iterator[tuple[str, Heard]]:
    """Scrape port `page`, read the events of port `web`, and give the address to push to, for the block."""
    heard = Heard()
    threads = [threading.Thread(target=_scrape, args=(page, heard))]
    threads.append(threading.Thread(target=_follow, args=(web, heard)))
    with _collector(heard) as address:
        for thread in threads:
            thread.start()
        try:
            yield address, heard
        finally:
            heard.over.set()
            for thread in threads:
                thread.join()


def _scrape(port: int, heard: Heard) -> None:
    while not heard.over.wait(_SCRAPE_EVERY_S):
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
            heard.scrapes += bool(page.read())


def _follow(port: int, heard: Heard) -> None:
    """Read the stream of events as a browser does, from when it is there until it ends."""
    while not heard.over.is_set():
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/events", timeout=10) as stream:
            _read_events(stream, heard)
        heard.over.wait(_TRY_EVERY_S)  # the page is there a moment after the run begins


def _read_events(stream: HTTPResponse, heard: Heard) -> None:
    for line in stream:
        heard.events += line.startswith(b"data:")


@contextmanager
def _collector(heard: Heard) -> Iterator[str]:
    """Take every push, and give where to."""

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            heard.pushes += 1
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
