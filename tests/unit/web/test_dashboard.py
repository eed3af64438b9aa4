"""The dashboard over its socket: what a run tells comes out as events, and its end is not missed."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from perfengine.engine.events import Detail, Unwatched, detail_of
from perfengine.web.dashboard import dashboard
from perfengine.web.feed import MOST_POINTS
from perfengine.web.showing import Showing, showing
from tests.shown_runs import tell_beginning, tell_second

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.web.dashboard import Dashboard

#: These tests run behind all others: a thread may wait long for a processor.
DEADLINE_S = 60


def _ask(address: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=DEADLINE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def _followed(address: str) -> Iterator[Iterator[tuple[str, Any]]]:
    """Yield the events of a run as a browser has them: by name, with their data."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=DEADLINE_S)
    connection.request("GET", "/events")
    answer = connection.getresponse()

    def events() -> Iterator[tuple[str, Any]]:
        name = ""
        for line in answer:
            if line.startswith(b"event: "):
                name = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                yield name, json.loads(line[6:])

    try:
        yield events()
    finally:
        answer.close()
        connection.close()


def _tell(shown: Dashboard) -> None:
    tell_beginning(shown)
    for second in (1, 2):
        tell_second(shown, second)


def test_a_reader_is_told_state_points_and_end() -> None:
    """One who comes late is told all points at once."""
    with dashboard(0) as (shown, address):
        _tell(shown)
        with _followed(address) as events:
            assert next(events) == ("begin", None)
            name, told = next(events)
            shown.end(b"<!doctype html>the report", timeout_s=0)
            rest = list(events)
    state = told["state"]
    assert name == "news"
    assert (state["scenario"], state["server"], state["notes"]) == ("order", "18.6", ["a note of order"])
    assert state["load"]["asked_per_s"] == pytest.approx(20)
    assert [one["verdict"] for one in state["judgements"]] == ["PASS"]
    point = told["points"][-1]
    assert (point["rate"], point["asked"], point["bad"]) == (3.0, 20.0, 1.0)
    assert (point["p50"], point["max"]) == (pytest.approx(6.0, rel=0.01), 90.0)
    assert (told["points"][0]["rate"], len(told["points"])) == (None, 3)
    assert [name for name, _ in rest] == ["news", "ended"]
    assert rest[-1][1] == {"report": True}


def test_a_phase_begins_with_a_gap() -> None:
    """Lines are not drawn across what was not measured, and its first second is not held against the phase before."""
    with dashboard(0) as (shown, address):
        _tell(shown)
        _tell(shown)
        with _followed(address) as events:
            next(events)
            points = next(events)[1]["points"]
    gaps = [place for place, point in enumerate(points) if point["rate"] is None]
    assert gaps == [0, 3]
    assert [point["rate"] for point in points if point["rate"] is not None] == [3.0] * 4


@contextmanager
def _following(address: str, *, asks: bool) -> Iterator[list[Any]]:
    """Follow a run in another thread for the block; yields what came at its end, and the report if it `asks`."""
    found: list[Any] = []
    begun = threading.Event()

    def follow() -> None:
        with _followed(address) as events:
            assert next(events) == ("begin", None)
            begun.set()
            found.extend(data for name, data in events if name == "ended")
            if asks:
                found.append(_ask(address, "/report"))

    reader = threading.Thread(target=follow)
    reader.start()
    assert begun.wait(DEADLINE_S)
    yield found
    reader.join(DEADLINE_S)


def test_the_end_waits_for_the_report_to_be_fetched() -> None:
    """By those who follow. Before the end there is none."""
    with dashboard(0) as (shown, address):
        assert _ask(address, "/report")[0] == 404
        with _following(address, asks=True) as found:
            shown.end(b"the report", timeout_s=DEADLINE_S)
    assert found == [{"report": True}, (200, b"the report")]


def test_nobody_there_is_waited_for() -> None:
    """A run that nobody watches ends at once: longer than the test may last would be told."""
    with dashboard(0) as (shown, _):
        shown.end(b"the report", timeout_s=1000)


def test_a_run_that_fails_ends_without_a_report() -> None:
    """Whatever ended it, its readers are told."""
    later = ExitStack()
    with later, pytest.raises(ZeroDivisionError), dashboard(0) as (_, address):  # noqa: PT012 - it ends the block
        found = later.enter_context(_following(address, asks=False))
        raise ZeroDivisionError
    assert found == [{"report": False}]


def test_a_reader_who_takes_nothing_holds_up_nobody() -> None:
    """Its buffers are full long before the last of these; what it has not taken is not kept."""
    with (
        dashboard(0) as (shown, address),
        socket.create_connection(("127.0.0.1", urlsplit(address).port)) as dead,
    ):
        dead.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        dead.sendall(f"GET /events HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n\r\n".encode())
        tell_beginning(shown)
        for second in range(1, 3 * MOST_POINTS):
            tell_second(shown, second)
        with _followed(address) as events:
            next(events)
            assert len(next(events)[1]["points"]) == MOST_POINTS


def test_who_asks_for_no_dashboard_gets_none() -> None:
    """The watch is the one that was given; with a dashboard both are told, and as much is looked at as one needs."""
    watch = Unwatched()
    with showing(None) as nothing:
        assert nothing.beside(watch) is watch
        nothing.end(lambda: pytest.fail("no report is made for nobody"))
    assert isinstance(nothing, Showing)
    with showing(0) as shown:
        assert detail_of(shown.beside(watch)) is Detail.JUDGEMENTS
