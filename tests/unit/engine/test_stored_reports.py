"""What `report` makes of a file is what `run` has written beside it, byte for byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from perfengine.engine.formats import FORMATS, files_of
from perfengine.engine.outputs import as_written, report_paths, write_outputs, write_reports
from perfengine.engine.stored_reports import read_written, rendered
from perfengine.errors import PerfengineError, SpecError, UsageError
from perfengine.report.text import render_text
from tests.results import make_guide_run, make_interrupted_run
from tests.stored_results import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfengine.model.result import RunResult


@pytest.mark.parametrize("make", SAMPLES)
def test_report_writes_what_run_wrote(make: Callable[[], RunResult], tmp_path: Path) -> None:
    """In every format there is."""
    written_by_run = write_outputs(make(), [tmp_path / f"run{form.ending}" for form in FORMATS], strict=True)
    stored = read_written(tmp_path / "run.json", strict=True)
    (tmp_path / "again").mkdir()
    again = write_reports(stored, [tmp_path / "again" / f"run{form.ending}" for form in FORMATS])
    assert [path.name for path in again] == [path.name for path in written_by_run]
    for before, after in zip(written_by_run, again, strict=True):
        assert after.read_bytes() == before.read_bytes(), after.name


@pytest.mark.parametrize("make", SAMPLES)
def test_run_prints_what_it_has_written(make: Callable[[], RunResult]) -> None:
    """Nothing is lost on the way through the document."""
    result = make()
    written = as_written(result)
    assert render_text(written.result) == render_text(result)
    assert written.result.notes == result.notes


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.word)
def test_what_is_printed_is_what_is_written(form: object, tmp_path: Path) -> None:
    """But a distribution, of which a file holds one operation."""
    (path,) = write_outputs(make_interrupted_run(), [tmp_path / "run.json"])
    written = read_written(path)
    word = str(getattr(form, "word", ""))
    files = files_of(tmp_path / f"run{getattr(form, 'ending', '')}", written)
    if word == "hgrm":
        assert [file.name for file, _ in files] == [
            "run-single_order_confirm.hgrm",
            "run-bulk_order_confirm.hgrm",
        ]
        assert all(data in rendered(written, word) for _, data in files)
    else:
        assert [data for _, data in files] == [rendered(written, word)]


def test_an_unknown_word_is_refused(tmp_path: Path) -> None:
    """With those there are."""
    (path,) = write_outputs(make_guide_run(), [tmp_path / "run.json"])
    with pytest.raises(UsageError, match="--format pdf: no such format; one of: json, "):
        rendered(read_written(path), "pdf")


def test_a_file_that_is_no_result_is_refused(tmp_path: Path) -> None:
    """A missing one, one that was cut off, and one of a later version."""
    with pytest.raises(UsageError, match="no such file"):
        read_written(tmp_path / "nothing.json")
    (path,) = write_outputs(make_guide_run(), [tmp_path / "run.json"])
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document)[:-100])
    with pytest.raises(SpecError, match="the file was cut off"):
        read_written(path)
    path.write_text(json.dumps(document | {"version": "2.1"}))
    with pytest.raises(SpecError, match=r"version 2\.1 is newer than what this perfengine reads"):
        read_written(path)


def test_what_can_be_written_is_written(tmp_path: Path) -> None:
    """The document first; then it is said what could not be."""
    (tmp_path / "taken").write_text("")
    paths = [tmp_path / "taken" / "a.md", tmp_path / "b.xml", tmp_path / "c.json"]
    with pytest.raises(PerfengineError, match=r"taken/a\.md cannot be written"):
        write_outputs(make_guide_run(), paths)
    assert (tmp_path / "b.xml").exists()
    assert (tmp_path / "c.json").exists()


def test_a_place_where_nothing_can_be_written_is_said_before(tmp_path: Path) -> None:
    """Not after an hour of load."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="taken is no directory"):
        report_paths([tmp_path / "taken" / "below" / "a.md"])
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(UsageError, match=r"folder\.md: cannot be written: it is a directory"):
        report_paths([tmp_path / "folder.md"])
