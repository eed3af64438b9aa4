"""Which function on the server a trigger calls: by its name, and of its overloads by the types of arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.compiler.existing.keys import TENANT
from perfengine.compiler.existing.lay import NOBODY
from perfengine.model.existing_plan import BoundFunction
from perfengine.model.generator import Choice
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.compiler.existing.matching import Matched
    from perfengine.model.entity import Transition
    from perfengine.model.existing import ExistingFunction, ExistingSchema
    from perfengine.model.table import Table

#: Types that a key is handed over in without loss.
_TAKES_KEY: Final = {
    "uuid": ("uuid",),
    "int4": ("integer", "bigint", "numeric"),
    "int8": ("bigint", "numeric"),
}
_TEXTS: Final = ("text", "character varying")
#: Of the functions of the framework: who asks for which tenant, and what in a document.
_ACTION: Final = ("uuid", "uuid", "jsonb")
_MAX_SHOWN: Final = 6
#: Where the key goes in the arguments of a call.
KEY: Final = "{key}"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A function that could be meant, and how it would be called."""

    function: ExistingFunction
    arguments: str  #: as SQL over `{key}`
    rank: tuple[int, int, int]  #: by its name, its shape, its schema: the least is meant


def bind_trigger(
    transition: Transition, matched: Matched, table: Table, schema: ExistingSchema, key_type: str
) -> BoundFunction | str:
    """Return the function that the trigger of an entity calls, or what was found instead.

    `key_type` is what the key is handed over as.
    """
    trigger = transition.trigger
    names = _names(trigger, matched)
    there = [function for function in schema.functions if function.place.name in names]
    candidates = sorted(_candidates(there, names, matched, table, schema), key=lambda one: one.rank)
    if not candidates:
        return _none(trigger, names, there, matched, schema)
    best = [one for one in candidates if one.rank == candidates[0].rank]
    if len(best) > 1:
        shown = "; ".join(one.function.shown for one in best)
        return (
            f'trigger "{trigger}" could call any of these functions: {shown}; say which schema with --schema'
        )
    function = best[0].function
    if not function.may_execute:
        return f'role "{schema.role}" may not execute {function.shown}: GRANT EXECUTE ON FUNCTION'
    arguments = best[0].arguments.replace(KEY, f"$1::{key_type}")
    return BoundFunction(
        entity=matched.entity.name,
        trigger=trigger,
        function=function,
        call=f"{function.place.sql}({arguments})",
    )


def _names(trigger: str, matched: Matched) -> dict[str, int]:
    """Return the names that a trigger's function may have, each with how far it is from the usual one."""
    entity = matched.entity.name
    table = matched.place.name.removeprefix("tb_")
    found: dict[str, int] = {}
    for word in (entity, entity.lower(), table):
        for rank, name in enumerate((f"{word}_{trigger}", f"{trigger}_{word}")):
            found.setdefault(name, rank)
    found.setdefault(trigger, 2)
    return found


def _candidates(
    functions: Sequence[ExistingFunction],
    names: dict[str, int],
    matched: Matched,
    table: Table,
    schema: ExistingSchema,
) -> Iterator[_Candidate]:
    near = [matched.place.schema, *schema.search_path]
    for function in functions:
        where = function.place.schema
        if schema.asked_schema is not None and where not in {schema.asked_schema, matched.place.schema}:
            continue
        for shape, arguments in enumerate((_of_key(function, matched), _of_action(function, matched, table))):
            if arguments is not None:
                place = near.index(where) if where in near else len(near)
                rank = (names[function.place.name], shape, place)
                yield _Candidate(function, arguments, rank)


def _of_key(function: ExistingFunction, matched: Matched) -> str | None:
    """Return the arguments of a function that takes the key, and nothing else that must be said."""
    needed = function.arguments[: len(function.arguments) - function.defaults] or function.arguments[:1]
    if len(needed) != 1:
        return None
    key = matched.key.type
    takes = _TAKES_KEY.get(key.base, _TEXTS)
    return KEY if needed[0] in takes or needed[0] == key.sql else None


def _of_action(function: ExistingFunction, matched: Matched, table: Table) -> str | None:
    """Return the arguments of `action(tenant uuid, user uuid, input jsonb)`; the row is named in the document."""
    if function.arguments != _ACTION or matched.key.type.base != "uuid":
        return None
    tenant = quote_literal(_tenant(table))
    names = dict.fromkeys(("id", f"{matched.entity.name.lower()}_id"))
    document = ", ".join(f"{quote_literal(name)}, {KEY}" for name in names)
    return f"{tenant}::uuid, {quote_literal(NOBODY)}::uuid, jsonb_build_object({document})"


def _tenant(table: Table) -> str:
    """Return whose rows ours are, where the table says so."""
    for column in table.columns:
        if column.name == TENANT and isinstance(column.generator, Choice):
            return str(column.generator.values[0])
    return NOBODY


def _none(
    trigger: str,
    names: dict[str, int],
    there: Sequence[ExistingFunction],
    matched: Matched,
    schema: ExistingSchema,
) -> str:
    usual = f"{matched.entity.name}_{trigger}({matched.key.type.base_sql})"
    if there:
        shown = "; ".join(function.shown for function in there[:_MAX_SHOWN])
        return (
            f'trigger "{trigger}" has no function that takes its key: there is {shown}; needed is {usual} or '
            f"{trigger}_{matched.entity.name}(uuid, uuid, jsonb)"
        )
    near = [f.shown for f in schema.functions if trigger in f.place.name][:_MAX_SHOWN]
    found = f"; with that word there is {'; '.join(near)}" if near else ""
    return f'trigger "{trigger}" has no function: none is called {", ".join(map(quote_identifier, names))}{found}'
