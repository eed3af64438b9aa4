"""The catalog's answers as one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.catalog.tables import tables_of
from perfengine.catalog.types import types_of
from perfengine.model.existing import ExistingFunction, ExistingSchema, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.catalog.types import Types

    Row = Mapping[str, Any]


def schema_of(
    session: Row, answers: Mapping[str, Sequence[Row]], asked_schema: str | None = None
) -> ExistingSchema:
    """Return what is there. `session` answers `SESSION_SQL`, `answers` each query of `catalog_queries` by name."""
    types = types_of(answers["types"])
    return ExistingSchema(
        database=session["database"],
        role=session["role"],
        search_path=tuple(session["search_path"]),
        tables=tables_of(answers, types),
        functions=tuple(_function(row, types) for row in answers["functions"]),
        asked_schema=asked_schema,
    )


def _function(row: Row, types: Types) -> ExistingFunction:
    modes, names = row["modes"], row["names"] or ()
    of_argument = [
        name for name, mode in zip(names, modes or "i" * len(names), strict=False) if mode in "ibv"
    ]
    out = [
        (name, type_sql)
        for name, mode, type_sql in zip(names, modes or (), row["all_types"] or (), strict=False)
        if mode in "obt"
    ]
    arguments = tuple(row["arguments"])
    return ExistingFunction(
        place=Place(schema=row["schema"], name=row["name"]),
        arguments=arguments,
        argument_names=tuple(of_argument) if len(of_argument) == len(arguments) else ("",) * len(arguments),
        defaults=row["defaults"],
        returns=types.return_type(row["returns"], row["returns_sql"], set_of=row["returns_set"], out=out),
        volatility={"v": "volatile", "s": "stable", "i": "immutable"}[row["volatility"]],
        procedure=row["kind"] == "p",
        may_execute=row["may_execute"],
    )
