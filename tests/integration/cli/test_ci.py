"""A run in GitHub Actions: annotations on stderr, the summary of the job, and nothing but JSON on stdout."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Perfengine

#: The server needs so long that the limit of a nanosecond fails whatever a busy generator adds.
WORKLOAD = """
workload:
  mode: mix
  warmup: 1ms
  ops:
    ping: {sql: SELECT pg_sleep(0.02), read_only: true, requirements: {mean: 1ns, p99: 10s, max: 10s}}
"""
LINE = WORKLOAD.splitlines()[5]
REPORTS = (
    "result.json",
    "result.txt",
    "result.xml",
    "result.md",
    "result.prom",
    "a.smaller.json",
    "a.bigger.json",
)


def test_a_job_on_github(perfengine: Perfengine, tmp_path: Path, dsn: str) -> None:
    """The violated limit is an error at its line, the unproven one a warning; all reports are written."""
    (tmp_path / "ping.yaml").write_text(WORKLOAD)
    summary = tmp_path / "summary.md"
    ended = perfengine(
        *("run", "ping.yaml", "--iterations", "20", "--dsn", dsn, "--quiet", "--json"),
        *(word for report in REPORTS for word in ("--report", report)),
        GITHUB_ACTIONS="true",
        GITHUB_WORKSPACE=str(tmp_path),
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert ended.code == 1
    violations = json.loads(ended.stdout)["violations"]
    assert [(one["operation"], one["violation"], one["limit"]) for one in violations] == [
        ("ping", "mean_response_time", 1e-9)
    ]
    commands = [line for line in ended.stderr.splitlines() if line.startswith("::")]
    assert [line.split("::")[1].rpartition(",title=")[0] for line in commands] == [
        f"error file=ping.yaml,line=6,col={LINE.index('1ns') + 1}",
        f"warning file=ping.yaml,line=6,col={LINE.index('10s') + 1}",
    ]
    assert [name for name in REPORTS if not (tmp_path / name).stat().st_size] == []
    assert summary.read_text() == (tmp_path / "result.md").read_text()


def test_elsewhere_nothing_is_annotated(perfengine: Perfengine, tmp_path: Path, dsn: str) -> None:
    """The report is what a reader sees."""
    (tmp_path / "ping.yaml").write_text(WORKLOAD)
    ended = perfengine("run", "ping.yaml", "--iterations", "20", "--dsn", dsn, GITHUB_ACTIONS="")
    assert ended.code == 1
    assert "::" not in ended.stderr
