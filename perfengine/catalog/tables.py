"""Tables from the catalog's rows: columns, keys, references, checks and triggers put where they belong."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from perfengine.model.existing import (
    ExistingCheck,
    ExistingColumn,
    ExistingTable,
    ExistingTrigger,
    ForeignKey,
    Identity,
    Place,
    TableKind,
    TableRights,
    UniqueKey,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.catalog.types import Types

    Row = Mapping[str, Any]
    Answers = Mapping[str, Sequence[Row]]

_KINDS: Final = {
    "r": TableKind.TABLE,
    "p": TableKind.PARTITIONED,
    "v": TableKind.VIEW,
    "m": TableKind.MATERIALIZED_VIEW,
    "f": TableKind.FOREIGN_TABLE,
}
_IDENTITIES: Final = {"a": Identity.ALWAYS, "d": Identity.BY_DEFAULT}
_ON_DELETE: Final = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
#: Bits of pg_trigger.tgtype. Source: PostgreSQL, src/include/catalog/pg_trigger.h.
_BEFORE, _INSTEAD = 1 << 1, 1 << 6
_EVENTS: Final = ((1 << 2, "INSERT"), (1 << 3, "DELETE"), (1 << 4, "UPDATE"), (1 << 5, "TRUNCATE"))


def tables_of(answers: Answers, types: Types) -> tuple[ExistingTable, ...]:
    """Return the tables, by schema and name."""
    grouped = {name: _by_table(answers[name]) for name in ("columns", "keys", "constraints", "triggers")}
    places = {row["oid"]: Place(schema=row["schema"], name=row["name"]) for row in answers["tables"]}
    names = {
        table: {row["number"]: row["name"] for row in rows} for table, rows in grouped["columns"].items()
    }
    return tuple(
        ExistingTable(
            place=places[row["oid"]],
            kind=TableKind.PARTITION if row["partition"] else _KINDS[row["kind"]],
            columns=tuple(_column(each, types) for each in grouped["columns"][row["oid"]]),
            keys=tuple(_key(each, names[row["oid"]]) for each in grouped["keys"][row["oid"]]),
            references=tuple(_references(grouped["constraints"][row["oid"]], places, names)),
            checks=tuple(_checks(grouped["constraints"][row["oid"]], names)),
            triggers=tuple(_trigger(each) for each in grouped["triggers"][row["oid"]]),
            rights=_rights(row),
            row_security=row["row_security"],
            rewrite_rules=row["rules"] and row["kind"] in {"r", "p"},
            estimated_rows=row["estimated_rows"],
        )
        for row in answers["tables"]
    )


def _by_table(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["table"]].append(row)
    return found


def _rights(row: Row) -> TableRights:
    return TableRights(
        usage=row["usage"],
        select=row["may_select"],
        insert=row["may_insert"],
        update=row["may_update"],
        delete=row["may_delete"],
    )


def _column(row: Row, types: Types) -> ExistingColumn:
    column_type = types.column_type(row["type"], row["modifier"], row["type_sql"])
    return ExistingColumn(
        name=row["name"],
        type=column_type,
        nullable=not row["not_null"] and not column_type.domain_not_null,
        default=None if row["generated"] else row["default"],
        identity=_IDENTITIES.get(row["identity"], Identity.NONE),
        generated=row["generated"],
        may_select=row["may_select"],
        may_insert=row["may_insert"],
        may_update=row["may_update"],
    )


def _key(row: Row, names: Mapping[int, str]) -> UniqueKey:
    numbers = row["numbers"]
    return UniqueKey(
        name=row["name"],
        columns=tuple(names[number] for number in numbers if number in names),
        primary=row["primary"],
        deferrable=row["deferrable"],
        partial=row["partial"] or any(number not in names for number in numbers),
        nulls_equal=row["nulls_equal"],
        read=tuple(names[number] for number in row["read"] or () if number in names),
    )


def _references(
    rows: Iterable[Row], places: Mapping[int, Place], names: Mapping[int, Mapping[int, str]]
) -> Iterable[ForeignKey]:
    for row in rows:
        if row["kind"] == "f" and row["target"] in places:
            yield ForeignKey(
                name=row["name"],
                table=places[row["table"]],
                columns=tuple(names[row["table"]][number] for number in row["numbers"]),
                target=places[row["target"]],
                target_columns=tuple(names[row["target"]][number] for number in row["target_numbers"]),
                on_delete=_ON_DELETE[row["on_delete"]],
                deferrable=row["deferrable"],
            )


def _checks(rows: Iterable[Row], names: Mapping[int, Mapping[int, str]]) -> Iterable[ExistingCheck]:
    for row in rows:
        if row["kind"] == "c":
            # a condition over the whole row has 0 for the number of a column
            columns = tuple(names[row["table"]][n] for n in row["numbers"] or () if n in names[row["table"]])
            yield ExistingCheck(name=row["name"], expression=row["expression"], columns=columns)


def _trigger(row: Row) -> ExistingTrigger:
    bits = row["bits"]
    timing = "INSTEAD OF" if bits & _INSTEAD else "BEFORE" if bits & _BEFORE else "AFTER"
    return ExistingTrigger(
        name=row["name"],
        timing=timing,
        events=tuple(word for bit, word in _EVENTS if bits & bit),
        function=Place(schema=row["function_schema"], name=row["function_name"]),
    )
