"""Whether somebody has edited a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.generate.seal import is_untouched, seal_line, sealed

TEXT = sealed(f"-- first\n{seal_line('--')}\nSELECT 1;\n")


def test_a_sealed_file_is_untouched() -> None:
    """Also after git has given it the line ends of another system."""
    assert is_untouched(TEXT)
    assert is_untouched(TEXT.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "edited",
    [
        "",
        "SELECT 1;\n",
        TEXT.replace("1", "2", 1) if "1" in TEXT else "",
        TEXT + "\n",
        TEXT.replace("first", "First"),
        TEXT.replace("\nSELECT", "\n\nSELECT"),
        TEXT + TEXT,
    ],
)
def test_an_edit_shows(edited: str) -> None:
    """A file without a seal was never ours."""
    assert not is_untouched(edited)


@given(body=st.text(), place=st.integers(0), sign=st.characters(exclude_characters="\r"))
def test_every_added_character_shows(body: str, place: int, sign: str) -> None:
    """Wherever it is put."""
    text = sealed(f"{seal_line('#')}\n{body}".replace("\r", ""))
    assert is_untouched(text)
    cut = place % (len(text) + 1)
    assert not is_untouched(text[:cut] + sign + text[cut:])
