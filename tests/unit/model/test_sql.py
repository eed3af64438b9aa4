"""Names and constants as SQL text: quoted, never cut silently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.sql import (
    MAX_IDENTIFIER_BYTES,
    quote_identifier,
    quote_literal,
    shorten_identifier,
)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("order", '"order"'),
        ("user", '"user"'),
        ("Mixed Case", '"Mixed Case"'),
        ('Weird "Name"', '"Weird ""Name"""'),
        ('"', '""""'),
        ("back\\slash", '"back\\slash"'),
        ("größe", '"größe"'),
        ("x" * 63, f'"{"x" * 63}"'),
    ],
)
def test_identifier(name: str, quoted: str) -> None:
    """A name is quoted whatever it is, with its own quotes doubled."""
    assert quote_identifier(name) == quoted


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "an identifier is not empty"),
        ("a\0b", "has no NUL"),
        ("x" * 64, "has 64 bytes, an identifier has at most 63"),
        ("ß" * 32, "has 64 bytes"),
    ],
)
def test_refused_identifier(name: str, message: str) -> None:
    """A name that PostgreSQL would cut or cannot hold is refused."""
    with pytest.raises(ValueError, match=message):
        quote_identifier(name)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("paid", "'paid'"),
        ("", "''"),
        ("it's", "'it''s'"),
        ("a\\b", "E'a\\\\b'"),
        ("\\'; DROP", "E'\\\\''; DROP'"),
        ('say "x"', "'say \"x\"'"),
        ("$1 %s {x}", "'$1 %s {x}'"),
    ],
)
def test_literal(text: str, quoted: str) -> None:
    """A text is a literal whose quotes and backslashes are doubled."""
    assert quote_literal(text) == quoted


def test_literal_with_nul() -> None:
    """A NUL, which no PostgreSQL text can hold, is refused."""
    with pytest.raises(ValueError, match="a text has no NUL"):
        quote_literal("a\0b")


@given(texts)
def test_literal_ends_at_its_own_quote(text: str) -> None:
    """No text closes its literal: inside, every quote and every backslash is one of a pair."""
    inside = quote_literal(text).removeprefix("E").removeprefix("'").removesuffix("'")
    assert inside.replace("''", "").replace("\\\\", "") == text.replace("'", "").replace("\\", "")


@given(texts.filter(bool))
def test_short_enough_names_stay(name: str) -> None:
    """A shortened name always fits; one that fits already stays as it is."""
    short = shorten_identifier(name)
    assert len(short.encode()) <= MAX_IDENTIFIER_BYTES
    assert (short == name) == (len(name.encode()) <= MAX_IDENTIFIER_BYTES)


@given(st.text("ßa", min_size=64, max_size=80), st.text("xy€", min_size=1, max_size=3))
def test_cut_names_stay_different(beginning: str, ending: str) -> None:
    """Two names that differ beyond the cut are cut to different names, between characters."""
    one, other = shorten_identifier(beginning), shorten_identifier(beginning + ending)
    assert one != other
    assert beginning.startswith(one.rpartition("_")[0])
