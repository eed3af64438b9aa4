"""`import perfengine` is quick, and holds what it says it holds."""

from __future__ import annotations

import subprocess
import sys

import pytest

import perfengine


def test_everything_it_names_is_there() -> None:
    """`__all__` is sorted as the linter wants it and complete; `dir` knows it before it is used."""
    assert set(perfengine.__all__) <= set(dir(perfengine))
    assert all(hasattr(perfengine, name) for name in perfengine.__all__)


def test_a_name_that_is_not_there() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="module 'perfengine' has no attribute 'opperation'"):
        _ = perfengine.opperation  # type: ignore[attr-defined]


@pytest.mark.parametrize("then", ["", "perfengine.operation; perfengine.Client; perfengine.RunResult"])
def test_importing_loads_no_library(then: str) -> None:
    """Neither the driver nor what reads documents: a file of operations is imported in a moment."""
    program = f"import sys, perfengine; {then}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {
        "asyncpg",
        "anyio",
        "numpy",
        "pydantic",
        "yaml",
        "scipy",
        "hdrh",
        "typer",
        "rich",
        "perfengine.engine",
    }
    assert heavy.isdisjoint(done.stdout.split())
