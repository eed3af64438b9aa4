"""Pass: triggers with the functions on the server that they call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.existing.functions import bind_trigger
from perfengine.compiler.existing.transitions import calling
from perfengine.compiler.search import complex_search, status_query, why_no_search
from perfengine.compiler.state_machine import machine_notes, triggers_of
from perfengine.compiler.transition_operations import transition_operations, why_no_invalid
from perfengine.model.entity import NotBuilt
from perfengine.model.existing_plan import BoundFunction

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.compiler.transition_operations import Trigger
    from perfengine.model.operation import Operation


def call_existing_functions(draft: Draft) -> Draft:
    """Return the draft with the operations of every state machine, as calls of functions that are there.

    What a trigger without a function would have become is kept, and refused where it is asked for.
    """
    operations: list[Operation] = []
    notes: list[str] = []
    bound: list[BoundFunction] = []
    unmatched, not_built = dict(draft.unmatched), list(draft.not_built)
    for trigger in triggers_of(draft):
        found = _bound(trigger, draft)
        not_built += why_no_invalid(trigger)
        bound += [found] if isinstance(found, BoundFunction) else []
        for operation in transition_operations(trigger, draft.pick):
            if isinstance(found, str):
                unmatched[operation.full_id] = f'entity "{trigger.entity.name}": {found}'
                operations.append(replace(operation, sql=""))
                continue
            called = calling(operation, found, trigger.key_type)
            if isinstance(called, str):
                not_built.append(NotBuilt(name=operation.name, reason=called))
            else:
                operations.append(called)
    for entity in (one.entity for one in draft.entities):
        operations += [*status_query(entity), *complex_search(entity)]
        not_built += filter(None, [why_no_search(entity)])
        notes += machine_notes(entity)
    draft = replace(draft, bound=tuple(bound), unmatched=unmatched, not_built=tuple(not_built))
    return draft.adding(operations, notes)


def _bound(trigger: Trigger, draft: Draft) -> BoundFunction | str:
    matched = next(one for one in draft.matched if one.entity.name == trigger.entity.name)
    assert draft.existing is not None  # noqa: S101 - these passes are for nothing else
    return bind_trigger(
        trigger.transition, matched, draft.table(trigger.entity.name), draft.existing, trigger.key_type
    )
