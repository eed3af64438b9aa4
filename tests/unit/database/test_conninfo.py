"""libpq's key=value strings, and URIs that the driver reads as we do."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.database.conninfo import is_uri, split_uri, uri_of, uri_of_keywords

keys = st.sampled_from(["user", "password", "dbname", "sslmode", "options"])
values = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
pairs = st.dictionaries(keys, values, min_size=1)


def parameters(uri: str) -> dict[str, str]:
    """Return the parameters of a URI, as the driver reads them."""
    return {key: value for key, (value,) in parse_qs(urlsplit(uri).query, strict_parsing=True).items()}


def quoted(value: str) -> str:
    """Return a value as libpq wants it quoted."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


@given(pairs=pairs, space=st.sampled_from(["", " ", "\n\t"]))
def test_every_value_survives(pairs: dict[str, str], space: str) -> None:
    """Whatever it holds, quoted as libpq says, with or without space around the sign."""
    text = " ".join(f"{key}{space}={space}{quoted(value)}" for key, value in pairs.items())
    uri = uri_of_keywords(text)
    assert parameters(uri) == pairs
    assert split_uri(uri).netloc == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("host=db dbname=app", {"host": "db", "dbname": "app"}),
        ("password=a\\ b\\'c\\\\d", {"password": "a b'c\\d"}),
        ("password=a=b", {"password": "a=b"}),
        ("dbname='' user=me", {"user": "me"}),
        ("host=::1,[::2],db,/run/x", {"host": "[::1],[::2],db,/run/x"}),
    ],
)
def test_values_without_quotes(text: str, expected: dict[str, str]) -> None:
    """A backslash keeps the next character, an empty value says nothing, IPv6 addresses get their brackets."""
    assert parameters(uri_of_keywords(text)) == expected


@pytest.mark.parametrize("text", ["", " ", "host", "=db", "host=db x", "host='db", "host='db'x", "host=d'b'"])
def test_what_is_no_list_is_refused_without_repeating_it(text: str) -> None:
    """The message may be shown."""
    with pytest.raises(ValueError, match=r"^(empty|not a list of key=value)$"):
        uri_of_keywords(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("postgresql://", True), ("MySQL+x://", True), ("password=a://b", False), ("://x", False), ("", False)],
)
def test_a_uri_begins_with_its_scheme(text: str, expected: bool) -> None:
    """A scheme inside a value makes no URI."""
    assert is_uri(text) is expected


def test_a_uri_is_made_of_parts() -> None:
    """Each is a parameter, so that none needs a place of its own."""
    assert uri_of({"service": "a&b"}) == "postgresql://?service=a%26b"
