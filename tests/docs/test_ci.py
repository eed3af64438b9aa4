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
    lines = [line for value in texts(read(text)) for line in value.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("perfengine ")]


def context_of(words: list[str]) -> dict[str, Any]:
    """Return what the real command line makes of a command. Raises: for an option or a command that is not there."""
    _, command, *arguments = words
    found: dict[str, Any] = COMMANDS[command].make_context(command, list(arguments)).params
    return found


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_every_command_is_one(path: Path) -> None:
    """Each option exists, and each report has an ending that is known."""
    (words,) = commands(path.read_text())
    assert words[1] == "run"
    reports = context_of(words)["report"]
    assert len(output_paths(make_scenario(make_entity()), [Path(report) for report in reports])) == 3


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
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action)] == []


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
    (words,) = commands(text)
    assert [
        report for report in context_of(words)["report"] if not Path(report).match(kept["with"]["path"])
    ] == []
    assert len([step for step in steps if "perfengine" in step.get("run", "")]) == 2, "install, run"


def test_gitlab_reads_what_the_job_wrote() -> None:
    """JUnit and metrics, also of a job that failed."""
    text = GITLAB.read_text()
    job = read(text)["performance"]
    (words,) = commands(text)
    written = {str(report) for report in context_of(words)["report"]}
    assert set(job["artifacts"]["reports"].values()) <= written
    assert job["artifacts"]["when"] == "always"
    host = job["services"][0]["alias"]
    assert f"@{host}:5432/" in job["variables"]["PERFENGINE_DATABASE_URL"]
