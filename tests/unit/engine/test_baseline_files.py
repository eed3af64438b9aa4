"""Baselines are made and added to; nothing else is overwritten."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from perfengine.engine.baseline_files import save_baseline
from perfengine.engine.result_files import read_baseline_file
from perfengine.errors import PerfengineError, UsageError
from tests.stored_documents import GUIDE_BASELINE, latencies, result_text, write

BASE = Path("base.json")


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, hours in enumerate((0, 0.2, 5)):
        text = result_text({"q": latencies(2 + number)}, run=number, after=timedelta(hours=hours))
        write(tmp_path, **{f"r{number}": text})


def results(*numbers: int) -> list[Path]:
    """Return the files of results."""
    return [Path(f"r{number}.json") for number in numbers]


def test_save() -> None:
    """Runs within half an hour are one session."""
    saved = save_baseline(results(0, 1, 2), BASE)
    assert (saved.runs, saved.sessions, saved.operations) == (3, 2, 1)
    assert [len(session) for session in read_baseline_file(BASE).baseline.operations[0].sessions] == [2, 1]


def test_add_is_as_good_as_saving_together() -> None:
    """In whatever order: the same runs make the same file, but for its time."""
    save_baseline(results(0, 1, 2), Path("together.json"))
    save_baseline(results(2), BASE)
    save_baseline(results(1, 0), BASE, add=True)
    documents = [json.loads(path.read_text()) for path in (Path("together.json"), BASE)]
    for document in documents:
        del document["timestamp"]
    assert documents[0] == documents[1]


def test_without_add_it_is_made_anew() -> None:
    """An earlier baseline is replaced."""
    save_baseline(results(0), BASE)
    assert save_baseline(results(1), BASE).runs == 1


def test_tolerances_survive() -> None:
    """What an author wrote into the file stays when runs are added, unless another is asked for."""
    save_baseline(results(0), BASE)
    document = json.loads(BASE.read_text())
    document["baselines"]["q"]["tolerance"] = 0.25
    BASE.write_text(json.dumps(document) + "// by hand")
    save_baseline(results(1), BASE, add=True)
    assert json.loads(BASE.read_text())["baselines"]["q"]["tolerance"] == 0.25
    save_baseline(results(2), BASE, add=True, tolerance=0.05)
    assert json.loads(BASE.read_text())["baselines"]["q"]["tolerance"] == 0.05


def test_the_tolerance_of_the_file_survives() -> None:
    """An author wrote one for the whole file in place of those of operations: adding a run made 0.1 of it."""
    save_baseline(results(0), BASE)
    document = json.loads(BASE.read_text()) | {"tolerance": 0.2}
    del document["baselines"]["q"]["tolerance"]
    BASE.write_text(json.dumps(document))
    save_baseline(results(1), BASE, add=True)
    assert json.loads(BASE.read_text())["baselines"]["q"]["tolerance"] == 0.2


def test_a_run_is_added_once() -> None:
    """The second time it is refused, and the file stays as it was."""
    save_baseline(results(0), BASE)
    before = BASE.read_bytes()
    with pytest.raises(UsageError, match="run run-0 is in"):
        save_baseline(results(0), BASE, add=True)
    assert BASE.read_bytes() == before


def test_figures_cannot_be_added_to() -> None:
    """The older shapes have no runs."""
    BASE.write_text(GUIDE_BASELINE)
    with pytest.raises(UsageError, match="has figures and no runs to add to"):
        save_baseline(results(0), BASE, add=True)


def test_a_result_is_not_overwritten() -> None:
    """Only a baseline may be replaced by one; with `--add` a result was read as one of a run, and overwritten."""
    for add in (False, True):
        with pytest.raises(UsageError, match=r"r1\.json: is there and no baseline"):
            save_baseline(results(0), Path("r1.json"), add=add)


def test_a_place_that_cannot_be_written() -> None:
    """The file is named."""
    Path("file").write_text("")
    with pytest.raises(PerfengineError, match="cannot be written"):
        save_baseline(results(0), Path("file/base.json"))
