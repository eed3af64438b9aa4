"""The index says what the directories say, whatever became of it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.history import history_of
from perfengine.errors import UsageError
from perfengine.history.index import opened
from perfengine.history.layout import RESULT, index_of
from perfengine.history.marker import read_marker
from perfengine.history.reading import newest_runs
from tests.kept_runs import GROUND, keep, make_kept, make_trend

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.history.store import History
    from perfengine.model.kept_run import KeptRun


def runs_in(history: History) -> tuple[KeptRun, ...]:
    """Return all runs."""
    return history.ask(newest_runs)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[KeptRun, ...]:
    """Keep three runs."""
    runs = tuple(make_trend([0.01, 0.02, 0.03]))
    for run in runs:
        keep(tmp_path, run)
    return runs


def test_what_was_kept_is_found(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """All that is known of each run, the oldest first; figures of an operation that failed are not there."""
    history = history_of(tmp_path)
    assert runs_in(history) == kept
    keep(tmp_path, failed := make_kept(7, {"order_query": None}, standing="run failed"))
    assert runs_in(history)[-1].operations == failed.operations
    assert history.notes == []


def test_a_directory_is_whole(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """It has the result and a marker that names what is in it, and nothing is left of its making."""
    directory = tmp_path / "runs" / kept[0].directory
    marker = read_marker(directory)
    assert marker is not None
    assert (marker.run_id, marker.files) == (kept[0].run_id, (RESULT,))
    assert {each.name for each in (tmp_path / "runs").iterdir()} == {run.directory for run in kept}


def test_a_run_is_kept_once(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """A directory that is there is never written again."""
    with pytest.raises(OSError, match=kept[0].directory):
        keep(tmp_path, kept[0], standing="FAIL")
    assert runs_in(history_of(tmp_path)) == kept


@pytest.mark.usefixtures("kept")
def test_directories_come_and_go(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """One that was copied here is in the next answer, one that was removed is not."""
    history = history_of(tmp_path)
    runs_in(history)
    (tmp_path / "runs" / kept[0].directory).rename(tmp_path / "elsewhere")
    keep(tmp_path, new := make_kept(9))
    assert runs_in(history) == (*kept[1:], new)


@pytest.mark.parametrize("damage", ["text", "cut", "table"])
def test_a_damaged_index_is_made_anew(tmp_path: Path, kept: tuple[KeptRun, ...], damage: str) -> None:
    """A note says so, and the damaged file is set aside."""
    runs_in(history_of(tmp_path))
    path = index_of(tmp_path)
    if damage == "text":
        path.write_text("no database at all\n" * 400)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        with opened(path) as connection:
            connection.execute("DROP TABLE operation")
    history = history_of(tmp_path)
    assert runs_in(history) == kept
    (note,) = history.notes
    assert note.startswith(f"{path} is damaged (")
    assert note.endswith("): made anew from the runs")
    assert path.with_name("history.db.damaged").exists()
    again = history_of(tmp_path)
    assert (runs_in(again), again.notes) == (kept, [])


def test_an_older_index_is_made_anew(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """All that is in it can be read again."""
    runs_in(history_of(tmp_path))
    with opened(index_of(tmp_path)) as connection:
        connection.execute("PRAGMA user_version = 0")
    history = history_of(tmp_path)
    assert runs_in(history) == kept
    assert "of version 0, and 1 is read here" in history.notes[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("PRAGMA user_version = 2", "history.db was made by a newer perfengine: version 2"),
        ("PRAGMA application_id = 7", "history.db is a database, and no index of perfengine: move it away"),
    ],
)
def test_an_index_that_is_not_ours_is_never_touched(
    tmp_path: Path, kept: tuple[KeptRun, ...], change: str, said: str
) -> None:
    """One line, exit code 2; a run that is kept meanwhile says so and is safe."""
    runs_in(history_of(tmp_path))
    path = index_of(tmp_path)
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(UsageError, match=said) as raised:
        runs_in(history_of(tmp_path))
    assert "\n" not in str(raised.value)
    history = history_of(tmp_path)
    history.add(keep(tmp_path, make_kept(9)))
    (note,) = history.notes
    assert "it is kept in" in note
    assert path.read_bytes() == before
    assert len(kept) == 3


def test_what_cannot_be_read_is_named_and_left_out(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """A directory without a result, a result of a newer version, one that was cut off: a line each."""
    keep(tmp_path, make_kept(5), version="2.0")
    (keep(tmp_path, make_kept(6)) / RESULT).write_text('{"version": "1.0", "results": {')
    (tmp_path / "runs" / "mine").mkdir()
    history = history_of(tmp_path)
    assert runs_in(history) == kept
    newer, cut, empty = history.notes
    assert "newer than what this perfengine reads" in newer
    assert "ends in the middle" in cut
    assert empty.endswith("mine holds no result.json: left out")
    assert all("\n" not in note for note in history.notes)


def test_where_nothing_can_be_written_the_runs_are_read(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """A place for the index that is taken by a directory: answers as ever, and a line."""
    index_of(tmp_path).mkdir()
    history = history_of(tmp_path)
    assert runs_in(history) == kept
    assert history.notes == [
        f"{tmp_path}/history.db cannot be used (unable to open database file): the runs are read instead"
    ]


def test_a_directory_that_cannot_be_read(tmp_path: Path) -> None:
    """One line; a run that ends meanwhile is told of it and does not fail."""
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(UsageError, match=r"/runs cannot be read: Not a directory$"):
        runs_in(history_of(tmp_path))


def test_no_history(tmp_path: Path) -> None:
    """Where nothing was kept nothing is made by asking."""
    assert runs_in(history_of(tmp_path / "none")) == ()
    assert not (tmp_path / "none").exists()


def test_rebuild(tmp_path: Path, kept: tuple[KeptRun, ...]) -> None:
    """Everything is read again: a result that was changed by hand, too."""
    history = history_of(tmp_path)
    runs_in(history)
    path = tmp_path / "runs" / kept[0].directory / RESULT
    path.write_text(path.read_text().replace('"PASS"', '"FAIL"'))
    assert runs_in(history)[0].standing == "PASS"
    assert history.rebuild() == 3
    assert runs_in(history)[0].standing == "FAIL"


def test_the_newest_of_a_scenario(tmp_path: Path) -> None:
    """Only those, only complete ones, only one operation, where that is asked."""
    runs = [
        make_kept(0, {"order_query": 0.01, "order_create": 0.02}),
        make_kept(1, scenario="parcel"),
        make_kept(2, {"order_query": 0.01, "order_create": 0.02}),
        make_kept(3, ended="interrupted"),
    ]
    for run in runs:
        keep(tmp_path, run)
    found = history_of(tmp_path).ask(
        lambda index: newest_runs(index, scenario="order", last=1, operations=["order_create"], complete=True)
    )
    assert [(run.run_id, [each.name for each in run.operations]) for run in found] == [
        ("00000002", ["order_create"])
    ]


def test_runs_on_the_same_ground_share_it(tmp_path: Path) -> None:
    """Of thousands of runs the ground is stored once; soft fields and those that are said only are none of it."""
    for day in range(3):
        keep(tmp_path, make_kept(day))
    with_index = history_of(tmp_path)
    assert [each.ground for run in runs_in(with_index) for each in run.operations] == [GROUND] * 3
    assert with_index.ask(lambda index: index.execute("SELECT count(*) FROM ground").fetchone()) == (1,)


def test_many_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight runs that end together are all in the index, each added by itself, however busy the machine is."""
    monkeypatch.setattr("perfengine.history.index._PATIENCE_S", 60.0)
    runs = [make_kept(day) for day in range(8)]
    directories = [keep(tmp_path, run) for run in runs]

    def add(directory: Path) -> list[str]:
        history = history_of(tmp_path)
        history.add(directory)
        return history.notes

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(add, directories)) == [[]] * 8
    with opened(index_of(tmp_path)) as index:
        assert len(newest_runs(index)) == 8
