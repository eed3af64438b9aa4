"""The command as users type it, and the Python file that it writes: as a script and under pytest."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.seed import order_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = (
    *("-m", "perfengine", "generate", "entities/order.yaml", "--output-dir", "tests/performance"),
    *("--iterations", "2", "--data-size", "20", "--exclude", "*_ship", "--exclude", "*_deliver"),
)
NAMES = ("order_benchmark.py", "order_state_machine_performance.sql", "order_validation_performance.sql")


def _call(directory: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PG") and "DATABASE_URL" not in name
    }
    return subprocess.run(
        [sys.executable, *words],
        cwd=directory,
        env={**ours, "XDG_STATE_HOME": str(directory / "state"), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory in which the command was used once, as the documentation has it."""
    made = tmp_path_factory.mktemp("generate")
    (made / "entities").mkdir()
    (made / "entities" / "order.yaml").write_text(
        order_document().replace("concurrency: 10", "concurrency: 2"), encoding="utf-8"
    )
    done = _generate(made)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == [f"tests/performance/{name}" for name in NAMES]
    return made


def _generate(directory: Path) -> subprocess.CompletedProcess[str]:
    return _call(directory, *COMMAND)


def test_the_python_file_is_a_script(directory: Path) -> None:
    """Without a server in the environment it starts one; it says how long each operation took."""
    done = _call(directory, "tests/performance/order_benchmark.py")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines][:2] == ["order_create", "single_order_confirm"]
    assert all("s average" in line for line in lines)


def test_the_python_file_is_collected_by_pytest(directory: Path, database: str) -> None:
    """A test for each pattern, on the server that the environment names."""
    words = ["-m", "pytest", "-p", "no:cacheprovider", "-v", "tests/performance/order_benchmark.py"]
    done = _call(directory, *words, DATABASE_URL=database)
    assert done.returncode == 0, done.stdout + done.stderr
    for pattern in ("crud", "state_machine", "validation"):
        assert f"::test_order_{pattern}_performance PASSED" in done.stdout


def _all_of(terminal: int) -> bytes:
    """Return all that was written to a terminal; it is closed. The kernel hands it over piece by piece."""
    pieces = []
    with contextlib.suppress(OSError):  # how Linux says that nobody has the other end any more
        while piece := os.read(terminal, 4096):
            pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces)


@pytest.fixture
def edited(directory: Path) -> Iterator[Path]:
    """Yield a file that somebody has edited; another one is gone. Afterwards all are there again."""
    place = directory / "tests" / "performance"
    before = {name: (place / name).read_bytes() for name in NAMES}
    (place / NAMES[1]).write_bytes(before[NAMES[1]].replace(b"['pending'], 1, 2", b"['pending'], 1, 50"))
    (place / NAMES[2]).unlink()
    yield place / NAMES[1]
    for name, text in before.items():
        (place / name).write_bytes(text)


def test_an_edited_file_is_not_overwritten_where_nobody_can_be_asked(directory: Path, edited: Path) -> None:
    """The command refuses, before it writes anything."""
    before = edited.read_bytes()
    done = _generate(directory)
    assert done.returncode == 2
    assert f"tests/performance/{edited.name}" in done.stderr
    assert NAMES[0] not in done.stderr
    assert "--force" in done.stderr
    assert not edited.with_name(NAMES[2]).exists()
    assert edited.read_bytes() == before


def test_on_a_terminal_somebody_is_asked(directory: Path, edited: Path) -> None:
    """And who says no keeps the file; the others are written, to the same bytes as before."""
    before, script = edited.read_bytes(), edited.with_name(NAMES[0]).read_bytes()
    ours, theirs = os.openpty()
    os.write(ours, b"n\n")
    done = subprocess.run(
        [sys.executable, *COMMAND],
        cwd=directory,
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
        check=True,
        timeout=100,
    )
    os.close(theirs)
    assert f"tests/performance/{edited.name} was edited: overwrite it? [y/N]".encode() in _all_of(ours)
    assert done.stdout.decode().split() == [f"tests/performance/{name}" for name in (NAMES[2], NAMES[0])]
    assert edited.read_bytes() == before
    assert edited.with_name(NAMES[0]).read_bytes() == script
