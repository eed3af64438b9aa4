"""The server, over a real socket of this machine."""

from __future__ import annotations

import http.client
import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import ExitCode, UsageError
from perfengine.web.answer import CARRIES_ITS_OWN, Answer, NotThere, Stream, event
from perfengine.web.server import MOST_CONNECTIONS, Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.web.answer import Route

#: These tests run behind all others: a thread may wait long for a processor.
DEADLINE_S = 60


def _absent(_: Mapping[str, str]) -> Answer:
    raise NotThere("no run 7")


def _broken(_: Mapping[str, str]) -> Answer:
    raise ZeroDivisionError


_ROUTES: Mapping[str, Route] = {
    "/": lambda _: Answer(body=b"<!doctype html>"),
    "/report": lambda _: Answer(body=b"report", policy=CARRIES_ITS_OWN),
    "/echo": lambda query: Answer(body=query["run"].encode(), content_type="text/plain"),
    "/absent": _absent,
    "/broken": _broken,
    "/events": lambda _: Stream(events=iter([event("news", {"now": "<é>"}), event("ended", None)])),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a server at work."""
    with serving(0, _ROUTES) as running:
        yield running


def _ask(
    server: Server, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=DEADLINE_S)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_a_page_comes_with_a_policy_that_lets_nothing_else_in(server: Server) -> None:
    """And is neither kept by the browser nor shown in a frame of others."""
    status, headers, body = _ask(server, "/")
    assert (status, body) == (200, b"<!doctype html>")
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "python" not in headers["server"].lower()


def test_a_page_may_carry_a_policy_of_its_own(server: Server) -> None:
    """The report, whose scripts are in it."""
    assert _ask(server, "/report")[1]["content-security-policy"] == "frame-ancestors 'none'"


def test_the_query_reaches_the_route(server: Server) -> None:
    """Decoded."""
    assert _ask(server, "/echo?run=a%2Fb")[2] == b"a/b"


def test_events_come_as_lines_of_json(server: Server) -> None:
    """As the EventSource of a browser reads them."""
    status, headers, body = _ask(server, "/events")
    assert (status, headers["content-type"]) == (200, "text/event-stream")
    assert body == b'event: news\ndata: {"now": "<\\u00e9>"}\n\nevent: ended\ndata: null\n\n'


@pytest.mark.parametrize(("path", "text"), [("/none", b"no such page\n"), ("/absent", b"no run 7\n")])
def test_what_is_not_there_is_said(server: Server, path: str, text: bytes) -> None:
    """In plain text: a path is never put into a page."""
    status, headers, body = _ask(server, path)
    assert (status, body) == (404, text)
    assert headers["content-type"].startswith("text/plain")


def test_others_are_refused(server: Server) -> None:
    """By the name that they asked for; and nothing but reading is known."""
    assert _ask(server, "/", headers={"Host": "evil.example"})[0] == 403
    assert _ask(server, "/", method="POST")[0] == 501


def test_head_gives_no_body(server: Server) -> None:
    """Not even of a stream."""
    assert _ask(server, "/", method="HEAD")[2] == b""
    assert _ask(server, "/events", method="HEAD")[2] == b""


def test_a_route_that_fails_ends_its_own_connection_only(
    server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    """In silence: stderr belongs to the run."""
    with pytest.raises(http.client.RemoteDisconnected):
        _ask(server, "/broken")
    assert _ask(server, "/")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_readers_who_say_nothing_take_up_a_bounded_number_of_threads() -> None:
    """One too many is let go at once. Nobody has asked this server before, whose thread might still be ending."""
    with serving(0, _ROUTES) as server, ExitStack() as silent:
        for _ in range(MOST_CONNECTIONS):
            address = ("127.0.0.1", server.server_port)
            silent.enter_context(socket.create_connection(address, DEADLINE_S))
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            _ask(server, "/")


def test_a_port_that_another_has_is_one_line_of_usage(server: Server) -> None:
    """Before anything else has happened."""
    with pytest.raises(UsageError, match=rf"port {server.server_port} of 127\.0\.0\.1 is in use") as error:
        Server(server.server_port, {})
    assert error.value.exit_code == ExitCode.INPUT


def test_a_port_can_be_had_again_at_once() -> None:
    """By the next run with the same `--web-port`, although connections of the last one linger in the kernel."""
    with serving(0, _ROUTES) as first:
        assert _ask(first, "/")[0] == 200
    with serving(first.server_port, _ROUTES) as again:
        assert _ask(again, "/")[0] == 200
