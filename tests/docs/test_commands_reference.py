"""The reference of the command line speaks of everything that there is."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from perfengine.cli.app import app
from tests.docs.pages import ROOT, text_of

PAGE = text_of(ROOT / "docs" / "reference" / "commands.md")
OPTIONS_OF_RUN = PAGE[PAGE.index("## Options of `run`") : PAGE.index("## Which setting wins")]
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]  # a group has commands


OPTIONS = [name for one in COMMANDS["run"].params for name in (*one.opts, *one.secondary_opts) if "-" in name]


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_of_run_is_on_the_page(option: str) -> None:
    """By each of its names."""
    assert re.search(rf"`{option}[ `]", OPTIONS_OF_RUN)


def test_every_option_on_the_page_is_one_of_run() -> None:
    """Nothing stands there that was taken away."""
    rows = [line.split("|")[1] for line in OPTIONS_OF_RUN.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(-[-\w]+)", row)} == {*OPTIONS, "--help"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_on_the_page(command: str) -> None:
    """In the first table."""
    assert re.search(rf"^\| `{command}[ `]", PAGE, re.MULTILINE)


@pytest.mark.parametrize(
    "option", [name for one in COMMANDS["calibrate"].params for name in one.opts if name.startswith("--")]
)
def test_every_option_of_calibrate_is_on_the_page(option: str) -> None:
    """Beside the command."""
    assert f"`{option}`" in PAGE
