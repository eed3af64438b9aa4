"""The dashboard of a real run, and the history served, as commands."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.integration.cli.conftest import clean_environment
from tests.shown_runs import keep_two_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.cli.conftest import Perfengine

ORDER = Path(__file__).parents[3] / "scenarios" / "order.yaml"


@contextmanager
def _started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "perfengine", *arguments],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _address(process: subprocess.Popen[str], before: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.match(rf"{before}: (http://127\.0\.0\.1:\d+/)", line):
            return found[1]
    raise AssertionError("no address was said")


def _connected(address: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path)
    return connection.getresponse()


@pytest.mark.parametrize("quietly", [(), ("--quiet",)])
def test_a_run_is_followed_to_its_report(tmp_path: Path, dsn: str, quietly: tuple[str, ...]) -> None:
    """Points for a reader who came in time, what the run ended with, and a process that ends when it was fetched.

    A quiet run says where, too: it once did not, and nobody could find its page.
    """
    asked = ("--filter", "order_query", "--duration", "2s", "--dsn", dsn, "--web", "--no-history", *quietly)
    with _started(tmp_path, "run", str(ORDER), *asked) as process:
        address = _address(process, "web")
        points, name = [], ""
        with _connected(address, "/events") as events:
            for line in events:
                if line.startswith(b"event: "):
                    name = line[7:].strip().decode()
                elif line.startswith(b"data: ") and name == "news":
                    points += json.loads(line[6:])["points"]
        with _connected(address, "/report") as answer:
            report = answer.read().decode()
        assert process.stderr is not None
        said = process.stderr.read()
        assert process.wait(30) in {0, 4}, said
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
    with _started(tmp_path, "history", "serve") as process:
        with _connected(_address(process, "history"), "/") as answer:
            assert b"operation_01" not in answer.read()
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(10) == 0
