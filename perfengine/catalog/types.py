"""Types as the catalog has them: what lies under domains, labels of enums, lengths from modifiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from perfengine.model.existing import ColumnType, DomainCheck, ReturnType, TypeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KINDS: Final = {
    "e": TypeKind.ENUM,
    "c": TypeKind.COMPOSITE,
    "r": TypeKind.RANGE,
    "m": TypeKind.RANGE,
}
_ARRAY_CATEGORY: Final = "A"
_DOMAIN: Final = "d"
_PSEUDO_RECORD: Final = "record"
#: A modifier counts the four bytes of a length word.
_HEADER: Final = 4
_TEXTS: Final = frozenset({"varchar", "bpchar"})
_SCALE_BITS: Final = 11


@dataclass(frozen=True, slots=True)
class Types:
    """All types of a server by number."""

    by_number: Mapping[int, Mapping[str, Any]]

    def column_type(self, number: int, modifier: int, sql: str) -> ColumnType:
        """Return the type of a column; `modifier` and `sql` are the column's own."""
        domains = []
        row, base_sql = self.by_number[number], sql
        while row["kind"] == _DOMAIN:
            domains.append(row)
            number, modifier, base_sql = row["base"], row["modifier"], row["base_sql"]
            row = self.by_number[number]
        length, precision, scale = _sizes(row["name"], modifier)
        return ColumnType(
            sql=sql,
            base=row["name"],
            base_sql=base_sql,
            kind=_kind(row),
            length=length,
            precision=precision,
            scale=scale,
            labels=tuple(row["labels"] or ()),
            domain=domains[0]["sql"] if domains else None,
            domain_checks=tuple(check for domain in domains for check in _checks(domain)),
            domain_not_null=any(domain["not_null"] for domain in domains),
        )

    def return_type(
        self, number: int, sql: str, *, set_of: bool, out: Iterable[tuple[str, str]]
    ) -> ReturnType:
        """Return what a function returns; `out` are names and types of its OUT arguments."""
        row = self.by_number.get(number)
        while row is not None and row["kind"] == _DOMAIN:
            row = self.by_number.get(row["base"])
        columns = tuple(out)
        if row is not None and row["kind"] == "c":
            columns = tuple(zip(row["column_names"] or (), row["column_types"] or (), strict=True))
        # one OUT argument alone is the value itself
        if row is None or row["name"] != _PSEUDO_RECORD:
            columns = columns if row is not None and row["kind"] == "c" else ()
        return ReturnType(
            sql=f"SETOF {sql}" if set_of else sql,
            base=row["name"] if row is not None else sql,
            set_of=set_of,
            columns=columns,
        )


def types_of(rows: Iterable[Mapping[str, Any]]) -> Types:
    """Return the types from the answer to the query `types`."""
    return Types({row["oid"]: row for row in rows})


def _kind(row: Mapping[str, Any]) -> TypeKind:
    if row["category"] == _ARRAY_CATEGORY:
        return TypeKind.ARRAY
    return _KINDS.get(row["kind"], TypeKind.BASE)


def _checks(domain: Mapping[str, Any]) -> Iterable[DomainCheck]:
    names, expressions = domain["check_names"] or (), domain["checks"] or ()
    return [DomainCheck(name=n, expression=e) for n, e in zip(names, expressions, strict=True)]


def _sizes(name: str, modifier: int) -> tuple[int | None, int | None, int | None]:
    """Return length, precision and scale that a type modifier says; of `char` alone the length is 1 by modifier.

    Source: PostgreSQL, src/backend/utils/adt/numeric.c, make_numeric_typmod: the scale is an 11-bit signed number.
    """
    if modifier < _HEADER:
        return None, None, None
    size = modifier - _HEADER
    if name in _TEXTS:
        return size, None, None
    if name == "numeric":
        scale = ((size & ((1 << _SCALE_BITS) - 1)) ^ 1024) - 1024
        return None, (size >> 16) & 0xFFFF, scale
    return None, None, None
