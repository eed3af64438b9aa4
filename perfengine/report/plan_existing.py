"""What a plan says of tables and functions that are there: matched with what, filled in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.existing_plan import ExistingPlan


def existing_lines(existing: ExistingPlan) -> Iterator[str]:
    """Yield the functions that triggers call, the tables in which rows of ours are, and those that are only read."""
    if existing.functions:
        yield "Functions on the server"
    for bound in existing.functions:
        yield f"   {plain(bound.entity)} {plain(bound.trigger)}: {plain(bound.function.shown)}"
    if existing.read_only:
        yield "Rows: those that are there, read only"
    elif existing.uses:
        yield "Rows of perfengine, put in in this order and taken out in the opposite one"
    for use in existing.uses:
        yield f"   {plain(use.place.shown)}, by {plain(use.key)} ({plain(use.key_type)}){_triggers(use.triggers)}"
    for place in existing.referenced:
        yield f"   {plain(place.shown)}: rows that are there are referred to"


def _triggers(triggers: tuple[object, ...]) -> str:
    return f"; {len(triggers)} trigger{'' if len(triggers) == 1 else 's'} of its own" if triggers else ""


def existing_as_json(existing: ExistingPlan) -> dict[str, object]:
    """Return the same as JSON values."""
    return {
        "read_only": existing.read_only,
        "tables": [
            {
                "name": use.name,
                "schema": use.place.schema,
                "table": use.place.name,
                "kind": str(use.kind),
                "key": use.key,
                "key_type": use.key_type,
                "referred_to_by": [reference.table.shown for reference in use.incoming],
                "triggers": [trigger.name for trigger in use.triggers],
            }
            for use in existing.uses
        ],
        "referenced": [place.shown for place in existing.referenced],
        "functions": [
            {
                "entity": bound.entity,
                "trigger": bound.trigger,
                "function": bound.function.shown,
                "call": bound.call,
            }
            for bound in existing.functions
        ],
    }
