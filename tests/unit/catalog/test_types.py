"""Types from rows of the catalog: what lies under domains, sizes from modifiers."""

from __future__ import annotations

from typing import Any

import pytest

from perfengine.catalog.types import types_of
from perfengine.model.existing import DomainCheck, TypeKind


def _row(oid: int, name: str, kind: str = "b", **more: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("labels", "checks", "check_names", "column_names", "column_types"))
    plain = {"category": "X", "base": 0, "modifier": -1, "not_null": False, "base_sql": "", "sql": name}
    return {"oid": oid, "name": name, "kind": kind, **plain, **nothing, **more}


@pytest.mark.parametrize(
    ("name", "modifier", "sizes"),
    [
        ("varchar", 24, (20, None, None)),
        ("varchar", -1, (None, None, None)),
        ("bpchar", 5, (1, None, None)),
        ("numeric", (10 << 16 | 2) + 4, (None, 10, 2)),
        ("numeric", (5 << 16 | (-3 & 2047)) + 4, (None, 5, -3)),
        ("timestamp", 3, (None, None, None)),
    ],
)
def test_sizes(name: str, modifier: int, sizes: tuple[int | None, ...]) -> None:
    """As the server keeps them: four bytes more, and a scale of eleven bits with a sign."""
    found = types_of([_row(1, name)]).column_type(1, modifier, name)
    assert (found.length, found.precision, found.scale) == sizes


def test_a_domain_over_a_domain() -> None:
    """The rules of both, the modifier of the inner one."""
    text = _row(1, "varchar")
    inner = _row(
        2,
        "inner",
        "d",
        base=1,
        modifier=12,
        base_sql="character varying(8)",
        checks=["VALUE <> ''"],
        check_names=["a"],
        not_null=True,
    )
    outer = _row(3, "outer", "d", base=2, base_sql="inner", checks=["VALUE > 'a'"], check_names=["b"])
    found = types_of([text, inner, outer]).column_type(3, -1, "outer")
    assert (found.base, found.base_sql, found.length) == ("varchar", "character varying(8)", 8)
    assert (found.domain, found.domain_not_null) == ("outer", True)
    assert found.domain_checks == (
        DomainCheck(name="b", expression="VALUE > 'a'"),
        DomainCheck(name="a", expression="VALUE <> ''"),
    )


def test_kinds() -> None:
    """An array is one, whatever it is of."""
    types = types_of([_row(1, "mood", "e", labels=["a", "b"]), _row(2, "_mood", category="A")])
    assert types.column_type(1, -1, "mood").labels == ("a", "b")
    assert types.column_type(2, -1, "mood[]").kind is TypeKind.ARRAY
