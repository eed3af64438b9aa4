"""The lock on a directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.embedded.lock import lock_directory, locked

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_is_held_until_it_is_closed(tmp_path: Path) -> None:
    """A second taker is refused while the first works, and admitted afterwards."""
    with locked(tmp_path), pytest.raises(BlockingIOError):
        lock_directory(tmp_path)
    with locked(tmp_path) as descriptor:
        assert descriptor >= 0
