"""Which files are pgbench scripts, and which options want one."""

from __future__ import annotations

import pytest

from perfengine.cli.script_options import FileFormat, asked_scripts, split_scripts, split_sql
from perfengine.errors import UsageError


def test_scripts_are_what_is_neither_yaml_nor_python() -> None:
    """With --format pgbench; their names need no ending."""
    files = ["a.yaml", "b.sql@2", "c.py:work", "d"]
    assert split_scripts(files, FileFormat.PGBENCH, None) == (("a.yaml", "c.py:work"), ("b.sql@2", "d"))
    assert split_sql(files, None) == (("a.yaml", "c.py:work", "d"), ("b.sql@2",))


@pytest.mark.parametrize("file", ["a.sql", "dir/a.SQL@3"])
def test_sql_files_are_not_taken_for_documents(file: str) -> None:
    """Somebody forgot to say what they are."""
    with pytest.raises(UsageError, match=r"a pgbench script\? then say --format pgbench"):
        split_scripts([file], None, None)


def test_something_has_to_run() -> None:
    """A built-in script is enough."""
    assert split_scripts(None, None, ["tpcb-like"]) == ((), ())
    with pytest.raises(UsageError, match="no file"):
        split_scripts([], None, None)


def test_options_of_scripts_want_a_script() -> None:
    """Each says so."""
    assert asked_scripts((), None, None, None, None) is None
    with pytest.raises(UsageError, match="--scale: it is about pgbench scripts"):
        asked_scripts((), None, 5, None, None)
    with pytest.raises(UsageError, match="--define: it is about"):
        asked_scripts((), None, None, ["a=1"], None)
    with pytest.raises(UsageError, match="--max-tries: it is about"):
        asked_scripts((), None, None, None, 2)
