"""Where raw parts lie: gone with their run; what a run that was killed left is told from what is not ours."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.raw_directory import RawLeftovers, raw_directory, sweep_raw_directories

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A run that has made its directory, and lives until it is killed.
RUN = """
import sys
from pathlib import Path
from perfengine.engine.raw_directory import raw_directory
with raw_directory(Path(sys.argv[1])) as directory:
    (directory / "0.part").write_bytes(b"some attempts")
    print(directory, flush=True)
    sys.stdin.read()
"""


@contextmanager
def living_run(path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Give a process that has raw parts, and their directory; it is killed at the end."""
    command = [sys.executable, "-c", RUN, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def left_by_a_killed_run(place: Path) -> Path:
    """Return the directory that a run has left in `place`."""
    with living_run(place / "raw.csv.gz") as (_, directory):
        pass
    assert directory.is_dir()
    return directory


def test_it_lies_beside_the_file_and_goes_with_its_run(tmp_path: Path) -> None:
    """On the same disk, so that the file is moved and not copied."""
    with raw_directory(tmp_path / "deep" / "raw.csv.gz") as directory:
        assert directory.parent == tmp_path / "deep"
        assert directory.name.startswith(".raw.csv.gz.")
    assert not directory.exists()


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    """It stayed for ever, as large as three of its files; named first, where nothing shall be removed."""
    directory = left_by_a_killed_run(tmp_path)
    found = RawLeftovers(found=(directory,))
    assert sweep_raw_directories(tmp_path, dry_run=True) == found
    assert (directory / "0.part").read_bytes() == b"some attempts"
    assert sweep_raw_directories(tmp_path, dry_run=False) == found
    assert list(tmp_path.iterdir()) == []
    assert sweep_raw_directories(tmp_path, dry_run=False) == RawLeftovers()


def test_a_living_run_keeps_its_parts(tmp_path: Path) -> None:
    """Whatever process it is: its lock says so."""
    with raw_directory(tmp_path / "ours.csv.gz") as ours, living_run(tmp_path / "raw.csv.gz") as (_, other):
        assert sweep_raw_directories(tmp_path, dry_run=False) == RawLeftovers()
        assert ours.is_dir()
        assert other.is_dir()


@pytest.mark.parametrize("made", ["no marker", "a file of somebody", "a folder of somebody", "a link"])
def test_what_may_be_somebody_elses_stays(tmp_path: Path, made: str) -> None:
    """A name like ours is not enough, nor is a marker where something lies that no run writes."""
    directory = left_by_a_killed_run(tmp_path)
    if made == "no marker":
        (directory / ".perfengine-raw").unlink()
    elif made == "a file of somebody":
        (directory / "notes.txt").write_text("mine")
    elif made == "a folder of somebody":
        (directory / "part").mkdir()
    else:
        moved = directory.rename(tmp_path / "elsewhere")
        directory.symlink_to(moved)
    assert sweep_raw_directories(tmp_path, dry_run=False) == RawLeftovers()
    assert directory.is_dir()
