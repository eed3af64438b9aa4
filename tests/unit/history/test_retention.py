"""Old runs are removed, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.history import history_of, prunable
from perfengine.history.layout import MARKER, run_names, runs_of
from perfengine.history.marker import Marker, write_marker
from perfengine.history.reading import newest_runs
from perfengine.history.retention import _remove_files, remove
from tests.kept_runs import STARTED, keep, make_kept

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Keep five runs, a day apart."""
    for day in range(5):
        keep(tmp_path, make_kept(day))
    return tmp_path


def names(results: Path) -> list[str]:
    """Return the days of the runs that are there."""
    return [name.rpartition("-")[2].lstrip("0") or "0" for name in run_names(results)]


def test_the_newest_stay(results: Path) -> None:
    """The others are gone from the disk and from the index."""
    history = history_of(results)
    found = prunable(history, keep=2)
    assert (len(found.removable), found.kept) == (3, ())
    assert found.size_bytes > 1000
    assert remove(found.removable) == []
    assert names(results) == ["3", "4"]
    assert [run.run_id for run in history.ask(newest_runs)] == ["00000003", "00000004"]


def test_by_age(results: Path) -> None:
    """Two days before the last one: what is older goes."""
    found = prunable(
        history_of(results), older_than=timedelta(days=2), now=STARTED + timedelta(days=4, hours=1)
    )
    remove(found.removable)
    assert names(results) == ["3", "4"]


@pytest.mark.parametrize(
    ("stranger", "why"),
    [
        ("notes.txt", "holds what perfengine did not write: notes.txt"),
        ("folder/", "holds what perfengine did not write: folder"),
        ("link", "holds what perfengine did not write: result.json"),
        ("marker", "perfengine did not make it"),
        ("other marker", "perfengine did not make it"),
    ],
)
def test_what_is_not_ours_alone_stays(results: Path, stranger: str, why: str) -> None:
    """A file of somebody else, a folder, a link in place of ours, no marker: the directory stays, with the reason."""
    directory = runs_of(results) / run_names(results)[0]
    if stranger == "link":
        (results / "kept.json").write_text((directory / "result.json").read_text())
        (directory / "result.json").unlink()
        (directory / "result.json").symlink_to(results / "kept.json")
    elif stranger == "marker":
        (directory / MARKER).unlink()
    elif stranger == "other marker":
        (directory / MARKER).write_text('{"made_by": "somebody"}')
    elif stranger.endswith("/"):
        (directory / stranger).mkdir()
    else:
        (directory / stranger).write_text("mine")
    found = prunable(history_of(results), keep=4)
    assert found.kept == (f"{directory} stays: {why}",)
    assert remove([directory]) == [f"{directory} stays: {why}"]
    assert len(names(results)) == 5


def test_what_perfengine_added_goes_with_it(results: Path) -> None:
    """A file that the marker names is ours."""
    directory = runs_of(results) / run_names(results)[0]
    write_marker(directory, Marker(run_id="any", files=("result.json", "report.html")))
    (directory / "report.html").write_text("<html>")
    assert remove(prunable(history_of(results), keep=4).removable) == []
    assert len(names(results)) == 4


def test_what_was_removed_by_half_is_known_to_be_ours(results: Path) -> None:
    """The marker could go first: then nobody dared to remove the rest, ever after."""
    directory = runs_of(results) / run_names(results)[0]
    (directory / "in the way").mkdir()
    with pytest.raises(OSError, match="in the way"):
        _remove_files(directory)
    assert (directory / MARKER).is_file()
    (directory / "in the way").rmdir()
    _remove_files(directory)
    assert not directory.exists()


def test_what_was_never_finished(results: Path) -> None:
    """A day later it goes with the others, whatever is to be kept; what is being written now does not."""
    directory = runs_of(results) / run_names(results)[0]
    unfinished = directory.rename(directory.with_name(f".{directory.name}.x7"))
    history = history_of(results)
    assert prunable(history, keep=9).removable == ()
    found = prunable(history, keep=9, now=datetime.now(UTC) + timedelta(days=2))
    assert found.removable == (unfinished,)
    assert remove(found.removable) == []
    assert [each.name for each in runs_of(results).iterdir() if each.name.startswith(".")] == []
