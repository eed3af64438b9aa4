"""A workload from the command line: what it says, and what the shell is answered when something is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
from typing import TYPE_CHECKING

import jsonschema
import pytest

from perfengine.report.result_schema import result_schema
from tests.integration.engine.commands import running
from tests.integration.engine.looking import Onlooker
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import load_processes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.cli.conftest import Perfengine

SLEEP = "{warmup: 0, ops: {sleep: {sql: SELECT pg_sleep(0.002), requirements: {p50: 5s}}}}"
ONLY = ("--filter", "sleep")


def write(directory: Path, text: str) -> Path:
    """Return the file of a parcel with a workload."""
    path = directory / "parcel.yaml"
    path.write_text(f"{PARCEL}{workload(text)}")
    return path


def last_line(words: str) -> str:
    """Return what a user reads last."""
    return words.strip().splitlines()[-1]


def test_clients_share_connections_over_processes(perfengine: Perfengine, dsn: str, tmp_path: Path) -> None:
    """The wait for a connection is in the report, and the result follows its schema."""
    options = (*ONLY, "--concurrency", "60", "--connections", "6", "--processes", "2", "--iterations", "600")
    reports = ("--report", "result.json", "--report", "result.txt")
    ended = perfengine("run", write(tmp_path, SLEEP), *options, *reports, "--dsn", dsn)
    assert ended.code == 0, ended.stdout + ended.stderr
    document = json.loads((tmp_path / "result.json").read_text())
    jsonschema.validate(document, result_schema())
    entry = document["results"]["sleep"]
    assert (entry["concurrency"], entry["connections"], entry["iterations"]) == (60, 6, 600)
    assert entry["pool_wait"]["mean"] > entry["service"]["mean"] > 0.002
    assert "connection" in (tmp_path / "result.txt").read_text()


@pytest.mark.parametrize(
    ("text", "options", "code", "words"),
    [
        pytest.param(
            SLEEP,
            ("--concurrency", "900", "--connections", "800", "--iterations", "900"),
            3,
            (
                "800 connections were asked for and",
                "can be had",
                "lower --connections or raise max_connections",
            ),
            id="more connections than the server has",
        ),
        pytest.param(
            "{setup: [CREATE TABLE note (id int), SELECT nosuch], ops: {sleep: {sql: SELECT 1}}}",
            ("--iterations", "10"),
            2,
            ('setup: column "nosuch" does not exist (SQLSTATE 42703), in: SELECT nosuch',),
            id="a set-up that fails",
        ),
        pytest.param(
            "{ops: {sleep: {sql: SELECT nosuch}}}",
            ("--iterations", "10"),
            2,
            (
                "parcel.yaml:",
                'operation "sleep": the server',
                'column "nosuch" does not exist (SQLSTATE 42703)',
            ),
            id="a statement that the server does not understand",
        ),
        pytest.param(SLEEP, ("--iterations", "10", "--rate", "0"), 2, ("--rate",), id="a rate of nothing"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    perfengine: Perfengine,
    dsn: str,
    tmp_path: Path,
    text: str,
    options: tuple[str, ...],
    code: int,
    words: tuple[str, ...],
) -> None:
    """And never with a traceback."""
    ended = perfengine("run", write(tmp_path, text), *ONLY, *options, "--dsn", dsn)
    assert ended.code == code, ended.stderr
    assert all(word in ended.stderr for word in words), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "\n" not in last_line(ended.stderr)


def test_a_load_process_that_is_killed_fails_the_run_with_what_it_measured(dsn: str, tmp_path: Path) -> None:
    """Exit 3; the result is written, and marked."""
    path = write(tmp_path, SLEEP)
    options = (*ONLY, "--duration", "2m", "--concurrency", "4", "--processes", "2", "--report", "result.json")
    with running(tmp_path, "run", str(path), *options, "--dsn", dsn) as command:
        command.wait_until_it_says("phase=measure operation=sleep rate=")
        (told,) = re.findall(r"rate=\S+ ok=(\d+)", command.stderr)
        os.kill(load_processes(command.process.pid)[0], signal.SIGKILL)
        assert command.ended_with() == 3, command.stderr
    document = json.loads((tmp_path / "result.json").read_text())
    jsonschema.validate(document, result_schema())
    assert document["ended"] == "failed"
    assert "was killed by signal 9" in document["incomplete"]
    assert document["results"]["sleep"]["iterations"] >= int(told) > 0
    assert document["results"]["sleep"]["cut_short"] == document["incomplete"]
    assert "Traceback" not in command.stderr


@pytest.fixture
def onlooker(dsn: str) -> Iterator[Onlooker]:
    """Yield somebody who looks at the database while it is loaded."""
    looking = Onlooker(dsn)
    yield looking
    looking.close()


def test_two_signals_end_an_open_load_at_once(dsn: str, onlooker: Onlooker, tmp_path: Path) -> None:
    """The first waits for statements that take long; the second does not."""
    path = write(tmp_path, "{warmup: 0, ops: {sleep: {sql: SELECT pg_sleep(20)}}}")
    options = (*ONLY, "--duration", "2m", "--concurrency", "4", "--rate", "50", "--processes", "2")
    with running(tmp_path, "run", str(path), *options, "--dsn", dsn) as command:
        onlooker.sleeping_client("pg_sleep(20)")
        command.process.send_signal(signal.SIGINT)
        command.process.send_signal(signal.SIGTERM)
        assert command.ended_with() in {130, 143}  # which of two signals comes first, the kernel decides
    assert "ended at once" in command.stderr
    with running(tmp_path, "cleanup", "--dsn", dsn) as cleaning:
        assert cleaning.ended_with() == 0, cleaning.stdout + cleaning.stderr
