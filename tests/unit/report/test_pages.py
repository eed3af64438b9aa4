"""The pages about output, exit codes and verdicts say what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.errors import ExitCode
from perfengine.model.requirement import Metric
from perfengine.model.result import Standing
from perfengine.model.verdict import Reason, Verdict
from perfengine.report.result_schema import result_schema
from perfengine.report.text import render_text
from perfengine.stats.proportion import attempts_to_prove
from perfengine.stats.samples import samples_for_quantile
from tests.load_results import make_mix_run, make_open_run
from tests.results import make_guide_run, make_troubled_run

DOCS = Path(__file__).parents[3] / "docs"
OUTPUT = (DOCS / "reference" / "output.md").read_text(encoding="utf-8")
EXIT_CODES = (DOCS / "reference" / "exit-codes.md").read_text(encoding="utf-8")
VERDICTS = (DOCS / "explanation" / "verdicts.md").read_text(encoding="utf-8")


def test_the_example_is_a_real_report() -> None:
    """The first block of the page is what the guide's run prints."""
    assert f"```text\n{render_text(make_guide_run())}```" in OUTPUT


def test_the_example_lines_are_real_lines() -> None:
    """The lines that explain verdicts were printed."""
    block = OUTPUT.split("## Verdicts\n\n```text\n")[1].split("```")[0]
    printed = (render_text(make_guide_run()) + render_text(make_troubled_run())).splitlines()
    assert [line for line in block.splitlines() if line not in printed] == []


def test_labels_are_explained() -> None:
    """Every label of an operation's block is in the table."""
    labels = {
        line.split(":")[0] + ":"
        for make_run in (make_guide_run, make_troubled_run, make_open_run, make_mix_run)
        for line in render_text(make_run()).split("Performance Requirements:")[0].splitlines()
        if (": " in line or line.endswith(":")) and line[0].isalpha()
    } | {"No figures:"}
    assert {label for label in labels if f"`{label}`" not in OUTPUT} == set()


@pytest.mark.parametrize(
    "name", ["", "operation", "judgement", "metrics", "load", "stage", "watched", "series"]
)
def test_json_keys_are_explained(name: str) -> None:
    """Every key of the schema is named on the page."""
    schema = result_schema()
    described = (schema["$defs"][name] if name else schema)["properties"]
    assert [key for key in described if f"`{key}`" not in OUTPUT] == []


@pytest.mark.parametrize("metric", list(Metric))
def test_metrics_are_explained(metric: Metric) -> None:
    """Every metric of a limit has its place in the table of metrics."""
    table = OUTPUT.split("## Metrics")[1].split("## Verdicts")[0]
    assert f"`{metric}`" in table


@pytest.mark.parametrize("standing", list(Standing))
def test_standings_are_explained(standing: Standing) -> None:
    """Every word of the last line and of the JSON key is on the page."""
    assert f"`{standing.upper()}`" in OUTPUT
    assert f"`{standing}`" in OUTPUT


@pytest.mark.parametrize("code", list(ExitCode))
def test_exit_codes_are_listed(code: ExitCode) -> None:
    """Every exit code has its row."""
    assert f"\n| {code.value} | " in EXIT_CODES


def test_verdicts_and_reasons_are_explained() -> None:
    """Every verdict and every reason is on the page."""
    assert [verdict for verdict in Verdict if f"**{verdict}**" not in VERDICTS] == []
    assert [reason for reason in Reason if f"| {reason} |" not in VERDICTS] == []


def test_tables_of_samples_are_computed() -> None:
    """The numbers of samples and of clean attempts are those that are used."""
    needed = " | ".join(str(samples_for_quantile(q)) for q in (0.5, 0.9, 0.95, 0.99, 0.999))
    assert f"| {needed} | 5 |" in VERDICTS
    clean = " | ".join(str(attempts_to_prove(0, budget)) for budget in (0.05, 0.01, 0.005, 0.001, 0.0001))
    assert f"| clean attempts | {clean} |" in VERDICTS
