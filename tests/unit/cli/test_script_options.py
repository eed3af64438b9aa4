"""Which files are pgbench scripts, and which options want one."""

from __future__ import annotations

import pytest

from perfengine.cli.script_options import FileFormat, asked_scripts, split_of_b, split_scripts, split_sql
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


def test_all_files_that_seem_to_be_scripts_are_named() -> None:
    """Not the first alone; also of the other arm of a comparison."""
    files, said = ["a.sql", "b.yaml", "c.sql@2"], "a pgbench script? then say --format pgbench"
    with pytest.raises(UsageError) as caught:
        split_scripts(files, None, None)
    assert str(caught.value).splitlines() == [f"a.sql: {said}", f"c.sql@2: {said}"]
    with pytest.raises(UsageError) as caught:
        split_of_b(files, None)
    assert str(caught.value).splitlines() == [f"a.sql: {said}", f"c.sql@2: {said}"]


def test_the_other_arm_may_have_no_file_of_its_own() -> None:
    """What makes it differ is then something else."""
    assert split_of_b(None, None) == ((), ())
    assert split_of_b(["b.yaml", "c.sql"], FileFormat.PGBENCH) == (("b.yaml",), ("c.sql",))


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
    with pytest.raises(UsageError) as caught:
        asked_scripts((), None, 5, ["a=1"], 2)
    assert len(str(caught.value).splitlines()) == 3
