"""Where ephemeral servers live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfengine.embedded.temporary import temporary_roots

if TYPE_CHECKING:
    import pytest

ROOTS = [Path("/var/tmp"), Path("/tmp")]  # noqa: S108 - names


def test_tmpdir_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the user names goes before what the system offers."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert temporary_roots()[0] == tmp_path


def test_the_disk_goes_before_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place on disk comes before the one often in memory; a TMPDIR that does not exist is passed over."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    assert list(temporary_roots()) == [root for root in ROOTS if root.is_dir()]
