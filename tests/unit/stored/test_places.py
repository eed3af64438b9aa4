"""Values are found in the text where they stand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stored.places import offset_of, position_at, repeated_key

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
documents = st.dictionaries(
    st.text(),
    st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_size=4,
)


@given(documents, st.sampled_from([None, 1]))
def test_every_value_is_found(document: dict[str, object], indent: int | None) -> None:
    """What is parsed from the place of a value is that value."""
    text = json.dumps(document, indent=indent)
    for key, value in document.items():
        found, _ = json.JSONDecoder().raw_decode(text, offset_of(text, (key,)))
        assert found == value
        if isinstance(value, list):
            for number, item in enumerate(value):
                inner, _ = json.JSONDecoder().raw_decode(text, offset_of(text, (key, number)))
                assert inner == item


@given(documents)
def test_no_key_is_repeated_in_what_json_writes(document: dict[str, object]) -> None:
    """What comes from a dictionary has no repeated key."""
    assert repeated_key(json.dumps(document)) is None


def test_what_is_missing_is_looked_for_where_it_would_be() -> None:
    """The place of a missing value is that of the object around it."""
    text = '{"a": {"b": 1}}'
    assert offset_of(text, ("a", "c")) == text.index('{"b"')


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        ('{"a": 1, "a": 2}', "a", 9),
        ('{"x": [{"b": 1}, {"b": 1, "c": [], "b": {}}]}', "b", 35),
        ('{"a": {"k": 1}, "b": {"k": 1}, "a": 1}', "a", 31),
    ],
)
def test_the_second_of_a_repeated_key(text: str, key: str, place: int) -> None:
    """It is found in whatever object it is, and only within one."""
    assert repeated_key(text) == (key, place)


def test_position() -> None:
    """Lines and columns count from 1."""
    position = position_at('{\n  "a": 1\r\n}', 9, "x.json")
    assert str(position) == "x.json:2:8"
    assert position.source == '  "a": 1'
