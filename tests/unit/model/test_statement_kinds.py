"""What a statement would do to its session, by its words."""

from __future__ import annotations

import pytest

from perfengine.model.statement_kinds import ends_transaction, first_words, leaves_search_path, selects_into


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("", ()),
        (" ; ;", ()),
        ("/* DROP */ Select 1", ("select",)),
        ("((SELECT 1))", ("select",)),
        ("BEGIN; TRUNCATE t; -- ;\n COMMIT", ("begin", "truncate", "commit")),
        ("SELECT ';' , $$;$$ ; insert into t values (1);", ("select", "insert")),
    ],
)
def test_statements_by_their_first_word(sql: str, words: tuple[str, ...]) -> None:
    """Semicolons in quotes and comments end no statement."""
    assert first_words(sql) == words


@pytest.mark.parametrize(
    ("sql", "makes"),
    [
        ("SELECT 1 INTO t", True),
        ("WITH x AS (SELECT 1) SELECT * INTO TEMP u FROM x", True),
        ("INSERT INTO t SELECT 1", False),
        ("WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x", False),
        ("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", False),
        ("SELECT 'a INTO t', \"into\" FROM t", False),
    ],
)
def test_a_select_that_makes_a_table(sql: str, makes: bool) -> None:
    """Told from INSERT INTO."""
    assert selects_into(sql) is makes


@pytest.mark.parametrize(
    ("sql", "ends"),
    [
        ("COMMIT", True),
        ("/* now */ ;commit and chain", True),
        ("End Transaction", True),
        ("ABORT", True),
        ("ROLLBACK", True),
        ("ROLLBACK AND CHAIN", True),
        ("PREPARE TRANSACTION 'a'", True),
        ("ROLLBACK TO SAVEPOINT a", False),
        ("rollback work to a", False),
        ("PREPARE a AS SELECT 1", False),
        ("SAVEPOINT a", False),
        ("SELECT 'COMMIT'", False),
        ('UPDATE t SET "end" = 1', False),
        ("", False),
    ],
)
def test_a_statement_that_ends_the_transaction_it_is_sent_in(sql: str, ends: bool) -> None:
    """Told from one that goes back to a savepoint."""
    assert ends_transaction(sql) is ends


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("SET search_path = public", 0),
        ("SELECT 1; set session Search_Path to a, b", 10),
        ("/* x */ SET SCHEMA 'a'", 8),
        ("RESET ALL", 0),
        ("reset search_path", 0),
        ("DISCARD ALL", 0),
        ("SELECT set_config('search_path', 'public', false)", 7),
        ("SELECT set_config('search_path', 'public', true)", None),
        ("SELECT set_config('work_mem', '1MB', false)", None),
        ("SET LOCAL search_path = public", None),
        ("SET SESSION AUTHORIZATION a", None),
        ("SET work_mem = '1MB'", None),
        ("UPDATE t SET search_path = 1", None),
        ("UPDATE t SET a = 1; DISCARD PLANS", None),
        ("SELECT 'SET search_path = a'", None),
        ("RESET work_mem", None),
        ("SET", None),
    ],
)
def test_a_statement_that_leaves_the_search_path_of_the_session(sql: str, place: int | None) -> None:
    """Statements of other operations with bare names would then mean tables of somebody else."""
    assert leaves_search_path(sql) == place
