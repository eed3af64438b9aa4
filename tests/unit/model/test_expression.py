"""The scanner cuts expressions as PostgreSQL does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.expression import Token, TokenKind, fields_read, tokens_of


def words(expression: str) -> list[str]:
    """Return the texts of the tokens."""
    return [token.text for token in tokens_of(expression)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("total > 0", ["total", ">", "0"]),
        ("TOTAL >= -1.5e3", ["total", ">=", "-", "1.5e3"]),
        ('"Total" <> .5', ["Total", "<>", ".5"]),
        ('"a ""b""" != 1', ['a "b"', "!=", "1"]),
        ("name = 'it''s'", ["name", "=", "it's"]),
        (r"name = E'it\'s\\'", ["name", "=", "it's\\"]),
        (r"name = E'a\tb\q\n'", ["name", "=", "a\tbq\n"]),
        ("name ~ $re$^a'b$$re$", ["name", "~", "^a'b$"]),
        ("name = $$x$$", ["name", "=", "x"]),
        ("a -- b > 1\n < 2", ["a", "<", "2"]),
        ("a /* b /* c */ > 1 */ < 2", ["a", "<", "2"]),
        ("a /* never closed", ["a"]),
        ("a::text", ["a", "::", "text"]),
        ("n'x' = B'01'", ["x", "=", "01"]),
        ("ÄÖ > 1", ["ÄÖ", ">", "1"]),
        ("", []),
    ],
)
def test_words_are_cut_and_decoded(expression: str, expected: list[str]) -> None:
    """Comments go, quotes are opened, unquoted ASCII letters become lower case."""
    assert words(expression) == expected


def test_kinds_tell_a_quoted_name_from_a_text() -> None:
    """Double quotes make a name, single quotes a text."""
    assert tokens_of("\"a\" = 'a'") == (
        Token(TokenKind.QUOTED, "a"),
        Token(TokenKind.SYMBOL, "="),
        Token(TokenKind.TEXT, "a"),
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("total > 0", ("total",)),
        ("TOTAL > Discount AND total < 9", ("total", "discount")),
        ('"Total" > 0', ("Total",)),
        ("name = 'total'", ("name",)),
        ("total > 0 -- discount", ("total",)),
        ("date(created_at) > date '2024-01-01'", ("created_at",)),
        ("created_at::date = CAST(due AS date)", ("created_at", "due")),
        ("CASE WHEN total > 1 THEN true ELSE false END", ("total",)),
        ('"end" > total', ("end", "total")),
        ("1 = 1", ()),
    ],
)
def test_fields_are_found_by_name(expression: str, expected: tuple[str, ...]) -> None:
    """Names inside texts, comments, casts and calls are no fields, and a reserved word is one only in quotes."""
    fields = {"total", "Total", "discount", "name", "created_at", "due", "date", "end"}
    assert fields_read(expression, fields) == expected


@given(st.text())
def test_any_text_can_be_scanned(text: str) -> None:
    """No text makes the scanner raise or run for ever."""
    assert all(token.kind in TokenKind for token in tokens_of(text))
