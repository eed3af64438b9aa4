"""Harmless text, and lines that fit a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.report.signs import WIDTH, folded, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("order", "order"),
        ("größe", "größe"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\x1b[2J\x07", "?[2J?"),
        ("abc\u202etxt.exe", "abc?txt.exe"),  # would show the rest from right to left
        ("nul\x00", "nul?"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    """Text from outside becomes one line without control characters."""
    assert plain(text) == shown


@given(st.text())
def test_plain_has_no_control_characters(text: str) -> None:
    """Whatever comes in, nothing goes out that moves a cursor or hides."""
    assert not {unicodedata.category(sign)[0] for sign in plain(text)} & {"C"}


@given(st.lists(st.text("abcdefgé", min_size=1, max_size=30), min_size=1, max_size=30))
def test_folded_keeps_all_words_within_the_width(words: list[str]) -> None:
    """Folding loses no word and leaves room for a wide sign."""
    lines = folded(" ".join(words))
    assert " ".join(lines).split() == words
    assert max(map(len, lines)) < WIDTH
