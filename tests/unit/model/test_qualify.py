"""The schema before names of tables and functions, and the many places where such a name is something else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.keywords import RESERVED
from perfengine.model.qualify import qualify
from perfengine.model.sql import quote_identifier
from perfengine.model.sql_text import SqlTextError

SCHEMA = '"pe"'
TABLES = frozenset(map(quote_identifier, ("order", "t", "u", "status", "select", 'a"b', "größe")))
FUNCTIONS = frozenset(map(quote_identifier, ("f", "order_confirm", "user")))


def qualified(sql: str) -> str:
    """Return the text with the schema, among these tables and functions."""
    return qualify(sql, SCHEMA, TABLES, FUNCTIONS)


def with_schema(text: str) -> str:
    """Return the text with the schema where an @ marks its place."""
    return text.replace("@", f"{SCHEMA}.")


#: An @ marks what gets the schema.
CASES = (
    'SELECT * FROM @"order"',
    'SELECT "order" FROM @"order" AS o',
    'SELECT "order"."status" FROM @"order"',
    'INSERT INTO @"order" ("status", "order") VALUES ($1, $2)',
    "INSERT INTO @t (u) SELECT u FROM @u ON CONFLICT (u) DO UPDATE SET t = excluded.t, u = @f(t.u)",
    'UPDATE @"status" SET "status" = $1, t = 2 FROM @u, @t WHERE u = t',
    "UPDATE ONLY (@t) SET u = 1",
    "DELETE FROM @t USING @u, @status WHERE t = u",
    "MERGE INTO @t USING @u ON t.a = u.a WHEN MATCHED THEN UPDATE SET t = 1, u = 2",
    "TABLE @t",
    "SELECT FROM @T, @U AS t",
    "SELECT FROM @t a, @u b, (SELECT t, u FROM x, @u) c, @t",
    "SELECT FROM (@t JOIN @u USING (t)), LATERAL @f(u), @u",
    "SELECT FROM x JOIN @t ON @f(x, t), @u ORDER BY t, u",
    "SELECT FROM @t FOR UPDATE OF t, u",
    "SELECT extract(day FROM t), trim(both FROM u) FROM @t",
    "SELECT substring((SELECT u FROM @u) FROM t)",
    "SELECT a IS NOT DISTINCT FROM t, u FROM @u",
    "SELECT @order_confirm($1)",
    'SELECT @"f" /* ( */ (1), f FROM @F(2) AS f(a, b)',
    "SELECT * FROM user, (VALUES (1)) f(a)",
    'SELECT @"user"(1), user FROM @"select"',
    "SELECT FROM (SELECT 1) t, (select 2) u",
    'SELECT FROM @"a""b", @größe, GRÖSSE',
    "SELECT FROM @GRöße, GRÖßE",
    'SELECT FROM public.t, "order".t, t.u, x.f(1)',
    "WITH t AS (SELECT 1 FROM @u), x (u, f) AS NOT MATERIALIZED (SELECT 2) SELECT FROM t, x, @u",
    "WITH RECURSIVE t (a) AS (SELECT a FROM t) UPDATE @t SET a = 1",
    "SELECT 'FROM t', $$ FROM t $$, E'\\' FROM t', \"FROM t\" FROM @t -- FROM t",
    "SELECT 1 FROM/*FROM u*/@t",
    "SELECT 1::t, 1::f(3), CAST(1 AS f(2)) FROM @t",
    "SELECT FROM @t WHERE a IN (SELECT t FROM @u), u",
    "SELECT 1 FROM @t UNION SELECT t, u FROM @u",
)


@pytest.mark.parametrize("sql", CASES)
def test_tables_and_functions_get_the_schema(sql: str) -> None:
    """Columns, aliases, types, quotes and comments of the same name do not; nor does what has a schema already."""
    assert qualified(sql.replace("@", "")) == with_schema(sql)


#: Complete pieces without a word that is followed by a table, whatever stands around them.
OPAQUE = (
    "'FROM t'",
    "E'\\' FROM t'",
    "$$ FROM t $$",
    '$q$ JOIN "order" $q$',
    "/* FROM t /* JOIN u */ f( */",
    "-- FROM t\n",
    '"FROM t"',
    '"f("',
    "t",
    "u",
    '"order"',
    "t.u",
    "x.f(1)",
    "AS t",
    "AS f(a)",
    "::t",
    "::f(2)",
    "1",
    "= $1",
    "SET t = u",
    "IS DISTINCT FROM t",
    "extract(day FROM t)",
    "FOR UPDATE OF t",
    "USING (t)",
    "ORDER BY t",
    "(t)",
)
#: Complete pieces with names.
MARKED = (
    "FROM @t x",
    'JOIN @"order" AS t',
    "INTO @u (t, u)",
    "FROM @t x, @u y",
    "+ @f(t, u)",
    '= @"order_confirm"()',
)
PIECES = st.lists(st.sampled_from(OPAQUE + MARKED), max_size=12)
JUNK = st.text(alphabet="tuf FROMJINfrom,.;:'\"$-/*\\[]()\n_é", max_size=60)


@given(PIECES)
def test_names_are_found_wherever_they_stand(pieces: list[str]) -> None:
    """Among anything that is no name, just the marked ones get the schema."""
    text = "  WHERE ".join(pieces)
    assert qualified(text.replace("@", "")) == with_schema(text)


@given(PIECES)
def test_what_has_the_schema_keeps_it(pieces: list[str]) -> None:
    """Twice is as good as once."""
    once = qualified("  WHERE ".join(pieces).replace("@", ""))
    assert qualified(once) == once


@given(JUNK)
def test_nothing_but_the_schema_is_ever_added(sql: str) -> None:
    """Whatever the text: without the schema it is the same, letter by letter; or a quote has no end."""
    try:
        found = qualified(sql)
    except SqlTextError:
        return
    assert found.replace(f"{SCHEMA}.", "") == sql.replace(f"{SCHEMA}.", "")


@given(st.text(min_size=1, max_size=20).filter(lambda name: "\0" not in name and len(name.encode()) < 60))
def test_hostile_names_are_quoted_names_like_others(name: str) -> None:
    """Quotes, dots, comments and semicolons inside of a name are a part of it."""
    quoted, schema = quote_identifier(name), quote_identifier(f"s{name}")
    parts = (
        f"SELECT {quoted}.x, {quoted} FROM ",
        f"{quoted} AS {quoted}, ",
        f"{quoted} WHERE ",
        f"{quoted}(1) > 0",
    )
    assert qualify("".join(parts), schema, {quoted}, {quoted}) == f"{schema}.".join(parts)
    assert qualify("".join(parts), schema, (), ()) == "".join(parts)


@given(st.from_regex(r"[A-Za-z_\x80-\uffff][A-Za-z0-9_$\x80-\uffff]{0,20}", fullmatch=True))
def test_a_name_without_quotes_is_folded_as_the_server_does(name: str) -> None:
    """ASCII to lower case and nothing else; a reserved word is no name."""
    folded = re.sub("[A-Z]", lambda letter: letter[0].lower(), name)
    tables = {quote_identifier(folded)}
    expected = f"SELECT FROM {name}" if folded in RESERVED else f"SELECT FROM {SCHEMA}.{name}"
    assert qualify(f"SELECT FROM {name}", SCHEMA, tables, ()) == expected


@pytest.mark.parametrize("sql", ["FROM 'a", 'FROM "t', "/* FROM t", "$$ FROM t"])
def test_what_has_no_end_is_said(sql: str) -> None:
    """As for placeholders."""
    with pytest.raises(SqlTextError):
        qualified(sql)
