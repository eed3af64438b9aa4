"""The files to copy into a CI service: YAML that says what it should, with commands that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.main import get_command

from perfengine.cli.app import app
from perfengine.engine.outputs import output_paths
from tests.docs.pages import ROOT, blocks
from tests.entities import make_entity, make_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = {path.name: path for path in sorted((ROOT / "docs" / "ci").glob("*.yml"))}
GITHUB, GITLAB = FILES["github-actions.yml"], FILES["gitlab-ci.yml"]
PAGES = (ROOT / "docs" / "ci" / "README.md", ROOT / "docs" / "how-to" / "ci.md")
SNIPPETS = [text for page in PAGES for text in blocks(page, "yaml-github")]
#: The subcommands of the command line.
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]  # a group has commands


def read(text: str) -> Any:
    """Return a YAML text as a service reads it; `on` is a key, not a truth."""
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts, lists and mappings, nothing else


def texts(value: Any) -> Iterator[str]:
    """Yield all texts of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    else:
        for inner in value:
            yield from texts(inner)


def commands(text: str) -> list[list[str]]:
    """Return the perfengine commands of a document, split as a shell does."""
    lines = [line.strip() for value in texts(read(text)) for line in value.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("perfengine ")]


def context_of(words: list[str]) -> dict[str, Any]:
    """Return what the real command line makes of a command. Raises: for an option or a command that is not there."""
    _, name, *arguments = words
    command = COMMANDS[name]
    if name == "baseline":
        name, *arguments = arguments
        command = command.commands[name]
    found: dict[str, Any] = command.make_context(name, list(arguments)).params
    return found


def runs(text: str) -> list[dict[str, Any]]:
    """Return the arguments of each `perfengine run` of a document."""
    return [context_of(words) for words in commands(text) if words[1] == "run"]


def saves(text: str) -> list[dict[str, Any]]:
    """Return the arguments of each `perfengine baseline save` of a document."""
    return [context_of(words) for words in commands(text) if words[1:3] == ["baseline", "save"]]


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_every_command_is_one(path: Path) -> None:
    """Each option exists, and each report has an ending that is known."""
    text = path.read_text()
    assert {words[1] for words in commands(text)} == {"run", "baseline"}
    assert len(commands(text)) == len(runs(text)) + len(saves(text)) == 4
    for asked in runs(text):
        paths = [Path(report) for report in asked["report"]]
        assert len(output_paths(make_scenario(make_entity()), paths)) == len(paths)
    assert [len(asked["report"]) for asked in runs(text)] == [1, 3]


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_a_baseline_in_two_steps(path: Path) -> None:
    """It is measured as it will be compared, by the same load; the night's run is added to what was compared with."""
    text = path.read_text()
    (first, now), (made, more) = runs(text), saves(text)
    assert (first["baseline"], now["baseline"]) == (None, Path("baseline-performance.json"))
    assert now["regression_threshold"] == 0.1
    differ = {"report", "baseline", "regression_threshold"}
    assert {name for name in first if first[name] != now[name]} == differ
    assert made["output"] == more["output"] == now["baseline"]
    assert (made["results"], made["add"]) == ([str(first["report"][0])], False)
    assert (more["results"], more["add"]) == ([str(now["report"][0])], True)


def test_the_workflow_keeps_its_baseline() -> None:
    """It restores what it saves, under a name that holds work and processor; where none is there it is measured."""
    steps = read(GITHUB.read_text())["jobs"]["performance"]["steps"]
    places = {step["name"]: number for number, step in enumerate(steps) if "name" in step}
    (restored,) = [step for step in steps if step.get("uses", "").startswith("actions/cache/restore@")]
    (saved,) = [step for step in steps if step.get("uses", "").startswith("actions/cache/save@")]
    (asked,) = [asked for asked in runs(GITHUB.read_text()) if asked["baseline"]]
    assert restored["with"]["path"] == saved["with"]["path"] == str(asked["baseline"])
    key, prefix = restored["with"]["key"], restored["with"]["restore-keys"]
    assert key == prefix + "${{ github.run_id }}", (
        "a cache is never written twice: each run has a name of its own"
    )
    assert "hashFiles('entities/**')" in prefix
    assert "steps.measured.outputs.on" in prefix
    assert saved["with"]["key"] == f"${{{{ steps.{restored['id']}.outputs.cache-primary-key }}}}"
    names = [
        "Name what is measured",
        "Restore the baseline",
        "Measure a baseline where there is none",
        "Load, judge and compare",
        "Add the night's run to the baseline",
        "Keep the baseline",
    ]
    assert [places[name] for name in names] == sorted(places[name] for name in names)
    there = f"steps.{restored['id']}.outputs.cache-matched-key == ''"
    assert steps[places["Measure a baseline where there is none"]]["if"] == f"${{{{ {there} }}}}"
    assert there in saved["if"]
    assert "github.event_name == 'schedule'" in steps[places["Add the night's run to the baseline"]]["if"]


def test_gitlab_keeps_its_baseline() -> None:
    """In the cache of a runner, for branches too; it is measured where there is none, and grows at night alone."""
    text = GITLAB.read_text()
    job = read(text)["performance"]
    (asked,) = [asked for asked in runs(text) if asked["baseline"]]
    assert job["cache"]["paths"] == [str(asked["baseline"])]
    assert "$CI_RUNNER_ID" in job["cache"]["key"]
    measured, added = [step for step in job["script"] if step.startswith("if ")]
    assert measured.startswith(f"if [ ! -f {asked['baseline']} ]; then")
    assert added.startswith('if [ "$CI_PIPELINE_SOURCE" = schedule ]; then')
    assert job["script"].index(measured) < job["script"].index(added)


@pytest.mark.parametrize("path", PAGES, ids=[page.name for page in PAGES])
def test_the_pages_say_both_ways_of_comparing(path: Path) -> None:
    """While a run is judged, and of two files that are there."""
    text = path.read_text()
    asked = [context_of(words) for snippet in blocks(path, "yaml-github") for words in commands(snippet)]
    assert any(each.get("regression_threshold") == 0.1 and each.get("baseline") for each in asked)
    compare = re.search(r"perfengine compare(?:\s+--[\w-]+ [\w./-]+)+", text)
    assert compare
    words = context_of(shlex.split(compare.group()))
    assert (words["max_degradation"], str(words["baseline"])) == (0.1, "baseline-performance.json")
    assert str(words["current"]) == "performance-results.json"


@pytest.mark.parametrize("text", SNIPPETS, ids=range(len(SNIPPETS)))
def test_every_snippet_of_the_pages_reads(text: str) -> None:
    """With commands that there are."""
    assert read(text)
    for words in commands(text):
        context_of(words)


@pytest.mark.parametrize(
    "text", [GITHUB.read_text(), *SNIPPETS], ids=["file", *map(str, range(len(SNIPPETS)))]
)
def test_actions_are_pinned_by_major_version(text: str) -> None:
    """And no other way."""
    used = re.findall(r"uses: (\S+)", text)
    assert [action for action in used if not re.fullmatch(r"[\w-]+(?:/[\w-]+)+@v\d+", action)] == []


def test_the_workflow_runs_when_it_should() -> None:
    """On push, on pull requests, and every night."""
    on = read(GITHUB.read_text())["on"]
    assert on["push"] == on["pull_request"] == {"branches": ["main"]}
    assert on["schedule"] == [{"cron": "0 2 * * *"}]


def test_the_workflow_loads_the_server_beside_it() -> None:
    """It waits for its health, can be reached, and is the one that perfengine is told of."""
    job = read(GITHUB.read_text())["jobs"]["performance"]
    server = job["services"]["postgres"]
    assert "--health-cmd pg_isready" in server["options"]
    assert server["ports"] == ["5432:5432"]
    password = server["env"]["POSTGRES_PASSWORD"]
    assert job["env"]["PERFENGINE_DATABASE_URL"] == (
        f"postgresql://postgres:{password}@localhost:5432/postgres"
    )


def test_the_workflow_keeps_what_it_wrote() -> None:
    """Also of a run that failed; every report is among what is kept."""
    text = GITHUB.read_text()
    steps = read(text)["jobs"]["performance"]["steps"]
    (kept,) = [step for step in steps if "upload-artifact" in step.get("uses", "")]
    assert kept["if"] == "${{ !cancelled() }}"
    judged = runs(text)[-1]
    assert [report for report in judged["report"] if not Path(report).match(kept["with"]["path"])] == []
    named = [step for step in steps if "perfengine" in step.get("run", "")]
    assert len(named) == 4, "install, measure a baseline, run, add to the baseline"


def test_gitlab_reads_what_the_job_wrote() -> None:
    """JUnit and metrics, also of a job that failed."""
    text = GITLAB.read_text()
    job = read(text)["performance"]
    written = {str(report) for report in runs(text)[-1]["report"]}
    assert set(job["artifacts"]["reports"].values()) <= written
    assert job["artifacts"]["when"] == "always"
    host = job["services"][0]["alias"]
    assert f"@{host}:5432/" in job["variables"]["PERFENGINE_DATABASE_URL"]
