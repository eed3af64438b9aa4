"""Placeholders in SQL, and the many places where a colon is none."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.sql_text import (
    Placeholder,
    SqlTextError,
    TableMark,
    bind,
    count_statements,
    numbered_parameters,
    place_before_binding,
    placeholders,
    table_marks,
)

#: Complete pieces of SQL in which nothing is a placeholder, whatever stands before and after.
OPAQUE = (
    "'it''s :no'",
    "E'it\\'s :no'",
    "e'\\\\'",
    "E'a'\n'it\\'s :no'",
    "E'a' -- why\n 'it\\'s :no'",
    "U&'\\0041 :no'",
    'U&"d\\0061t :no"',
    "B'01'",
    "N':no'",
    '":no"',
    '"a "" :no"',
    "-- :no it's\n",
    '-- :no "\r',
    "/* :no */",
    "/* /* :no */ it's :no */",
    "/*/* :no */*/",
    "$$ :no it's $$",
    "$q$ :no $$ :no $Q$ $q$",
    "$é$ :no $é$",
    "'{{no}}'",
    '"{{no}}"',
    "$$ {{no}} $$",
    "x::text",
    "x := 1",
    "f(a := 2)",
    "a[1:2]",
    "a[:2]",
    "a[i:j]",
    "a[f(x):j]",
    "a[b[1]:j]",
    'a["i":j]',
    "a[1:n]",
    "a :1",
    "a$b$c",
    "name$$b",
    "→$x$y",
    "@>",
    "->>",
    "1.5e3",
    "{",
    "}}",
    "*",
    ";",
)
JUNK = st.text(alphabet="ab:;'\"$-/*\\[]{}(). \n\r\tEeUu&1_é→", max_size=40)


@pytest.mark.parametrize("sql", OPAQUE)
def test_what_is_no_placeholder_is_left_alone(sql: str) -> None:
    """Casts, quotes, comments, slices and dollar quotes come back letter by letter."""
    assert placeholders(sql) == ()
    assert table_marks(sql) == ()
    assert bind(sql, {}) == sql


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT :a", "SELECT $1"),
        ("SELECT :a::uuid", "SELECT $1::uuid"),
        ("SELECT x::int+:a", "SELECT x::int+$1"),
        ("SELECT :a,:b,:a", "SELECT $1,$2,$1"),
        ("f(p=>:a)", "f(p=>$1)"),
        ("f(p:=:a)", "f(p:=$1)"),
        ("ARRAY[:a, :b]", "ARRAY[$1, $2]"),
        ("x[:a]", "x[$1]"),
        ("x[1 : :a]", "x[1 : $1]"),
        ("x[:a : :b]", "x[$1 : $2]"),
        ("LIMIT:a", "LIMIT $1"),
        ("x[1]=:a", "x[1]=$1"),
        ("a->>:a", "a->>$1"),
        ("a|/*c*/:a", "a|/*c*/$1"),
        ("a*/*c*/:a", "a*/*c*/$1"),
        ("--c\n:a", "--c\n$1"),
        ("--c\r:a", "--c\r$1"),
        ("''':a':a", "''':a' $1"),
        ("'a'':b' || :a", "'a'':b' || $1"),
        ("E'\\\\':a", "E'\\\\' $1"),
        ("nameE'\\':a", "nameE'\\' $1"),
        ("E'a' 'b\\':a", "E'a' 'b\\' $1"),
        ("$a$x$a$:a", "$a$x$a$ $1"),
        ("SELECT :a.*", "SELECT $1.*"),
        ("(:s.id)", "($3)"),
        ("(:s.id::bigint)", "($3::bigint)"),
        (":größe", "$4"),
    ],
)
def test_placeholders_become_numbers(sql: str, expected: str) -> None:
    """Each name has one number, wherever it stands."""
    numbers = {("a", None): 1, ("b", None): 2, ("s", "id"): 3, ("größe", None): 4}
    assert bind(sql, numbers) == expected


def test_a_placeholder_says_where_it_is() -> None:
    """The place in the text, and the column of a step."""
    sql = "SELECT :order.id, :amount"
    assert [(found.key, sql[found.start : found.stop]) for found in placeholders(sql)] == [
        (("order", "id"), ":order.id"),
        (("amount", None), ":amount"),
    ]


@pytest.mark.parametrize("mark", ["{{order}}", "{{ order }}", "{{\torder\n}}"])
def test_a_mark_becomes_a_table(mark: str) -> None:
    """Blanks inside the braces do not count."""
    assert [found.name for found in table_marks(f"SELECT 1 FROM {mark}")] == ["order"]
    assert bind(f"FROM {mark} o", {}, {"order": '"order"'}) == 'FROM "order" o'


def test_a_mark_may_hold_any_name() -> None:
    """Names with blanks and quotes are names."""
    assert [found.name for found in table_marks("{{Weird Name}}{{it's}}{{a}}{{}}{{ }}")] == [
        "Weird Name",
        "it's",
        "a",
    ]


def test_numbers_of_the_author_are_found() -> None:
    """`$1` outside of quotes; a dollar inside a name is none."""
    assert numbered_parameters("SELECT $1, '$2', a$3, $$ $4 $$, $12") == ("$1", "$12")


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("", 0),
        (" -- nothing\n;;/* ; */", 0),
        ("SELECT 1", 1),
        ("SELECT ';' ; -- end", 1),
        ("SELECT 1; SELECT $$;$$;", 2),
        ("'a'", 1),
    ],
)
def test_statements_are_counted(sql: str, count: int) -> None:
    """A semicolon in quotes separates nothing, and after the last one nothing needs to stand."""
    assert count_statements(sql) == count


@pytest.mark.parametrize(
    ("sql", "offset"),
    [
        ("SELECT 'a", 7),
        ("SELECT 'a''", 7),
        ("SELECT E'a\\'", 7),
        ('SELECT "a""', 7),
        ("/* /* */", 0),
        ("SELECT $a$ $A$", 7),
        ("E'a'\n'b\\'", 0),
    ],
)
def test_a_quote_without_end_is_refused(sql: str, offset: int) -> None:
    """The message says where it begins."""
    for read in (placeholders, table_marks, numbered_parameters, count_statements):
        with pytest.raises(SqlTextError, match=f"character {offset + 1} has no end") as caught:
            read(sql)
        assert caught.value.offset == offset


@given(st.lists(st.sampled_from(OPAQUE) | st.sampled_from([":a", ":b", ":s.id", "{{t}}"]), max_size=12))
def test_pieces_are_read_one_by_one(pieces: list[str]) -> None:
    """Between line breaks each piece means what it means alone."""
    answers = {":a": "$1", ":b": "$2", ":s.id": "$3", "{{t}}": '"t"'}
    numbers = {("a", None): 1, ("b", None): 2, ("s", "id"): 3}
    # a name between two strings: they are two, and no string that goes on in the next line
    glue = "\n x "
    expected = glue.join(answers.get(piece, piece) for piece in pieces)
    assert bind(glue.join(pieces), numbers, {"t": '"t"'}) == expected


@given(JUNK)
def test_text_outside_placeholders_is_untouched(sql: str) -> None:
    """Whatever is written: the rest comes back letter by letter, or a quote has no end."""
    try:
        found = placeholders(sql)
    except SqlTextError:
        assert re.search("['\"]|/\\*|\\$", sql)
        return
    assert all(left.stop <= right.start for left, right in pairwise(found))
    marks = table_marks(sql)
    pattern, place = "", 0
    written: list[Placeholder | TableMark] = sorted((*found, *marks), key=lambda each: each.start)
    for one in written:
        answer = r" ?\$7" if one in found else " ?T"
        pattern, place = pattern + re.escape(sql[place : one.start]) + answer, one.stop
    bound = bind(sql, {one.key: 7 for one in found}, {one.name: "T" for one in marks})
    assert re.fullmatch(pattern + re.escape(sql[place:]), bound)


@given(JUNK)
def test_binding_twice_changes_nothing_more(sql: str) -> None:
    """What was bound has no placeholder left."""
    try:
        found = placeholders(sql)
    except SqlTextError:
        return
    bound = bind(sql, {one.key: 1 for one in found}, {one.name: '"t"' for one in table_marks(sql)})
    assert placeholders(bound) == ()


@given(
    st.lists(st.sampled_from(OPAQUE) | st.sampled_from([":a", ":b", ":s.id", "{{t}}", "x", "é"]), max_size=12)
)
def test_a_place_in_what_was_bound_is_found_in_what_was_written(pieces: list[str]) -> None:
    """Each character comes from the same one, or from the begin of what was replaced by it."""
    sql = "\n x ".join(pieces)
    numbers, tables = {("a", None): 1, ("b", None): 22, ("s", "id"): 3}, {"t": '"a long name"'}
    bound = bind(sql, numbers, tables)
    begins = {one.start for one in placeholders(sql)} | {one.start for one in table_marks(sql)}
    for place, character in enumerate(bound):
        before = place_before_binding(sql, numbers, tables, place)
        assert before in begins or sql[before] == character
    places = [place_before_binding(sql, numbers, tables, place) for place in range(len(bound) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(sql)


@pytest.mark.parametrize(
    ("place", "before"), [(0, 0), (14, 14), (17, 14), (18, 19), (31, 32), (32, 33), (34, 33), (35, 35)]
)
def test_a_place_by_hand(place: int, before: int) -> None:
    """A table that is shorter than its mark, and a number with a blank that was put in before it."""
    sql = "SELECT * FROM {{t}} WHERE a LIMIT:n"
    assert bind(sql, {("n", None): 1}, {"t": '"tt"'}) == 'SELECT * FROM "tt" WHERE a LIMIT $1'
    assert place_before_binding(sql, {("n", None): 1}, {"t": '"tt"'}, place) == before
