"""Values of variables as parameters: read as the server reads their texts."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import pytest

from perfengine.pgbench.reading_types import cast_from_text, reader_of
from perfengine.pgbench.values import ScriptError, of_text, to_text


@pytest.mark.parametrize(
    ("type_name", "value", "bound"),
    [
        ("int4", 5, 5),
        ("int8", 5.0, 5),
        ("int8", "-12 ", -12),
        ("int4", None, None),
        ("float8", 5, 5.0),
        ("float4", "1e3", 1000.0),
        ("numeric", 0.1, Decimal("0.1")),
        ("numeric", "2.50", Decimal("2.50")),
        ("text", 5, "5"),
        ("varchar", True, "true"),
        ("text", 1e20, "1e+20"),
        ("bool", "off", False),
        ("bool", 1, True),
        ("bool", True, True),
    ],
)
def test_what_can_be_read(type_name: str, value: object, bound: object) -> None:
    """A null is null, whatever the type."""
    reader = reader_of(type_name)
    assert reader is not None
    found = reader(value)  # type: ignore[arg-type]
    assert (type(found), found) == (type(bound), bound)


@pytest.mark.parametrize(
    ("type_name", "value"), [("int4", 1.5), ("int8", True), ("float8", "much"), ("numeric", ""), ("bool", 2)]
)
def test_what_cannot_be_read_is_an_error(type_name: str, value: object) -> None:
    """As it would be for the server."""
    reader = reader_of(type_name)
    assert reader is not None
    with pytest.raises(ScriptError, match="which is no"):
        reader(value)  # type: ignore[arg-type]


class Type(NamedTuple):
    """A type as the driver describes it."""

    name: str
    schema: str


def test_other_types_are_read_by_the_server() -> None:
    """Their parameters are texts that it casts; what looks like a parameter in quotes is none."""
    assert reader_of("timestamptz") is None
    sql = cast_from_text(
        "SELECT $1, '$2', $2 + $11", {2: Type('m"ood', "own"), 11: Type("int4[]", "pg_catalog")}
    )
    assert sql == (
        'SELECT $1, \'$2\', CAST($2::pg_catalog.text AS "own"."m""ood") + '
        'CAST($11::pg_catalog.text AS "pg_catalog"."int4"[])'
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        (" +5", 5),
        ("-5.5", -5.5),
        ("NULL", None),
        ("y", True),
        ("of", False),
        ("t", True),
        ("1e2", 100.0),
    ],
)
def test_texts_in_expressions(text: str, value: object) -> None:
    """Of -D and of captured columns."""
    found = of_text("x", text)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("text", ["", "o", "five", "5 ", "99999999999999999999", "9" * 5000])
def test_texts_that_are_no_value(text: str) -> None:
    """They may stand in statements all the same."""
    with pytest.raises(ScriptError):
        of_text("x", text)
    assert to_text(text) == text
