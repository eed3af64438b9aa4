"""Files of results, by the words of a command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.engine.outputs import report_paths
from perfengine.engine.result_files import read_result_files, result_paths
from perfengine.errors import UsageError
from tests.nobody import without_root

#: What no file can be called.
TOO_LONG = f"{'x' * 300}.json"


def test_a_name_that_no_file_can_have() -> None:
    """Whoever looks whether it is there gets an error of the system: it was a traceback, and is a line."""
    (path,) = result_paths([TOO_LONG])
    with pytest.raises(UsageError, match="cannot be read: File name too long"):
        read_result_files([path])
    with pytest.raises(UsageError, match="cannot be written: File name too long"):
        report_paths([Path(TOO_LONG)])


def test_a_directory_that_may_not_be_entered(tmp_path: Path) -> None:
    """The same: what lies in it cannot even be looked at."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    try:
        with without_root():
            (path,) = result_paths([str(closed / "result.json")])
            with pytest.raises(UsageError, match="cannot be read: Permission denied"):
                read_result_files([path])
            with pytest.raises(UsageError, match="cannot be written: Permission denied"):
                report_paths([closed / "result.json"])
    finally:
        closed.chmod(0o700)
