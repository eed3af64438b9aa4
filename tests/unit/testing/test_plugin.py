"""The plugin in everybody's pytest: announced to it, and next to nothing until a test asks."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_pytest_is_told_of_it() -> None:
    """By an entry point, which leads to the fixture."""
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    (place,) = project["entry-points"]["pytest11"].values()
    assert hasattr(import_module(place), "perfengine")


def test_nothing_of_ours_is_imported_with_it() -> None:
    """Nor anything else that pytest has not imported already."""
    script = (
        "import pytest, sys; before = set(sys.modules); import perfengine.testing.plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["perfengine", "perfengine.testing", "perfengine.testing.plugin"]


def test_a_session_without_load_tests_shows_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its two settings are there."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile("def test_one(): pass")
    arguments = ("-p", "perfengine.testing.plugin")
    ended = pytester.runpytest_subprocess(*arguments)
    ended.assert_outcomes(passed=1)
    assert "perfengine" not in "\n".join(ended.outlines[3:])
    told = pytester.runpytest_subprocess(*arguments, "--help").stdout
    told.fnmatch_lines(["*perfengine_dsn (string):*", "*perfengine_embedded (bool):*"])
