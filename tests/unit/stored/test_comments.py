"""Comments go, and nothing else does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stored.comments import without_comments

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_json_without_comments_is_left_alone(value: object) -> None:
    """Whatever stands in strings, slashes and stars included, is no comment."""
    text = json.dumps(value, ensure_ascii=False)
    assert without_comments(text) == text


@given(values, st.text().filter(lambda text: "*/" not in text))
def test_comments_around_a_value(value: object, words: str) -> None:
    """A comment before it, and one after it, change nothing."""
    line = words.replace("\n", " ")
    text = f"// {line}\n/* {words} */{json.dumps(value)}// {line}"
    assert json.loads(without_comments(text)) == value


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('{"a": "https://x.org/*y*/"} // z', '{"a": "https://x.org/*y*/"}     '),
        ('"a\\"//b"', '"a\\"//b"'),
        ("/* 1\n2 */3", "    \n    3"),
        ("1 /* no end", "1          "),
        ("/**/1//", "    1  "),
    ],
)
def test_signs_keep_their_places(text: str, left: str) -> None:
    """Comments become spaces; lines stay lines."""
    assert without_comments(text) == left
