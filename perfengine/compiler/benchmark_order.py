"""Pass: the order of a benchmark: creates, transitions along the machine, reads, changes, validation, own ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.model.operation import Group, Kind

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.operation import Operation

_TURN: Final = {
    Kind.INSERT: 0,
    Kind.SINGLE_TRANSITION: 1,
    Kind.BULK_TRANSITION: 1,
    Kind.TRANSITION_REJECT: 1,
    Kind.SIMPLE_SELECT: 2,
    Kind.COMPLEX_JOIN: 2,
    Kind.UPDATE: 3,
    Kind.BULK_UPDATE: 3,
    Kind.DELETE: 3,
    Kind.VALIDATION_ACCEPT: 4,
    Kind.VALIDATION_REJECT: 4,
}
#: Own operations come last, in the order of the document.
_OWN: Final = 5


def order_operations(draft: Draft) -> Draft:
    """Return the draft with its operations entity by entity, each in the order of a benchmark."""
    place = {one.entity.name: number for number, one in enumerate(draft.entities)}

    def turn(operation: Operation) -> tuple[int, int]:
        if operation.group is Group.OWN:
            return len(place), _OWN
        return place[operation.entity], _TURN[operation.kind]

    # the sort is stable: within a turn the order of the passes stands
    return replace(draft, operations=tuple(sorted(draft.operations, key=turn)))
