"""Scripts cut into commands, and every mistake of a script at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.pgbench import Arm, Capture, If, Set, Sleep, Sql
from perfengine.pgbench.parse import parse_script
from perfengine.pgbench.source import Source
from tests.unit.pgbench.scripts import commands_of, mistakes_in

if TYPE_CHECKING:
    from pathlib import Path


def texts_of(text: str) -> list[str]:
    """Return the statements of a script."""
    return [one.sql for one in commands_of(text) if isinstance(one, Sql)]


def test_statements_end_at_semicolons_that_stand_alone() -> None:
    """Not in quotes, comments or parentheses; the last needs none."""
    script = """-- a comment; with one
SELECT 'a;b', "c;d", $$e;f$$ /* g;h */; ;
CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);
SELECT E'it\\'s; so' -- i;j
"""
    assert texts_of(script) == [
        "SELECT 'a;b', \"c;d\", $$e;f$$ /* g;h */",
        "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
        "SELECT E'it\\'s; so' -- i;j",
    ]


def test_variables_become_parameters_each_for_itself() -> None:
    """The server infers a type for every place; casts and times of day are no variables."""
    (statement,) = commands_of("SELECT :a + :b, :a::int, '12:30', x::text FROM t LIMIT:a")
    assert isinstance(statement, Sql)
    assert statement.sql == "SELECT $1 + $2, $3::int, '12:30', x::text FROM t LIMIT $4"
    assert statement.variables == ("a", "b", "a", "a")


def test_backslash_commands_end_with_their_line() -> None:
    """Unless a backslash ends it; they need no semicolon before them."""
    script = "\\SET a 1 + \\\n 2\nSELECT 1 \\gset p_\n\\sleep 10 ms\n\\sleep :a us\n\\sleep 2\n\\sleep 5ms\n"
    setting, select, *sleeps = commands_of(script)
    assert isinstance(setting, Set)
    assert (setting.name, setting.place) == ("a", "script.sql:1:1")
    assert isinstance(select, Sql)
    assert (select.sql, select.capture) == ("SELECT 1", Capture(prefix="p_", of_one_row=True))
    assert [(one.amount, one.variable, one.unit_ns) for one in sleeps if isinstance(one, Sleep)] == [
        (10, None, 1_000_000),
        (0, "a", 1_000),
        (2, None, 1_000_000_000),
        (5, None, 1_000_000),
    ]


def test_conditions_hold_their_commands() -> None:
    """Inside of each other, too."""
    script = (
        "\\if :scale\nSELECT 1;\n\\if false\nSELECT 2;\n\\endif\n\\elif true\n\\else\nSELECT 3;\n\\endif\n"
    )
    (outer,) = commands_of(script)
    assert isinstance(outer, If)
    first, second, last = outer.arms
    assert [type(one) for one in first.commands] == [Sql, If]
    assert (second.commands, last.condition) == ((), None)
    assert isinstance(last, Arm)


def test_every_mistake_is_said_in_the_order_of_the_file(tmp_path: Path) -> None:
    """One that follows from another is not."""
    script = r"""\set aid rndom(1, 100)
\set bid 1 +
\shell echo hello
SELECT ':aid', "t_:bid", 'at 12:30:30', :nothing;
\if :bid
SELECT 1 \; SELECT 2;
\slep 3
\sleep 5 years
\set 1x 2
SELECT $1;
\elif 3
\else
\elif 2
\startpipeline
\gset
"""
    assert mistakes_in(tmp_path, script) == [
        '1:10 no function is called "rndom"',
        "2:13 the end here, where a value is expected",
        (
            "3:1 \\shell: perfengine starts no programs from a script: leave it out, or compute the value with an "
            "expression"
        ),
        (
            "4:9 :aid stands in a quoted text, where no value can be bound: write :aid by itself, or '...' || :aid "
            "to join texts"
        ),
        "4:19 :bid stands in a quoted name, where no value can be bound: a name cannot be a value",
        "4:41 :nothing has no value: set it by \\set nothing ..., or -D nothing=...",
        "5:1 \\if without an \\endif",
        "6:10 \\; joins statements, and several cannot be prepared as one: end each by ;",
        "7:1 \\slep is no command of pgbench",
        '8:10 "years" is no unit of time',
        '9:6 "1x" is no name of a variable: letters, digits and _',
        "10:8 $1 has no value here: a variable is written :name",
        "13:1 \\elif after \\else",
        (
            "14:1 \\startpipeline: the driver has no pipelines: leave it out, and each statement waits for its "
            "answer"
        ),
        "15:1 \\gset follows a statement",
    ]


def test_other_mistakes(tmp_path: Path) -> None:
    """Each alone."""
    wrong = {
        "": "1:1 the script has no command in it",
        "-- nothing\n": "1:1 the script has no command in it",
        "SELECT 'a": "1:8 the text has no end: it goes on to the end of the script",
        "\\endif\n": "1:1 \\endif without an \\if",
        "\\set a\n": "1:7 the end here, where a value is expected",
        "\\set\n": "1:1 \\set wants a name and an expression",
        "\\sleep\n": "1:1 \\sleep wants a number and a unit: us, ms or s",
        "\\sleep x ms\n": '1:8 "x" is no whole number',
        f"\\sleep {'9' * 5000} ms\n": f'1:8 "{"9" * 5000}" is no whole number',
        "SELECT '$1', $1;\n": "1:14 $1 has no value here: a variable is written :name",
        "SELECT 1 \\gset a b\n": "1:18 \\gset has one prefix at most",
        "\\if true\n\\else now\n\\endif\n": "2:7 \\else has nothing after it",
    }
    assert {text: mistakes_in(tmp_path, text)[0] for text in wrong} == wrong


def test_a_captured_column_may_be_any_variable(tmp_path: Path) -> None:
    """What nothing sets and no prefix allows is a mistake all the same."""
    assert mistakes_in(tmp_path, "SELECT 1 AS one \\gset x_\nSELECT :x_one, :y_one;\n") == [
        "2:16 :y_one has no value: set it by \\set y_one ..., or -D y_one=..."
    ]


@given(st.text(alphabet="\\setifgl \n;:'\"$()-/*1ab,", max_size=60))
def test_any_text_is_a_script_or_has_mistakes_in_it(text: str) -> None:
    """With places that are in the text."""
    lines = text.count("\n") + 1
    assert all(1 <= one.position.line <= lines for one in parse_script(Source("any.sql", text)).mistakes)


def test_conditions_in_conditions_end_somewhere(tmp_path: Path) -> None:
    """Two hundred of them were read, and no load process could be told of them; the first too deep is named."""
    depth = 200
    script = "\\if 1\n" * depth + "SELECT 1;\n" + "\\endif\n" * depth
    assert mistakes_in(tmp_path, script) == [
        "51:1 \\if is nested more than 50 deep: use \\elif, or several scripts"
    ]
    assert len(commands_of("\\if 1\n" * 50 + "SELECT 1;\n" + "\\endif\n" * 50)) == 1


@pytest.mark.parametrize(
    "statement", ["COPY t FROM STDIN", "copy t (a, b)\nfrom /* us */ stdin WITH (FORMAT csv)"]
)
def test_rows_that_nobody_sends_are_not_waited_for(tmp_path: Path, statement: str) -> None:
    """The driver waited for ever, and so did the run."""
    (mistake,) = mistakes_in(tmp_path, f"{statement};\n")
    assert "COPY FROM STDIN takes rows from the client, which sends none: write INSERT" in mistake


def test_the_search_path_is_not_one_scripts(tmp_path: Path) -> None:
    """What else runs on the session would find tables of somebody else."""
    (mistake,) = mistakes_in(tmp_path, "SELECT 1;\nSET search_path TO public;\n")
    assert mistake.startswith("2:1 sets the search path of the session")
    assert texts_of("BEGIN; SET LOCAL search_path TO public; END")[1] == "SET LOCAL search_path TO public"


def test_other_copies_are_statements() -> None:
    """A table may be called stdin, and what goes to the client is thrown away."""
    assert texts_of(
        "COPY (SELECT a FROM stdin) TO STDOUT; COPY t FROM '/tmp/stdin'; SELECT 1 FROM stdin"
    ) == [
        "COPY (SELECT a FROM stdin) TO STDOUT",
        "COPY t FROM '/tmp/stdin'",
        "SELECT 1 FROM stdin",
    ]
