"""Whatever a name is, the statements are those of a harmless one: names and values only stand inside quotes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfengine.compiler.compile import compile_scenario
from perfengine.errors import PlanError, SpecError
from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.settings import LoadSettings
from tests.documents import scenario_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a careless statement trips over, in pieces that are put together at random.
PIECES = (
    *(
        '"',
        "'",
        "''",
        '""',
        "\\",
        "\\'",
        ";",
        "--",
        "/*",
        "*/",
        "$$",
        "$pe$",
        "$1",
        "%s",
        ":name",
        "{{order}}",
    ),
    *(
        " OR 1=1",
        "DROP TABLE victim",
        "U&",
        "E'",
        "select",
        "user",
        "null",
        "é",
        "名前",
        "\u00a0",
        "x",
        "_",
        ")",
        "(",
    ),
)
#: The names of a document, by where they stand: what is harmless there.
PLAIN = (
    *("shop", "amount", "kind", "status", "owner", "user"),
    *("new", "paid", "gone", "pay", "lose", "positive", "gold", "silver", "send", "about"),
)
#: A quoted name, a text, a text with escapes, or what stands between quotes of dollars; that is looked at by itself.
_QUOTED = re.compile(
    r"""
      (?P<name>  "(?:[^"]|"")*" )
    | (?P<text>  E'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*' )
    | (?P<body>  (?P<tag>\$pe\d*\$)(?P<inside>.*?)(?P=tag) )
    """,
    re.DOTALL | re.VERBOSE,
)


def document_of(names: Sequence[str]) -> str:
    """Return an entity with every kind of name in it."""
    entity, amount, kind, status, owner, user, new, paid, gone, pay, lose, rule, gold, silver, send, about = (
        map(json.dumps, names)
    )
    return f"""
entity: {entity}
schema: {about}
description: {about}
fields:
  {amount}: {{type: money, description: {about}}}
  {kind}: {{type: enum, values: [{gold}, {silver}], default: {gold}, unique: true}}
  {status}: {{type: text, nullable: false}}
  {owner}: {{type: uuid, references: {user}}}
  {user}: boolean
patterns:
  - name: state_machine
    field: {status}
    description: {about}
    initial_state: {new}
    states: [{new}, {{name: {paid}, description: {about}}}, {gone}]
    transitions:
      - {{from: {new}, to: {paid}, trigger: {pay}, guard: "0 < 1", description: {about}}}
      - {{from: any, to: {gone}, trigger: {lose}}}
  - validation:
      - {{name: {rule}, field: {amount}, rule: "0 < 1", message: {about}, error_code: {about}}}
indexes: [{{fields: [{kind}, {amount}], name: {about}}}]
actions:
  - {{name: {send}, from_states: [{paid}], to_state: {new}, description: {about}}}
performance: {{data_sets: [{{name: {about}, {entity}: 5}}]}}
"""


def statements_of(names: Sequence[str], pick: str = "") -> list[str]:
    """Return every statement that is made of such a document."""
    workload = f"workload: {{rows: {{pick: {pick}}}}}\n" if pick else ""
    plan = compile_scenario(scenario_of(document_of(names) + workload), LoadSettings())
    tables = [[create_table_ddl(table), *constraints_ddl(table)] for table in plan.tables]
    made = [statement for statements in tables for statement in statements]
    return [*made, *(one.ddl for one in plan.functions), *(one.sql for one in plan.available)]


def skeleton(sql: str) -> str:
    """Return a statement with what is quoted left out, as the server tells it apart."""
    return " ".join(_QUOTED.sub(_shown, sql).split())


def _shown(match: re.Match[str]) -> str:
    if match["body"]:
        return f" body {{ {skeleton(match['inside'])} }} "
    return " name " if match["name"] else " text "


SKELETON = [skeleton(sql) for sql in statements_of(PLAIN)]


@st.composite
def _hostile(draw: st.DrawFn) -> tuple[str, ...]:
    """Return names of pieces, each with a number, so that no two are alike, as long as a name may be."""
    pieces = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
    return tuple(_cut(f"{number:x}{draw(pieces)}") for number, _ in enumerate(PLAIN))


def _cut(name: str) -> str:
    """Return a name short enough for what is made of two of them, without blanks at its end."""
    return name.encode()[:25].decode(errors="ignore").strip()


@settings(max_examples=60, deadline=None)
@given(_hostile(), st.sampled_from(["", "lock", "random", "first"]))
def test_names_never_leave_their_quotes(names: tuple[str, ...], pick: str) -> None:
    """Statement by statement, what is left without quoted pieces is what is left of harmless names."""
    plain = SKELETON if not pick else [skeleton(sql) for sql in statements_of(PLAIN, pick)]
    assert [skeleton(sql) for sql in statements_of(names, pick)] == plain


_HOSTILE = (
    '"; DROP TABLE victim; --',
    "'; DROP TABLE victim; --",
    "$pe$; DROP TABLE victim",
    "\\'; --",
    "/* x",
)


@pytest.mark.parametrize("hostile", _HOSTILE)
@pytest.mark.parametrize("position", range(len(PLAIN)), ids=PLAIN)
def test_each_place_of_a_name_is_quoted(position: int, hostile: str) -> None:
    """One hostile name among harmless ones, in each place."""
    names = (*PLAIN[:position], hostile, *PLAIN[position + 1 :])
    assert [skeleton(sql) for sql in statements_of(names)] == SKELETON


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=70), min_size=len(PLAIN), max_size=len(PLAIN)))
def test_any_name_is_quoted_or_refused(names: list[str]) -> None:
    """Names of any characters and of any length: refused in our own words, or inside quotes."""
    try:
        found = [skeleton(sql) for sql in statements_of(names)]
    except (SpecError, PlanError) as refused:
        mistakes = str(refused)
        assert "Traceback" not in mistakes
    else:
        assert len(found) == len(SKELETON)


def test_the_skeleton_shows_what_is_not_quoted() -> None:
    """The measure of this file can tell a name that got out."""
    assert skeleton("SELECT \"a\"\"b\", 'c''d', E'e\\'f'") == "SELECT name , text , text"
    assert skeleton('SELECT "a"; DROP TABLE victim; --"') != skeleton('SELECT "b"')
    assert "DROP" in skeleton("DO $pe$ BEGIN DROP TABLE x; END $pe$")
