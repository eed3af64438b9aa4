"""What the null server makes of a statement."""

from __future__ import annotations

import pytest

from perfengine.nullserver.messages import command_complete
from perfengine.nullserver.statements import Turn, statement_of


@pytest.mark.parametrize(
    ("sql", "tag", "brings_row", "turn"),
    [
        ("SELECT id FROM account WHERE id = $1", "SELECT 1", True, Turn.NONE),
        ("  (select 1)", "SELECT 1", True, Turn.NONE),
        ("WITH x AS (SELECT 1) SELECT * FROM x", "SELECT 1", True, Turn.NONE),
        ("SHOW server_version", "SHOW", True, Turn.NONE),
        ("INSERT INTO t VALUES ($1)", "INSERT 0 1", False, Turn.NONE),
        ("UPDATE t SET a = 1 returning a", "UPDATE 1", True, Turn.NONE),
        ("DELETE FROM t", "DELETE 1", False, Turn.NONE),
        ("SET lock_timeout = 1", "SET", False, Turn.NONE),
        ("begin isolation level serializable", "BEGIN", False, Turn.BEGIN),
        ("START TRANSACTION", "START TRANSACTION", False, Turn.BEGIN),
        ("END", "COMMIT", False, Turn.END),
        ("ABORT", "ROLLBACK", False, Turn.END),
        ("ROLLBACK", "ROLLBACK", False, Turn.END),
        ("ROLLBACK TO SAVEPOINT one", "ROLLBACK", False, Turn.NONE),
        ("SAVEPOINT one", "SAVEPOINT", False, Turn.NONE),
    ],
)
def test_the_first_words_decide(sql: str, tag: str, brings_row: bool, turn: Turn) -> None:
    """Tag, row and transaction follow from them."""
    statement = statement_of(sql)
    assert statement.complete == command_complete(tag.encode())
    assert statement.brings_row is brings_row
    assert statement.turn is turn


@pytest.mark.parametrize(("sql", "count"), [("SELECT 1", 0), ("SELECT $1, $3", 3), ("SELECT $12", 12)])
def test_the_highest_number_counts(sql: str, count: int) -> None:
    """Parameters are counted by their highest number."""
    assert statement_of(sql).parameters == count
