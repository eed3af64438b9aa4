"""The built-in scripts are those that pgbench prints."""

from __future__ import annotations

import re
import subprocess

import pytest

from perfengine.embedded.binaries import find_binaries
from perfengine.pgbench.builtin import BUILTINS


@pytest.mark.parametrize("name", BUILTINS)
def test_built_in_scripts_are_those_of_pgbench(name: str) -> None:
    """But for white space and the comment before them."""
    pgbench = find_binaries().bin_dir / "pgbench"
    shown = subprocess.run(
        [pgbench, f"--show-script={name}"], capture_output=True, text=True, check=True
    ).stderr
    theirs = re.sub(r"^--.*\n", "", shown.lstrip())
    assert BUILTINS[name].split() == theirs.split()
