"""A named server that runs and says nothing."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.embedded import named
from perfengine.embedded.named import named_status, start_named, stop_named
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def stopped_in_the_middle() -> Iterator[Path]:
    """Yield the directory of a server whose first process takes connections and does nothing with them."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:  # the server's account may pass through to it
        Path(name).chmod(0o755)
        directory = Path(name) / "db"
        pid = start_named(directory).pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            yield directory
        finally:
            os.kill(pid, signal.SIGCONT)
            stop_named(directory, remove=True)


def test_its_status_ends(stopped_in_the_middle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was waited for without an end: `perfengine db status` hung with the server that it was asked about."""
    monkeypatch.setattr(named, "ANSWER_TIMEOUT_S", 0.5)
    with pytest.raises(
        TargetError, match=r"runs but does not answer: not a word in 0\.5 s, see its log, .*server\.log"
    ):
        named_status(stopped_in_the_middle)
