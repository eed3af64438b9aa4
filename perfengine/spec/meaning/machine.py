"""The pattern `state_machine` to a `StateMachine`: its column found, its names resolved, transitions joined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType, StateMachine, Transition
from perfengine.spec.meaning.draft import declared_states
from perfengine.spec.meaning.expression import expression_fault
from perfengine.spec.meaning.rules import check_made_name, place_in_text
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import ListNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.entity import Field
    from perfengine.model.mistake import Position
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.entity_parts import StateMachinePart, TransitionPart

_STATE_FIELDS: Final = ("status", "state")
_ANY: Final = "any"
_MAX_STATES: Final = 1000
_MAX_TRANSITIONS: Final = 1000


def build_machine(
    part: StateMachinePart,
    entity: str,
    fields: Sequence[Field],
    declared: frozenset[str],
    actions: frozenset[str],
    mistakes: Mistakes,
) -> StateMachine:
    """Return the machine as far as it can be read.

    `declared` are the names below `fields:`, wrong ones too, `actions` the triggers that are actions.
    """
    states = _states(part, mistakes)
    column = _column(part, states, fields, declared, mistakes)
    names = _Names(declared_states(part.node), mistakes)
    if part.initial_state is not None:
        names.check(part.initial_state, part.place("initial_state"))
    transitions: dict[str, Transition] = {}
    for transition in _transition_parts(part, mistakes):
        _check_transition(transition, entity, names, mistakes, to_itself=bool(part.allow_self_transitions))
        _join(transition, states, transitions, mistakes)
    return StateMachine(
        field=column or "",
        initial_state=part.initial_state or "",
        states=states,
        transitions=tuple(replace(one, is_action=one.trigger in actions) for one in transitions.values()),
    )


class _Names:
    """The names of the states, for checking those that transitions speak of."""

    def __init__(self, declared: frozenset[str], mistakes: Mistakes) -> None:
        self._declared = declared
        self._allowed = tuple(sorted(declared))
        self._mistakes = mistakes

    def check(self, state: str, position: Position, *, or_any: bool = False) -> None:
        """Note a mistake when there is no such state. Where none is declared, that is the mistake, not this."""
        if not self._declared or state in self._declared or (or_any and state == _ANY):
            return
        allowed = (*self._allowed, _ANY) if or_any else self._allowed
        self._mistakes.add(position, f"unknown state {quoted(state)}", allowed=allowed, found=state)


def _states(part: StateMachinePart, mistakes: Mistakes) -> tuple[str, ...]:
    places = part.node.get("states")
    positions = places.items_at if isinstance(places, ListNode) else []
    names: dict[str, None] = {}
    for state, position in zip(part.states or (), positions, strict=True):
        if state.name in names:
            mistakes.add(position, f"state {quoted(state.name)} is there twice")
        names.setdefault(state.name)
    if len(names) > _MAX_STATES:
        mistakes.add(part.place("states"), f"states: there are {len(names)}, at most {_MAX_STATES} are read")
        return tuple(names)[:_MAX_STATES]
    if part.node.origin.get("states") == []:
        mistakes.add(part.place("states"), "states: there is none: list them, such as [pending, confirmed]")
    return tuple(names)


def _transition_parts(part: StateMachinePart, mistakes: Mistakes) -> Sequence[TransitionPart]:
    parts = part.transitions or []
    if part.node.origin.get("transitions") == []:
        message = "transitions: there is none, and a state machine is about them"
        mistakes.add(part.place("transitions"), message)
    if len(parts) > _MAX_TRANSITIONS:
        message = f"transitions: there are {len(parts)}, at most {_MAX_TRANSITIONS} are read"
        mistakes.add(part.place("transitions"), message)
    return parts[:_MAX_TRANSITIONS]


def _column(
    part: StateMachinePart,
    states: tuple[str, ...],
    fields: Sequence[Field],
    declared: frozenset[str],
    mistakes: Mistakes,
) -> str | None:
    if not declared:
        return None  # the fields are the mistake, not this
    position = part.place("field") if part.field else part.place("name")
    name = part.field or next((field for field in _STATE_FIELDS if field in declared), None)
    if name is None:
        remedy = 'add "status: string" to the fields, or say which: field: ...'
        mistakes.add(position, f"the state machine has no column: {remedy}")
    elif name not in declared:
        message = f"field: {quoted(name)} is no field of the entity"
        mistakes.add(position, message, allowed=sorted(declared), found=name)
    for field in fields:
        if field.name == name:
            _check_column(field, states, position, mistakes)
    return name


def _check_column(field: Field, states: tuple[str, ...], position: Position, mistakes: Mistakes) -> None:
    if field.name == "id" or field.type not in {FieldType.STRING, FieldType.TEXT}:
        message = f"states are kept in a string or text field, {quoted(field.name)} is {field.type}"
        mistakes.add(position, "states cannot be kept in the key" if field.name == "id" else message)
    unknown = [state for state in states if field.values and state not in field.values]
    if unknown:
        message = f"state {quoted(unknown[0])} is no value of {quoted(field.name)}"
        mistakes.add(position, message, allowed=field.values, found=unknown[0])
    longest = max(states, key=len, default="")
    if field.type is FieldType.STRING and len(longest) > field.length:
        message = f"state {quoted(longest)} has {len(longest)} characters, {quoted(field.name)} holds {field.length}"
        mistakes.add(position, message)


def _check_transition(
    part: TransitionPart, entity: str, names: _Names, mistakes: Mistakes, *, to_itself: bool
) -> None:
    seen: set[str] = set()
    for source, position in zip(part.sources, _source_places(part), strict=True):
        names.check(source, position, or_any=len(part.sources) == 1)
        if source in seen:
            mistakes.add(position, f"state {quoted(source)} is there twice")
        if source == part.to and not to_itself:
            message = f"trigger {quoted(part.trigger)} leads from {quoted(source)} to itself: it would change nothing"
            mistakes.add(position, message)
        seen.add(source)
    names.check(part.to, part.place("to"))
    fault = expression_fault(part.guard) if part.guard else None
    if part.guard and fault:
        mistakes.add(place_in_text(part.place("guard"), part.guard, fault), f"guard: {fault.message}")
    check_made_name(f"{entity}_{part.trigger}", "function", part.place("trigger"), mistakes)


def _source_places(part: TransitionPart) -> list[Position]:
    value = part.node["from"]
    return value.items_at if isinstance(value, ListNode) else [part.place("from")]


def _join(
    part: TransitionPart, states: tuple[str, ...], transitions: dict[str, Transition], mistakes: Mistakes
) -> None:
    """Add a transition, or its sources to the one that has its trigger."""
    sources = _sources(part, states)
    if states and not sources:
        mistakes.add(part.place("from"), f"from: there is no other state than {quoted(part.to)} to come from")
        return
    new = Transition(trigger=part.trigger, sources=sources, target=part.to, guard=part.guard)
    old = transitions.setdefault(part.trigger, new)
    if old is new:
        return
    problem = _clash(old, new)
    if problem:
        mistakes.add(part.place("trigger"), f"trigger {quoted(part.trigger)} {problem}")
        return
    transitions[part.trigger] = replace(old, sources=(*old.sources, *sources))


def _sources(part: TransitionPart, states: tuple[str, ...]) -> tuple[str, ...]:
    if part.sources == (_ANY,) and _ANY not in states:
        return tuple(state for state in states if state != part.to)
    return tuple(dict.fromkeys(part.sources))


def _clash(old: Transition, new: Transition) -> str | None:
    if old.target != new.target:
        return f"already leads to {quoted(old.target)}: one trigger, one target"
    both = sorted(set(new.sources) & set(old.sources))
    if both:
        return f"already leads from {quoted(both[0])} to {quoted(old.target)}: remove one of them"
    if old.guard != new.guard:
        return "has another guard above: transitions of one trigger share their guard"
    return None
