"""`actions:` to transitions: an action that moves the state from known states to one is one, the others are named."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from perfengine.model.entity import NotBuilt
from perfengine.spec.dialects.action_words import actions_of, check_keys, why_none
from perfengine.spec.dialects.conditions import allowed_states, of_the_row, reads_only, says_only_states
from perfengine.spec.dialects.making import add, listed, words_of
from perfengine.spec.dialects.moves import also_set, own_updates, state_column
from perfengine.spec.dialects.updates import PARAMETER_SIGNS
from perfengine.spec.meaning.expression import expression_fault
from perfengine.spec.meaning.rules import place_in_text
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import ListNode, MapNode, described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.mistake import Position
    from perfengine.spec.dialects.action_words import Action
    from perfengine.spec.dialects.columns import Columns
    from perfengine.spec.dialects.steps import Condition, Update
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.text.tree import Node

#: Steps of which a transition is made.
_BUILT: Final = ("error", "if", "set", "update", "validate", "when")


@dataclass(slots=True)
class Actions:
    """What the actions of an entity say."""

    transitions: list[tuple[MapNode, Position]] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    column: str | None = None  #: of the state
    not_built: list[NotBuilt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_actions(
    node: Node, at: Position, entity: str, columns: Columns, column: str | None, mistakes: Mistakes
) -> Actions:
    """Return the transitions among the actions; `column` holds the state, where a pattern says it."""
    if not isinstance(node, ListNode):
        mistakes.add(at, f"actions: it must be a list, found {described(node)}: write - name: ship_order")
        return Actions()
    actions = list(actions_of(node, mistakes))
    return _Reader(entity, columns, mistakes).read(actions, column)


class _Reader:
    """The actions of one entity."""

    def __init__(self, entity: str, columns: Columns, mistakes: Mistakes) -> None:
        self._entity = entity
        self._columns = columns
        self._mistakes = mistakes
        self._found = Actions()

    def read(self, actions: Sequence[Action], column: str | None) -> Actions:
        self._found.column = column or state_column(actions, self._entity, self._columns)
        for action in actions:
            check_keys(action, self._mistakes)
            if action.is_declared:
                self._declared(action)
            elif reason := self._updating(action):
                self._found.not_built.append(NotBuilt(name=f"action {action.name}", reason=reason))
        return self._found

    # --- an action that says its states ---

    def _declared(self, action: Action) -> None:
        config = action.config
        target = config.get("to_state")
        if not isinstance(target, str):
            message = f'action {quoted(action.name)} needs "to_state", the state it leads to'
            self._mistakes.add(config.values_at.get("to_state", action.name_at), message)
            return
        key = "from_states" if "from_states" in config else "from_state"
        sources: Node = config.get(key)
        at = config.values_at.get(key, action.name_at)
        if key in config and not words_of(sources, at):
            self._mistakes.add(
                at, f"{key}: it must be a state or a list of states, found {described(sources)}"
            )
            return
        conditions = self._of_the_row([*action.guards(), *action.steps.conditions])
        transition = MapNode(action.node.position)
        transition.put("from", at, "any" if sources is None else sources, at)
        add(transition, "to", target, config.values_at["to_state"])
        self._add(transition, action, conditions, at)

    # --- an action that does an update ---

    def _updating(self, action: Action) -> str | None:
        """Add the transition that the steps imply; else return why there is none."""
        moves = self._moves(action)
        if not moves:
            return why_none(action, self._entity)
        if len({value for _, value in moves}) > 1:
            return "which state it leads to depends on its steps: give it as transitions"
        (update, target), *_ = moves
        if target is None:
            return "the state it leads to is a parameter: give its transitions, a trigger each"
        transition = MapNode(action.node.position)
        conditions = self._of_the_row(update.conditions)
        sources, at = self._sources(conditions, update.position)
        transition.put("from", at, sources, at)
        add(transition, "to", target, update.position)
        self._add(transition, action, conditions, at)
        return None

    def _moves(self, action: Action) -> list[tuple[Update, str | None]]:
        """Return the updates that set the column of the state, with the state; None: it is computed."""
        column = self._found.column
        return [
            (update, value)
            for update in own_updates(action, self._entity)
            for name, value in update.sets
            if column and self._columns.named(name) == column
        ]

    def _of_the_row(self, conditions: Sequence[Condition]) -> list[Condition]:
        return [replace(one, text=of_the_row(one.text, self._entity)) for one in conditions]

    def _sources(self, conditions: Sequence[Condition], at: Position) -> tuple[Node, Position]:
        """Return the states in which all conditions can hold, and where they say so; else any, and `at`."""
        column = self._found.column or ""
        found = ((allowed_states(one.text, column), one.position) for one in conditions)
        allowed = [(states, place) for states, place in found if states is not None]
        if not allowed:
            return "any", at
        first, place = allowed[0]
        common = [state for state in first if all(state in others for others, _ in allowed)]
        return listed(((state, place) for state in common), place), place

    def _add(
        self, transition: MapNode, action: Action, conditions: list[Condition], sources_at: Position
    ) -> None:
        add(transition, "trigger", action.name, action.name_at)
        guards = [one for one in conditions if self._is_guard(one, action)]
        if guards:
            text = guards[0].text if len(guards) == 1 else " AND ".join(f"({one.text})" for one in guards)
            add(transition, "guard", text, guards[0].position)
        self._found.transitions.append((transition, sources_at))
        self._found.triggers.append(action.name)
        self._left_out(action)

    def _is_guard(self, condition: Condition, action: Action) -> bool:
        """Return whether the row decides about a condition; one that nobody could read is a mistake."""
        if not condition.text:
            return False  # nothing is asked
        column = self._found.column or ""
        fault = expression_fault(condition.text)
        if fault and condition.text[fault.index] not in PARAMETER_SIGNS:
            at = place_in_text(condition.position, condition.text, fault)
            self._mistakes.add(at, f"condition of action {quoted(action.name)}: {fault.message}")
            return False
        if says_only_states(condition.text, column):
            return False
        if reads_only(condition.text, self._columns.names):
            return True
        self._found.notes.append(
            f"action {action.name} is built without the condition {quoted(condition.text)}: it reads more than"
            " the row"
        )
        return False

    def _left_out(self, action: Action) -> None:
        others = [
            *(word for word in action.steps.words if word not in _BUILT),
            *(key for key in ("side_effects", "refresh_projection") if action.config.get(key)),
        ]
        others += [
            f"setting {name}" for name in also_set(action, self._entity, self._columns, self._found.column)
        ]
        if len(action.steps.updates) > 1:
            others.append("other updates")
        if others:
            self._found.notes.append(
                f"action {action.name} is built as its transition alone, without {', '.join(others)}"
            )
