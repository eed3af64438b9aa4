"""Pieces of a text replaced, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.replacing import place_before, replaced

if TYPE_CHECKING:
    from perfengine.model.replacing import Replacement


@st.composite
def _replacements(draw: st.DrawFn) -> tuple[str, list[Replacement]]:
    """Return a text of letters, and pieces of it with the digits that take their places."""
    text = draw(st.text(alphabet="abc", max_size=20))
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return text, [(start, stop, draw(st.text(alphabet="123", max_size=4))) for start, stop in pairs]


@given(_replacements())
def test_what_stays_is_found_where_it_was(made: tuple[str, list[Replacement]]) -> None:
    """And of what was put in, the beginning of the piece that it stands for."""
    text, replacements = made
    result = replaced(text, replacements)
    kept = [n for n in range(len(text)) if not any(start <= n < stop for start, stop, _ in replacements)]
    places = [place_before(replacements, place) for place in range(len(result))]
    assert [at for at, sign in zip(places, result, strict=True) if sign.isalpha()] == kept
    begins = [start for start, _, piece in replacements for _ in piece]
    assert [at for at, sign in zip(places, result, strict=True) if sign.isdigit()] == begins
