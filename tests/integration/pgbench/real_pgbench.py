"""pgbench itself, of the embedded binaries: what it makes of an expression."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Final

from perfengine.embedded.binaries import find_binaries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_DEBUG: Final = re.compile(r"^debug\(script=0,command=\d+\): (\w+) ?(.*)$", re.MULTILINE)
SEED: Final = 20_181


def values_of(expressions: Sequence[str], dsn: str, folder: Path) -> list[tuple[str, str]]:
    """Return kind and text of what pgbench computes of each, one after the other in one script."""
    return _values(folder, dsn, [f"\\set value debug({one})" for one in expressions])


def refuses(expression: str, dsn: str, folder: Path) -> bool:
    """Return whether pgbench cannot compute an expression."""
    return _run(folder, dsn, [f"\\set value {expression}"]).returncode != 0


def _values(folder: Path, dsn: str, lines: Sequence[str]) -> list[tuple[str, str]]:
    done = _run(folder, dsn, lines)
    assert done.returncode == 0, done.stderr
    found = [(match[1], match[2]) for match in _DEBUG.finditer(done.stderr)]
    assert len(found) == len(lines), done.stderr
    return found


def _run(folder: Path, dsn: str, lines: Sequence[str]) -> subprocess.CompletedProcess[str]:
    script = folder / "script.sql"
    script.write_text("\n".join([*lines, ""]))
    command = [
        str(find_binaries().bin_dir / "pgbench"),
        "--no-vacuum",
        "--transactions=1",
        f"--random-seed={SEED}",
        f"--file={script}",
        dsn,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
