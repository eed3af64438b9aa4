"""A server of a few pages on 127.0.0.1, in threads of its own: who reads slowly holds up nobody else."""

from __future__ import annotations

import errno
import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from perfengine.errors import UsageError
from perfengine.web.answer import Answer, NotThere, Stream
from perfengine.web.guard import HEADERS, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.web.answer import Route

    _Request = socket.socket | tuple[bytes, socket.socket]  # of TCP it is a socket

LOOPBACK: Final = "127.0.0.1"
#: Connections at the same time; a browser holds one a page, and a few while it loads.
MOST_CONNECTIONS = 32
#: A reader who takes nothing for so long is let go.
PATIENCE_S = 10.0
#: What is being sent when the server is ended may take so long to be there.
DRAIN_S = 3.0


class Server(ThreadingHTTPServer):
    """Routes by path, answered while it runs."""

    daemon_threads = True  # the process does not wait for readers
    block_on_close = False
    request_queue_size = MOST_CONNECTIONS

    def __init__(self, port: int, routes: Mapping[str, Route]) -> None:
        """Take the port; 0 has one chosen. Raises: UsageError where another program has it."""
        self.routes = routes
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._answering: set[socket.socket] = set()
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except OSError as error:
            raise UsageError(_why_not(port, error)) from error

    @property
    def address(self) -> str:
        """Where to look: an URL."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def server_bind(self) -> None:
        """Take the port, without a look-up of this machine's name: that can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def process_request(self, request: _Request, client_address: object) -> None:
        """Answer in a thread of its own; a connection too many is closed."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: _Request, client_address: object) -> None:
        """Answer, then let the next one in."""
        if isinstance(request, socket.socket):
            self._answering.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._answering.discard(request)
            self._free.release()

    def drain(self, timeout_s: float) -> None:
        """Wait for answers that are on their way, so long; then hang up."""
        until = time.monotonic() + timeout_s
        for _ in range(MOST_CONNECTIONS):
            if not self._free.acquire(timeout=max(0.0, until - time.monotonic())):
                break
        for request in tuple(self._answering):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: _Request, client_address: object) -> None:
        """Say nothing: a reader who went away is no news, and stderr belongs to the run."""


class _Handler(BaseHTTPRequestHandler):
    """One request a connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "perfengine", ""
    timeout = PATIENCE_S

    def do_GET(self) -> None:
        """Answer a request."""
        self.close_connection = True
        refused = refusal(
            {name.lower(): value for name, value in self.headers.items()}, self.server.server_port
        )
        if refused is not None:
            self._send(_plain(403, refused))
            return
        asked = urlsplit(self.path)
        route = self.server.routes.get(asked.path)
        try:
            answer = route(dict(parse_qsl(asked.query))) if route else _plain(404, "no such page")
        except NotThere as absent:
            answer = _plain(404, str(absent))
        if isinstance(answer, Stream):
            self._stream(answer)
        else:
            self._send(answer)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _send(self, answer: Answer) -> None:
        self._begin(answer.status, answer.content_type, answer.policy)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _stream(self, answer: Stream) -> None:
        self._begin(200, "text/event-stream", "default-src 'none'")
        self.end_headers()
        for event in answer.events if self.command != "HEAD" else ():
            self.wfile.write(event)

    def _begin(self, status: int, content_type: str, policy: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Connection", "close")
        for name, value in HEADERS.items():
            self.send_header(name, value)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server passes
        """Keep quiet: stderr belongs to the run."""


def _plain(status: int, text: str) -> Answer:
    return Answer(body=f"{text}\n".encode(), content_type="text/plain; charset=utf-8", status=status)


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {LOOPBACK} is in use: name another, or 0 to have a free one chosen"
    return f"port {port} of {LOOPBACK} cannot be had: {error.strerror}"


@contextmanager
def serving(port: int, routes: Mapping[str, Route], *, drain_s: float = DRAIN_S) -> Iterator[Server]:
    """Serve for the block. Raises: UsageError where the port cannot be had, before the block."""
    with Server(port, routes) as server:
        thread = threading.Thread(
            target=server.serve_forever, name="perfengine-web", args=(0.1,), daemon=True
        )
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.drain(drain_s)
