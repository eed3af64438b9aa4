"""The arguments of `perfengine.run` about existing tables and pgbench scripts, as the command line has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perfengine.engine.api_request import request_of
from perfengine.errors import UsageError
from perfengine.pgbench.asked import AskedScripts
from tests.unit.engine.test_api_request import asked


def faults_of(**said: Any) -> list[str]:
    """Return what is wrong, a line each."""
    with pytest.raises(UsageError) as caught:
        request_of(asked(**said))
    lines = str(caught.value).splitlines()
    assert all(line.startswith("perfengine.run: ") for line in lines)
    return [line.removeprefix("perfengine.run: ") for line in lines]


def test_existing_tables() -> None:
    """The words of `--target`, and what belongs to them."""
    request = request_of(
        asked(
            scenario="shop.yaml",
            target="existing",
            schema="app",
            rollback=True,
            allow_writes_elsewhere=True,
        )
    )
    assert (request.target.existing, request.target.schema, request.target.read_only) == (True, "app", False)
    assert (request.load.rollback, request.load.writes_elsewhere) == (True, True)
    request = request_of(asked(scenario="shop.yaml", target="sandbox"))
    assert (request.target.existing, request.load.rollback, request.load.writes_elsewhere) == (
        False,
        False,
        False,
    )


def test_documents_say_what_the_target_is_where_nobody_else_does() -> None:
    """So nothing is wrong yet with what is for existing tables alone."""
    request = request_of(asked(scenario="shop.yaml", read_only=True, schema="app"))
    assert (request.target.existing, request.target.read_only) == (None, True)


def test_what_excludes_each_other_is_said_with_all_else() -> None:
    """In the words of the command line, and the names of arguments."""
    only = 'is for existing tables: say target="existing", or target: existing in the workload'
    assert faults_of(
        scenario="shop.yaml", target="sandbox", schema="app", read_only=True, rollback=True, seed="x"
    ) == [
        "seed 'x': write a whole number from 0 to 9223372036854775807",
        f"schema {only}",
        f"read_only {only}",
        f"rollback {only}",
        "read_only and rollback: with read_only there is nothing to roll back; give one of them",
    ]
    assert faults_of(scenario="shop.yaml", target="exists", schema=7) == [
        "target 'exists': one of: sandbox, existing",
        "schema 7: write the name of a schema",
    ]


def test_scripts() -> None:
    """Files by their format, built-in ones by name, alone or several; all that is said about them."""
    request = request_of(
        asked(
            scenario=["site.yaml", Path("visit.sql"), "buy.sql@3", "shop.py:buy"],
            format="pgbench",
            builtins="select-only@9",
            scale=2,
            definitions={"limit": 5, "word": "x", "share": 0.5},
            max_tries=3,
        )
    )
    assert (request.paths, request.python) == ((Path("site.yaml"),), ("shop.py:buy",))
    assert request.scripts == AskedScripts(
        files=("visit.sql", "buy.sql@3"),
        builtins=("select-only@9",),
        definitions=("limit=5", "word=x", "share=0.5"),
        scale=2,
        max_tries=3,
    )
    alone = request_of(asked(builtins=["tpcb-like", "select-only"])).scripts
    assert alone == AskedScripts(builtins=("tpcb-like", "select-only"))
    assert request_of(asked(scenario="site.yaml")).scripts is None


def test_what_is_wrong_about_scripts_is_said_at_once() -> None:
    """As the command line says it."""
    about = 'it is about pgbench scripts: give one with format="pgbench", or builtins='
    assert faults_of(scenario=["a.sql", "b.sql@2"], scale=1, definitions={"a": 1}, max_tries=2) == [
        'a.sql: a pgbench script? then say format="pgbench"',
        'b.sql@2: a pgbench script? then say format="pgbench"',
        f"scale: {about}",
        f"definitions: {about}",
        f"max_tries: {about}",
    ]
    assert faults_of(builtins="tpcb", format="csv", scale=0, max_tries=True, definitions={"a": None}) == [
        "format 'csv': one of: pgbench",
        "scale 0: write a whole number from 1 to 1000000",
        "max_tries True: write a whole number from 1 to 1000",
        "definitions: a None: write a text or a number",
    ]
    assert faults_of(builtins="tpcb", definitions="a=1") == [
        "definitions 'a=1': write names and their values: {\"limit\": 5}"
    ]


def test_nothing_to_run() -> None:
    """A format alone is no script."""
    assert faults_of(format="pgbench") == [
        "nothing to run: give operations, scenario= or builtins=",
    ]
