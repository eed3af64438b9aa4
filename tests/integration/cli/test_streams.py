"""What goes to which stream."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Perfengine

ORDER = Path(__file__).parents[3] / "scenarios" / "order.yaml"
QUICK = (
    "--concurrency",
    "2",
    "--iterations",
    "40",
    "--filter",
    "order_query",
    "--filter",
    "single_order_ship",
)


def test_json_is_alone_on_stdout(perfengine: Perfengine, dsn: str) -> None:
    """--json prints one document there, progress goes to stderr."""
    ended = perfengine("run", ORDER, *QUICK, "--dsn", dsn, "--json")
    assert set(json.loads(ended.stdout)["results"]) == {"single_order_ship", "order_query"}
    assert "phase=measure operation=order_query" in ended.stderr


def test_the_target_is_said_first(perfengine: Perfengine, dsn: str) -> None:
    """The first line on stderr names the server and where its address came from."""
    ended = perfengine("run", ORDER, *QUICK, PERFENGINE_DATABASE_URL=dsn)
    first = ended.stderr.splitlines()[0]
    assert first.startswith("target: postgresql://perfengine@")
    assert first.endswith("(from PERFENGINE_DATABASE_URL)")


def test_quiet_says_nothing_on_the_way(perfengine: Perfengine, dsn: str) -> None:
    """--quiet leaves the report on stdout and on stderr only the files that were written."""
    ended = perfengine("run", ORDER, *QUICK, "--dsn", dsn, "--quiet")
    assert ended.stderr.splitlines() == [
        "written: perf-results/performance-results.json",
        "written: perf-results/performance-report.html",
    ]
    assert "Test: order_query" in ended.stdout


def test_a_stream_without_signs_gets_words(started: Perfengine, dsn: str) -> None:
    """Where stdout cannot encode the signs, words stand for them and everything is ASCII."""
    ended = started("run", ORDER, *QUICK, "--dsn", dsn, "--quiet", PYTHONIOENCODING="ascii")
    assert ended.stdout.isascii()
    assert "RESULT: " in ended.stdout


def test_a_report_is_written_where_asked(perfengine: Perfengine, dsn: str, tmp_path: Path) -> None:
    """--report writes text and JSON by ending; another ending is refused before anything is loaded."""
    asked = ("--report", "deep/result.json", "--report", "result.txt")
    assert perfengine("run", ORDER, *QUICK, "--dsn", dsn, *asked).code in {0, 4}
    assert json.loads((tmp_path / "deep/result.json").read_text())["version"] == "1.0"
    assert (tmp_path / "result.txt").read_text().startswith("Performance Test Results for order\n")
    refused = perfengine("run", ORDER, *QUICK, "--dsn", dsn, "--report", "result.pdf")
    assert refused.code == 2
    assert "phase=" not in refused.stderr


def test_an_entity_that_is_switched_off_is_skipped(perfengine: Perfengine, tmp_path: Path) -> None:
    """`enabled: false` is a note and exit 0; no server is asked."""
    path = tmp_path / "off.yaml"
    path.write_text("name: parcel\nfields: {id: uuid}\nperformance: {enabled: false}\n")
    ended = perfengine("run", path)
    assert ended.code == 0
    assert "parcel" in ended.stderr
    assert "target:" not in ended.stderr


def test_help_is_quick_to_import(started: Perfengine) -> None:
    """`--help` imports neither the driver nor numpy, scipy or yaml."""
    ended = started("--help", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rsplit("|", 1)[-1].strip() for line in ended.stderr.splitlines()}
    assert "typer" in imported
    assert imported.isdisjoint({"asyncpg", "numpy", "scipy", "yaml", "anyio", "uvloop", "hdrh"})
