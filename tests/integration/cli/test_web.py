"""The dashboard of a real run, and the history served, as commands."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.integration.embedded.processes import wait_until
from tests.integration.engine.commands import Command, running
from tests.shown_runs import keep_two_runs

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Perfengine

ORDER = Path(__file__).parents[3] / "scenarios" / "order.yaml"


def _address(command: Command, before: str) -> str:
    """Return the address that it says, when it has said it."""
    said = re.compile(rf"^{before}: (http://127\.0\.0\.1:\d+/)", re.MULTILINE)
    wait_until(lambda: bool(said.search(command.stderr)) or command.process.poll() is not None)
    found = said.search(command.stderr)
    assert found, f"no address was said: {command.stderr}"
    return found[1]


def _connected(address: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path)
    return connection.getresponse()


@pytest.mark.parametrize("quietly", [(), ("--quiet",)])
def test_a_run_is_followed_to_its_report(tmp_path: Path, dsn: str, quietly: tuple[str, ...]) -> None:
    """Points for a reader who came in time, what the run ended with, and a process that ends when it was fetched.

    A quiet run says where, too: it once did not, and nobody could find its page.
    """
    asked = ("--filter", "order_query", "--duration", "3s", "--dsn", dsn, "--web", "--no-history", *quietly)
    with running(tmp_path, "run", str(ORDER), *asked) as command:
        address = _address(command, "web")
        points, name = [], ""
        with _connected(address, "/events") as events:
            for line in events:
                if line.startswith(b"event: "):
                    name = line[7:].strip().decode()
                elif line.startswith(b"data: ") and name == "news":
                    points += json.loads(line[6:])["points"]
        with _connected(address, "/report") as answer:
            report = answer.read().decode()
        assert command.ended_with() in {0, 4}, command.stderr
    assert [point for point in points if point["rate"]]
    assert "order_query" in report
    assert "Performance report" in report


def test_a_port_in_use_is_said_before_the_load(perfengine: Perfengine) -> None:
    """One line, exit code 2; of the history too."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for asked in (("run", ORDER, "--embedded", "--web-port", port), ("history", "serve", "--port", port)):
            ended = perfengine(*asked)
            assert (ended.code, ended.stdout) == (2, "")
            assert ended.stderr == (
                f"perfengine: port {port} of 127.0.0.1 is in use: name another, or 0 to have a free one chosen\n"
            )


def test_the_history_is_served_until_a_signal(tmp_path: Path) -> None:
    """The list, and no stack trace at its end."""
    keep_two_runs(tmp_path / "perf-results")
    with running(tmp_path, "history", "serve") as command:
        address = _address(command, "history")
        with _connected(address, "/") as answer:
            assert b"operation_01" not in answer.read()
            assert answer.status == 200
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 0
    assert len(command.stderr.partition(address)[2].splitlines()) == 1
