"""Files to bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.errors import UsageError
from perfengine.spec.documents import MAX_BYTES, load_documents
from tests.nobody import without_root

if TYPE_CHECKING:
    from pathlib import Path


def test_files_are_read_in_order_with_the_path_as_typed(tmp_path: Path) -> None:
    """Each document keeps its bytes and its path."""
    paths = []
    for name in ("b.yaml", "a.yml"):
        (tmp_path / name).write_bytes(name.encode())
        paths.append(str(tmp_path / name))
    documents = load_documents(paths)
    assert [document.path for document in documents] == paths
    assert [document.data for document in documents] == [b"b.yaml", b"a.yml"]


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    """A slip in a file name is answered with the name that was meant."""
    (tmp_path / "order.yaml").write_text("name: order")
    path = str(tmp_path / "ordr.yaml")
    with pytest.raises(UsageError) as caught:
        load_documents([path])
    assert str(caught.value) == f'{path}: no such file, did you mean "{tmp_path / "order.yaml"}"?'


def test_every_path_that_cannot_be_read_has_its_line(tmp_path: Path) -> None:
    """Missing files, directories and other languages are named together."""
    paths = [str(tmp_path / "nowhere" / "x.yaml"), str(tmp_path), "load.py", "load.SQL", "a\0b"]
    with pytest.raises(UsageError) as caught:
        load_documents(paths)
    lines = str(caught.value).splitlines()
    assert [line.split(": ", 1)[1] for line in lines[:4]] == [
        "no such file",
        "is a directory: give a file in it",
        "this is Python, and a YAML document is needed here",
        "SQL scripts cannot be run yet: give a YAML document",
    ]
    assert "cannot be read" in lines[4]
    assert "\0" not in lines[4]


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    """The system's reason is passed on."""
    path = tmp_path / "order.yaml"
    path.write_text("name: order")
    path.chmod(0)
    with without_root(), pytest.raises(UsageError, match="cannot be read: Permission denied"):
        load_documents([str(path)])


def test_no_more_is_read_than_shows_that_a_file_is_too_large() -> None:
    """An endless file ends after a MiB and a byte."""
    (document,) = load_documents(["/dev/zero"])
    assert len(document.data) == MAX_BYTES + 1
