"""SQL files of an arm: taken apart as the server would, and mistakes named with the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ab.sql_file import read_sql, statements_of
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("", ()),
        ("-- nothing\n;;", ()),
        ("SELECT 1", ("SELECT 1",)),
        ("SELECT ';'; -- a;b\nVACUUM;", ("SELECT ';';", "-- a;b\nVACUUM;")),
        ("CREATE FUNCTION f() AS $x$ a; b; $x$; SELECT 2", ("CREATE FUNCTION f() AS $x$ a; b; $x$;", "SELECT 2")),
        ("CREATE FUNCTION f() BEGIN ATOMIC a; b; END;", ("CREATE FUNCTION f() BEGIN ATOMIC a; b; END;",)),
    ],
)  # fmt: skip
def test_statements(text: str, statements: tuple[str, ...]) -> None:
    """Semicolons in quotes, comments and bodies end nothing."""
    assert statements_of(text) == statements


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """The option and the file stand before what is wrong with it."""
    missing, broken, binary = (tmp_path / name for name in ("missing.sql", "broken.sql", "binary.sql"))
    broken.write_text("SELECT 1;\nSELECT 'open")
    binary.write_bytes(b"\xff\xfe\x00")
    for path, words in (
        (missing, "No such file"),
        (broken, "that begins at character"),
        (binary, "it is not UTF-8 text"),
    ):
        with pytest.raises(UsageError, match=words) as caught:
            read_sql(path, "--after")
        assert str(caught.value).startswith(f"--after {path}")
    with pytest.raises(UsageError, match=r"broken\.sql:2: "):
        read_sql(broken, "--before")
    broken.write_text("SELECT 1;\nCOPY t FROM STDIN;\n1\n\\.\n")  # as a dump has it: it would wait for ever
    with pytest.raises(UsageError, match=r"broken\.sql:2: COPY FROM STDIN takes rows from the client"):
        read_sql(broken, "--before")
