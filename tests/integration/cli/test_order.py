"""The seed's own order.yaml, from the command line to the scripts that read its result."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from perfengine.metrics.hdr_codec import decode
from perfengine.report.result_schema import result_schema
from tests.integration.cli.conftest import clean_environment
from tests.pages import read_page

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "fixtures"
TRANSITIONS = [
    f"{size}_order_{trigger}" for trigger in ("confirm", "ship", "deliver") for size in ("single", "bulk")
]


@dataclass(frozen=True)
class OrderRun:
    """What one run left."""

    code: int
    stdout: str
    stderr: str
    directory: Path

    @property
    def path(self) -> Path:
        """The result file that `reports:` asks for."""
        return self.directory / "perf-results" / "performance-results.json"

    @property
    def document(self) -> dict[str, Any]:
        """The result."""
        document: dict[str, Any] = json.loads(self.path.read_text())
        return document


@pytest.fixture(scope="module")
def order(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> OrderRun:
    """Run it once, in full, at fifty clients; every test here reads what it left."""
    directory = tmp_path_factory.mktemp("order")
    scenario = ROOT / "scenarios" / "order.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "perfengine", "run", scenario, "--concurrency", "50", "--dsn", dsn],
        cwd=directory,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return OrderRun(done.returncode, done.stdout, done.stderr, directory)


@pytest.mark.timeout(300)
def test_it_runs_to_its_end(order: OrderRun) -> None:
    """All fourteen operations run, nothing fails, and the exit code is what became of the limits.

    Which that is, a machine that stands still decides: fifty clients wait then, one attempt in twenty.
    """
    assert order.code == {"PASS": 0, "FAIL": 1, "UNPROVEN": 4}[order.document["standing"]], order.stderr
    assert order.document["ended"] == "complete"
    assert len(order.document["results"]) == 14
    assert all(entry["iterations"] == 1000 for entry in order.document["results"].values())
    assert all(entry["error_rate"] == 0 for entry in order.document["results"].values())


@pytest.mark.parametrize("name", TRANSITIONS)
def test_the_database_holds_what_ok_attempts_claim(order: OrderRun, name: str) -> None:
    """As many keys are in the target state as attempts confirmed, warm-up included, and no others."""
    entry = order.document["results"][name]
    per_attempt = 100 if name.startswith("bulk") else 1
    claimed = (entry["iterations"] + entry["warmup"]["attempts"]) * per_attempt
    assert entry["rows"]["expected"] == entry["rows"]["found"] == claimed
    assert entry["rows"]["unexpected"] == 0


def test_reads_see_exactly_the_data_set(order: OrderRun) -> None:
    """The first data set has a hundred orders and ten customers; writers' rows are gone before reads begin."""
    assert order.document["data_rows"] == {"customer": 10, "order": 100}
    for name in ("order_status_query", "complex_order_search", "order_query"):
        assert order.document["results"][name]["rows"]["at_start"] == 100


def test_the_result_follows_its_schema(order: OrderRun) -> None:
    """The published schema describes what is written."""
    jsonschema.validate(order.document, result_schema())


def test_histograms_and_seconds_hold_every_attempt(order: OrderRun) -> None:
    """Counts of the encoded histogram, of the seconds and of the iterations are one number."""
    for entry in order.document["results"].values():
        assert sum(decode(entry["histograms"]["response"]).values()) == entry["iterations"]
        assert sum(entry["per_second"]["ok"]) + sum(entry["per_second"]["bad"]) == entry["iterations"]


def test_the_text_has_the_lines_of_the_seed_in_order(order: OrderRun) -> None:
    """Heading, rule and the seven lines of each operation stand in the documented order."""
    lines = order.stdout.splitlines()
    assert lines[0] == "Performance Test Results for order"
    assert lines[1] == "=" * 35
    first = lines.index("Test: single_order_confirm")
    heads = [line.split(":")[0] for line in lines[first : first + 9]]
    assert heads == ["Test", "Iterations", "Mean", "Median", "Min", "Max", "StdDev", "P95", "P99"]
    assert any(re.match(r"(✅|❌|❔) single_order_confirm: 0\.", line) for line in lines)


def test_what_cannot_be_had_yet_is_named(order: OrderRun) -> None:
    """What `reports:` ask for and is not there yet is said on stderr in a line; pages and metrics are there."""
    assert "reports: include_raw_data" in order.stderr
    assert "not written yet" not in order.stderr
    assert "metrics:" not in order.stderr


def test_the_page_that_reports_ask_for(order: OrderRun) -> None:
    """Beside the result: every operation with the spectrum of its latency, the server, the plan."""
    page = read_page(
        (order.directory / "perf-results" / "performance-report.html").read_text(encoding="utf-8")
    )
    for name, entry in order.document["results"].items():
        assert name in page.visible
        assert entry["sql"].split()[0] in page.visible
    charts = page.data()["charts"]
    assert f"op{1 + order.document['operations'].index('single_order_confirm')}-spectrum" in charts
    assert "server-sessions" in charts


def test_the_seeds_regression_script_reads_it(order: OrderRun, tmp_path: Path) -> None:
    """Compared with itself there is no regression; with a faster baseline there is, and exit code 1."""
    script = FIXTURES / "check_performance_regression.py"
    faster = order.document
    for entry in faster["results"].values():
        entry["mean"] /= 2
    (tmp_path / "faster.json").write_text(json.dumps(faster))

    def compare(baseline: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, script, "--baseline", baseline, "--current", order.path],
            capture_output=True,
            text=True,
            check=False,
        )

    assert compare(order.path).returncode == 0
    regressed = compare(tmp_path / "faster.json")
    assert regressed.returncode == 1
    assert "single_order_confirm: 100.0% degradation" in regressed.stdout


def test_the_seeds_analysis_reads_every_operation_with_a_target(
    order: OrderRun, capsys: pytest.CaptureFixture[str]
) -> None:
    """`analyze_performance_results` prints a health line for each, equal to ours."""
    spec = importlib.util.spec_from_file_location("seed_analysis", FIXTURES / "seed_analysis.py")
    assert spec is not None
    assert spec.loader is not None
    seed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(seed)
    for name in ("single_order_confirm", "bulk_order_update"):
        seed.analyze_performance_results(order.document["results"][name])
        health = capsys.readouterr().out.strip().splitlines()[-1]
        assert "performance health: " in health
        ours = order.stdout.split(f"Health: {name}\n")
        assert len(ours) == 1 or health in ours[1]


def test_nothing_is_left_on_the_server(order: OrderRun, dsn: str) -> None:
    """No schema and no session of the run stays behind."""
    import asyncio  # noqa: PLC0415 - used by this test alone

    import asyncpg  # noqa: PLC0415

    async def left() -> tuple[int, int]:
        connection = await asyncpg.connect(dsn)
        try:
            schemas = await connection.fetchval(
                "SELECT count(*) FROM pg_namespace WHERE nspname = 'perfengine_' || $1",
                order.document["run_id"],
            )
            sessions = await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE starts_with(application_name, 'perfengine/' || $1)",
                order.document["run_id"],
            )
            return schemas, sessions
        finally:
            await connection.close()

    assert asyncio.run(left()) == (0, 0)
