"""A real run with everything that can be exported of it: raw attempts, metrics, and its reports rendered again."""

from __future__ import annotations

import csv
import gzip
import json
import re
import signal
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.engine.outputs import write_outputs
from perfengine.metrics.hdr_codec import decode
from perfengine.stats.hdr import percentile
from tests.integration.engine.commands import running
from tests.results import make_guide_run
from tests.scraping import parsed, scraped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Perfengine

PARCEL = """
name: parcel
fields:
  id: uuid
  weight: decimal
workload:
  mode: mix
  mix: {parcel_query: 3, refused: 1}
  ops:
    refused: {sql: SELECT 1 / 0}
"""
REPORTS = ("run.json", "run.txt", "run.xml", "run.md", "run.csv", "run.series.csv", "run.hlog", "run.prom")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Return a scenario with an operation that always fails."""
    path = tmp_path / "parcel.yaml"
    path.write_text(PARCEL)
    return path


def test_one_run_is_the_same_everywhere(
    scenario: Path, dsn: str, tmp_path: Path, perfengine: Perfengine
) -> None:
    """In its JSON, in the raw attempts, in a scrape, and in the reports that are made of it later."""
    words = ["run", scenario.name, "--dsn", dsn, "-c", "4", "--processes", "2", "--iterations", "4000"]
    words += ["--warmup", "100ms", "--no-history", "--raw", "raw.csv.gz", "--metrics-listen", "127.0.0.1:0"]
    words += ["--metrics-linger", "60s", *(word for name in REPORTS for word in ("--report", name))]
    with running(tmp_path, *words) as command:
        command.wait_until_it_says("written: run.prom")
        address = re.search(r"^metrics: (\S+)$", command.stderr, re.MULTILINE)
        assert address, command.stderr
        page = scraped(address[1])
        command.process.send_signal(signal.SIGINT)
        assert command.ended_with() == 3, command.stderr  # an operation had no ok attempt
    document = json.loads((tmp_path / "run.json").read_text())
    entries = {**document["results"], **document["failed_operations"]}
    assert set(entries) == {"parcel_query", "refused"}
    _check_scrape(page, entries)
    _check_raw(tmp_path / "raw.csv.gz", entries)
    (tmp_path / "again").mkdir()
    again = perfengine(
        "report", "run.json", *(word for name in REPORTS for word in ("--report", f"again/{name}"))
    )
    assert again.code == 0, again.stderr
    for name in REPORTS:
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / name).read_bytes(), name
    assert perfengine("report", "run.json", PYTHONUTF8="1").stdout == command.stdout


def _check_scrape(page: str, entries: dict[str, Any]) -> None:
    samples = {
        (sample.name, *(sample.labels.get(label, "") for label in ("operation", "outcome", "sqlstate"))): (
            sample.value
        )
        for family in parsed(page)
        for sample in family.samples
    }
    for name, entry in entries.items():
        for outcome in ("ok", "error", "refused", "timeout"):
            told = samples["perfengine_attempts_total", name, outcome, ""]
            assert told == entry["outcomes"][outcome]
    query = entries["parcel_query"]
    assert samples["perfengine_operation_latency_seconds_count", "parcel_query", "", ""] == query["samples"]
    total = samples["perfengine_operation_latency_seconds_sum", "parcel_query", "", ""]
    assert total == pytest.approx(query["mean"] * query["samples"])
    assert samples["perfengine_errors_total", "refused", "", "22012"] == entries["refused"]["iterations"]


def _check_raw(path: Path, entries: dict[str, Any]) -> None:
    lines = gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)
    assert lines[0].startswith("# perfengine raw attempts; 0 ns is ")
    rows = list(csv.DictReader(lines[1:]))
    assert {row["process"] for row in rows} == {"0", "1"}
    for name, entry in entries.items():
        own = [row for row in rows if row["operation"] == name]
        assert len(own) == entry["iterations"]
        for outcome in ("ok", "error"):
            assert sum(row["outcome"] == outcome for row in own) == entry["outcomes"][outcome]
    assert {row["sqlstate"] for row in rows if row["operation"] == "refused"} == {"22012"}
    latencies = sorted(
        int(row["done_ns"]) - int(row["due_ns"]) for row in rows if row["operation"] == "parcel_query"
    )
    counts = decode(entries["parcel_query"]["histograms"]["response"])
    assert latencies[-1] / 1e9 == entries["parcel_query"]["max"]
    for q in (0.5, 0.99):
        exact = latencies[-(-round(q * 1000) * len(latencies) // 1000) - 1]
        assert exact <= percentile(counts, len(latencies), q) <= exact * 1.001 + 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--report", "run.pdf"), "--report run.pdf: unknown ending; one of: .json, "),
        (("--report", "run.json/below.md"), "run.json is no directory"),
        (("--format", "pdf"), "--format pdf: no such format; one of: json, "),
    ],
)
def test_a_wrong_command_is_said_in_a_line(
    perfengine: Perfengine, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """With exit code 2."""
    write_outputs(make_guide_run(), [tmp_path / "run.json"])
    ended = perfengine("report", "run.json", *words)
    assert (ended.code, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"version": "2.0", "results": {}}', "version 2.0 is newer than what this perfengine reads, 1"),
        ('{"version": "1.0", "resul', "ends in the middle: the file was cut off"),
        ("{}", 'is no result: there is no "results" in it'),
    ],
)
def test_a_file_that_is_no_result_ends_with_2(
    perfengine: Perfengine, tmp_path: Path, text: str, message: str
) -> None:
    """Without a traceback."""
    (tmp_path / "run.json").write_text(text)
    ended = perfengine("report", "run.json")
    assert (ended.code, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--raw", "raw.csv"), "--raw raw.csv: the name of a file of raw attempts ends in .csv.gz"),
        (("--raw", "raw.csv.gz", "--raw-limit", "much"), '--raw-limit: "much" is not a size'),
        (("--metrics-linger", "10s"), "--metrics-linger belongs to a page of metrics"),
        (("--metrics-listen", "here"), "no address, write 127.0.0.1:9464"),
        (("--otlp-endpoint", "collector:4317"), "no URL, write http://localhost:4318"),
    ],
)
def test_wrong_options_are_said_before_the_load(
    perfengine: Perfengine, scenario: Path, words: tuple[str, ...], message: str
) -> None:
    """No server is asked for it."""
    ended = perfengine(
        "run", scenario.name, "--no-history", "--dsn", "postgresql://nobody@127.0.0.1:1/x", *words
    )
    assert ended.code == 2
    assert message in ended.stderr
