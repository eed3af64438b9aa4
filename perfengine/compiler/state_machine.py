"""Pass: the pattern state_machine: its transition functions, and operations that call them and query by state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfengine.compiler.checks import guard_check
from perfengine.compiler.search import complex_search, status_query
from perfengine.compiler.sql_types import argument_type
from perfengine.compiler.transitions import REFUSED_SQLSTATE, transition_function
from perfengine.model.operation import (
    ClaimedKey,
    Effect,
    Expectation,
    Group,
    Kind,
    Operation,
    RowUse,
    Success,
)
from perfengine.model.sql import quote_identifier, shorten_identifier

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import Entity, StateMachine, Transition
    from perfengine.model.table import Check, Function

#: Rows that one attempt of a bulk operation works on.
BULK_ROWS = 100
#: The benchmark scripts of the original document call the trigger `confirm` so in Python.
_OTHER_WORDS = {"confirm": "confirmation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trigger:
    """A transition with the names it goes by."""

    entity: Entity
    machine: StateMachine
    transition: Transition
    word: str  #: the trigger; with its target where one trigger has several
    function: str
    guard: Check | None

    @property
    def call(self) -> str:
        """The function as SQL."""
        return quote_identifier(self.function)

    @property
    def key_type(self) -> str:
        """The type of its argument."""
        return argument_type(self.entity.key)

    def also(self, prefix: str) -> tuple[str, ...]:
        """The name under which the original document knows the operation in Python, if it does."""
        other = _OTHER_WORDS.get(self.word)
        return (f"{prefix}_{self.entity.name}_{other}",) if other else ()


def compile_state_machines(draft: Draft) -> Draft:
    """Return the draft with the functions and operations of every state machine."""
    functions: list[Function] = []
    operations: list[Operation] = []
    notes: list[str] = []
    for trigger in _named(draft):
        functions.append(
            transition_function(trigger.entity, trigger.machine, trigger.transition, trigger.function)
        )
        operations += _operations(trigger)
    for entity in (one.entity for one in draft.entities):
        operations += [*status_query(entity), *complex_search(entity)]
        notes += _notes(entity)
    draft = replace(draft, functions=(*draft.functions, *functions))
    return draft.adding(operations, notes)


def _named(draft: Draft) -> list[_Trigger]:
    """Return the triggers of all entities; functions that would share a name get a dot for the underscore."""
    found = [
        (entity, entity.machine, transition, _word(entity.machine, transition))
        for entity in (one.entity for one in draft.entities)
        if entity.machine is not None
        for transition in entity.machine.transitions
    ]
    usual = Counter(f"{entity.name}_{word}" for entity, _, _, word in found)
    return [
        _Trigger(
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


def _notes(entity: Entity) -> list[str]:
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


def _operations(trigger: _Trigger) -> list[Operation]:
    wrong_states = [s for s in trigger.machine.states if s not in trigger.transition.sources]
    found = [_single(trigger), _bulk(trigger)]
    return [*found, _invalid(trigger, tuple(wrong_states))] if wrong_states else found


def _single(trigger: _Trigger) -> Operation:
    name = trigger.entity.name
    return Operation(
        name=f"single_{name}_{trigger.word}",
        entity=name,
        group=Group.STATE_MACHINE,
        kind=Kind.SINGLE_TRANSITION,
        sql=f"SELECT {trigger.call}($1::{trigger.key_type})",
        parameters=(ClaimedKey(),),
        expectation=Expectation(success=Success.RETURNED),
        default_iterations=100,
        aliases=(f"{name}_{trigger.word}", *trigger.also("single")),
        rows=_rows(trigger, 1),
    )


def _bulk(trigger: _Trigger) -> Operation:
    name = trigger.entity.name
    return Operation(
        name=f"bulk_{name}_{trigger.word}",
        entity=name,
        group=Group.STATE_MACHINE,
        kind=Kind.BULK_TRANSITION,
        # count() of the call's result: the planner drops a call whose result nobody reads
        sql=f"SELECT count({trigger.call}(u.id)) FROM unnest($1::{trigger.key_type}[]) AS u(id)",
        parameters=(ClaimedKey(bulk=True),),
        expectation=Expectation(success=Success.COUNTED, count=BULK_ROWS),
        default_iterations=10,
        aliases=trigger.also("bulk"),
        rows=_rows(trigger, BULK_ROWS),
    )


def _invalid(trigger: _Trigger, wrong_states: tuple[str, ...]) -> Operation:
    return replace(
        _single(trigger),
        name=f"invalid_{trigger.entity.name}_{trigger.word}",
        kind=Kind.TRANSITION_REJECT,
        expectation=Expectation(success=Success.REFUSED, sqlstate=REFUSED_SQLSTATE),
        aliases=(),
        rows=RowUse(per_attempt=1, source_states=wrong_states, consumed=False),
        optional=True,
    )


def _rows(trigger: _Trigger, per_attempt: int) -> RowUse:
    """Return rows in the source states. A row already in the target would show the effect before any attempt."""
    transition = trigger.transition
    sources = tuple(state for state in transition.sources if state != transition.target)
    if not sources:
        return RowUse(per_attempt=per_attempt, source_states=transition.sources, guard=trigger.guard)
    return RowUse(
        per_attempt=per_attempt,
        source_states=sources,
        target_state=transition.target,
        effect=Effect.STATE,
        guard=trigger.guard,
    )
