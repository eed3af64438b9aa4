"""Pass: the pattern state_machine: its transition functions, and operations that call them and query by state."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.checks import guard_check
from perfengine.compiler.search import complex_search, status_query, why_no_search
from perfengine.compiler.transition_operations import Trigger, transition_operations, why_no_invalid
from perfengine.compiler.transitions import transition_function
from perfengine.model.sql import shorten_identifier

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity, NotBuilt, StateMachine, Transition
    from perfengine.model.operation import Operation
    from perfengine.model.table import Function


def compile_state_machines(draft: Draft) -> Draft:
    """Return the draft with the functions and operations of every state machine."""
    functions: list[Function] = []
    operations: list[Operation] = []
    notes: list[str] = []
    not_built: list[NotBuilt] = []
    for trigger in triggers_of(draft):
        functions.append(
            transition_function(trigger.entity, trigger.machine, trigger.transition, trigger.function)
        )
        operations += transition_operations(trigger, draft.pick)
        not_built += why_no_invalid(trigger)
    for entity in (one.entity for one in draft.entities):
        operations += [*status_query(entity), *complex_search(entity)]
        notes += machine_notes(entity)
        not_built += filter(None, [why_no_search(entity)])
    draft = replace(draft, functions=(*draft.functions, *functions))
    return draft.adding(operations, notes).lacking(not_built)


def triggers_of(draft: Draft) -> list[Trigger]:
    """Return the triggers of all entities; functions that would share a name get a dot for the underscore."""
    found = [
        (entity, entity.machine, transition, _word(entity.machine, transition))
        for entity in (one.entity for one in draft.entities)
        if entity.machine is not None
        for transition in entity.machine.transitions
    ]
    usual = Counter(f"{entity.name}_{word}" for entity, _, _, word in found)
    return [
        Trigger(
            entity=entity,
            machine=machine,
            transition=transition,
            word=word,
            guard=guard_check(draft.table(entity.name), entity, transition),
            function=shorten_identifier(
                f"{entity.name}{'_' if usual[f'{entity.name}_{word}'] == 1 else '.'}{word}"
            ),
        )
        for entity, machine, transition, word in found
    ]


def _word(machine: StateMachine, transition: Transition) -> str:
    targets = {other.target for other in machine.transitions if other.trigger == transition.trigger}
    return transition.trigger if len(targets) == 1 else f"{transition.trigger}_to_{transition.target}"


def machine_notes(entity: Entity) -> list[str]:
    """Return what a reader of the document would wonder about."""
    if entity.machine is None:
        return []
    if not entity.machine.transitions:
        return [f"the state machine of {entity.name} has no transitions: only queries by state are compiled"]
    targets = Counter(trigger for trigger, _ in {(t.trigger, t.target) for t in entity.machine.transitions})
    return [
        f'trigger "{trigger}" of {entity.name} leads to {count} states: an operation for each'
        f" of them, named {trigger}_to_ and the state"
        for trigger, count in sorted(targets.items())
        if count > 1
    ]
