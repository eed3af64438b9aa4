"""An object of a document, key by key: what is not as it should be is said with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError
from perfengine.stored.entry import Entry
from perfengine.stored.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable


def entry_of(**values: object) -> Entry:
    """Return an object with these values."""
    page = Page(json.dumps(values), "a.json")
    return Entry(page, (), page.root)


def test_values_come_back() -> None:
    """Whole numbers stay whole, and what is not there is nothing."""
    entry = entry_of(word="x", some=[1, 2.5], yes=True)
    assert (entry.text("word"), entry.numbers("some"), entry.flag("yes")) == ("x", (1, 2.5), True)
    assert (entry.numbers("none"), entry.text_or_none("none"), entry.flag("none")) == ((), None, False)


@pytest.mark.parametrize(
    ("values", "read", "said"),
    [
        ({"a": True}, lambda entry: entry.number("a"), "a: is no number"),
        ({"a": [1, True]}, lambda entry: entry.numbers("a"), "a: is no list of numbers"),
        ({"a": [1, "x"]}, lambda entry: entry.numbers("a"), "a: is no list of numbers"),
        ({"a": ["x", False]}, lambda entry: entry.texts("a"), "a: is no list of texts"),
        ({"a": 1}, lambda entry: entry.flag("a"), "a: is no true or false"),
        ({"a": "soon"}, lambda entry: entry.instant("a"), "a: is no instant"),
        ({}, lambda entry: entry.number("a"), "a: is missing: a number is needed"),
    ],
)
def test_what_is_none_of_its_kind(
    values: dict[str, object], read: Callable[[Entry], object], said: str
) -> None:
    """JSON's true is no number, in a list no more than alone: it was taken for 1 there."""
    with pytest.raises(SpecError, match=said):
        read(entry_of(**values))
