"""Which files are overwritten, and whether somebody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.generated_files import write_generated
from perfengine.errors import UsageError
from perfengine.generate.seal import seal_line, sealed
from perfengine.model.generated import GeneratedFile

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = (
    tuple(
        GeneratedFile(name=name, text=sealed(f"{seal_line('--')}\n{word} {name}\n"))
        for name in ("a.sql", "b.sql")
    )
    for word in ("old", "new")
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return a directory in which the second of two generated files was edited."""
    write_generated(OLD, tmp_path / "out", force=False, agrees=None)
    with (tmp_path / "out" / "b.sql").open("a") as file:
        file.write("-- edited\n")
    return tmp_path / "out"


def _texts(directory: Path) -> list[str]:
    return [(directory / name).read_text().split()[-2] for name in ("a.sql", "b.sql")]


def test_what_nobody_edited_is_made_anew(tmp_path: Path) -> None:
    """Without a question."""
    write_generated(OLD, tmp_path, force=False, agrees=None)
    assert write_generated(NEW, tmp_path, force=False, agrees=None) == (
        [tmp_path / "a.sql", tmp_path / "b.sql"],
        [],
    )
    assert _texts(tmp_path) == ["new", "new"]


def test_nobody_to_ask_is_a_refusal(directory: Path) -> None:
    """Before anything is written."""
    with pytest.raises(UsageError, match=r"b\.sql\n +--force"):
        write_generated(NEW, directory, force=False, agrees=None)
    assert _texts(directory) == ["old", "--"]


@pytest.mark.parametrize("answer", [True, False])
def test_who_can_be_asked_decides(directory: Path, answer: bool) -> None:
    """About the edited file alone."""
    asked: list[str] = []

    def agrees(question: str) -> bool:
        asked.append(question)
        return answer

    written, kept = write_generated(NEW, directory, force=False, agrees=agrees)
    assert len(asked) == 1
    assert "b.sql was edited" in asked[0]
    assert (len(written), len(kept)) == ((2, 0) if answer else (1, 1))
    assert _texts(directory) == ["new", "new" if answer else "--"]


def test_force_asks_nobody(directory: Path) -> None:
    """Neither here nor there."""
    write_generated(NEW, directory, force=True, agrees=None)
    assert _texts(directory) == ["new", "new"]


def test_bytes_that_are_no_text_are_somebodys(tmp_path: Path) -> None:
    """And a directory in the way is said."""
    (tmp_path / "a.sql").write_bytes(b"\xff")
    with pytest.raises(UsageError, match=r"a\.sql"):
        write_generated(NEW, tmp_path, force=False, agrees=None)
    (tmp_path / "b.sql").mkdir()
    with pytest.raises(UsageError, match=r"b\.sql cannot be"):
        write_generated(NEW, tmp_path, force=True, agrees=None)
