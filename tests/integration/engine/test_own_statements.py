"""Statements that the server does not prepare: the author's mistakes, said before the load, all at once, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.errors import ExitCode, SpecError
from perfengine.model.settings import LoadSettings
from tests.integration.engine.looking import SANDBOXES
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import Watcher, run_documents

if TYPE_CHECKING:
    from tests.integration.engine.looking import Onlooker

OPERATIONS = """\
    session: {datestyle: "SQL, DMY", jit_debugging_support: "on"}
    setup: ["CREATE TABLE note (id int, word text)"]
    ops:
      right: {sql: "SELECT * FROM note WHERE id = :id", params: {id: {const: 1}}}
      by_its_session: {sql: "SELECT date '31/12/2026'"}
      missing: {sql: "SELECT 1 FROM {{parcel}}, nosuch WHERE true"}
      column: {sql: "SELECT wrod FROM note"}
      syntax: {sql: "SELECT id FROM note WHERE id = :id FROM", params: {id: {const: 1}}}
      function: {function: nosuch, params: {a: {const: 1}}}
      steps:
        transaction:
          steps:
            - {sql: SELECT id FROM note, as: found}
            - {think: 1ms}
            - sql: |
                UPDATE note SET word = 'x'
                WHERE idd = :found.id
"""


def mistakes_of(dsn: str, text: str, *names: str) -> tuple[str, ...]:
    """Return what a run says is wrong with its operations."""
    watcher, settings = Watcher(), LoadSettings(iterations=5, filters=names)
    with pytest.raises(SpecError) as caught:
        run_documents(dsn, PARCEL, workload(text), settings=settings, watcher=watcher)
    assert caught.value.exit_code is ExitCode.INPUT
    assert not any("warm-up" in str(event) for event in watcher.heard)
    return tuple(mistake.render() for mistake in caught.value.mistakes)


def test_every_statement_that_the_server_refuses_is_a_mistake(inhabited: str, onlooker: Onlooker) -> None:
    """With its place, what the server said and what to do; those that it takes are none, and nothing is left."""
    found = mistakes_of(
        inhabited,
        OPERATIONS,
        "right",
        "by_its_session",
        "missing",
        "column",
        "syntax",
        "untyped",
        "function",
        "steps",
    )
    said = 'operation "{}": the server does not prepare this statement: {}'
    assert [one.splitlines()[0] for one in found] == [
        "2.yaml:7:47: "
        + said.format(
            "missing",
            'relation "nosuch" does not exist (SQLSTATE 42P01); correct it, or make what it names in setup:',
        ),
        "2.yaml:8:27: "
        + said.format(
            "column",
            'column "wrod" does not exist (SQLSTATE 42703) '
            '(Perhaps you meant to reference the column "note.word"); '
            "correct it, or make what it names in setup:",
        ),
        "2.yaml:9:55: "
        + said.format("syntax", 'syntax error at or near "FROM" (SQLSTATE 42601); correct it'),
        "2.yaml:10:5: "
        + said.format(
            "function",
            "function nosuch(a => unknown) does not exist (SQLSTATE 42883) (No function matches the given name "
            "and argument types. You might need to add explicit type casts); correct it, or make what it names "
            "in setup:",
        ),
        "2.yaml:16:18: "
        + said.format(
            "steps",
            'column "idd" does not exist (SQLSTATE 42703) at line 2, character 7 of it '
            '(Perhaps you meant to reference the column "note.id"); '
            "correct it, or make what it names in setup:",
        ),
    ]
    assert found[0].splitlines()[2].endswith("^")
    assert onlooker.fetch(SANDBOXES) == []


def test_what_another_operation_may_make_is_no_mistake(inhabited: str) -> None:
    """Then the load tells; a statement that is wrong in itself is one all the same."""
    text = """\
        warmup: 0
        ops:
          make: {sql: "CREATE TABLE IF NOT EXISTS made (id int)"}
          read: {sql: "SELECT count(*) FROM made"}
          wrong: {sql: "SELECT count( FROM made"}
        """
    result = run_documents(
        inhabited, PARCEL, workload(text), settings=LoadSettings(iterations=1, filters=("make", "read"))
    )
    assert [(one.operation.name, one.ok) for one in result.operations] == [("make", 1), ("read", 1)]
    (found,) = mistakes_of(inhabited, text, "make", "read", "wrong")
    assert 'operation "wrong"' in found
    assert 'syntax error at or near "FROM"' in found


def test_statements_for_a_pooler_are_looked_at_too(inhabited: str) -> None:
    """As its sessions will send them: with the sandbox's names written out."""
    text = """\
        prepare: false
        setup: [CREATE TABLE note (id int)]
        ops:
          right: {sql: "SELECT * FROM note"}
          wrong: {sql: "SELECT * FROM nosuch"}
        """
    (found,) = mistakes_of(inhabited, text, "right", "wrong")
    assert found.startswith('2.yaml:6:18: operation "wrong": the server does not prepare this statement: ')
    assert 'relation "nosuch" does not exist (SQLSTATE 42P01)' in found
