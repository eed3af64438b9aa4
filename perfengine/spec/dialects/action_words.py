"""Actions as written: their keys, what they say of states, and why no operation is made of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.steps import Condition, read_steps
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import ListNode, MapNode, described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.mistake import Position
    from perfengine.spec.dialects.steps import Steps
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.text.tree import Node

_MACHINE_PATTERNS: Final = ("state_machine/transition", "state_machine/guarded_transition", "state_machine")
_CONFIGURATIONS: Final = ("config", "parameters", "params")
_GUARDS: Final = ("guard", "guards", "validation_checks", "validations")
#: What a configuration of a transition says; other mappings below these keys are the input of the action.
_SAYS: Final = ("from_state", "from_states", "to_state", *_GUARDS)
#: Keys of an action that say what it does to the state, with those beside them.
_ACTION_KEYS: Final = ("name", "description", "pattern", *_CONFIGURATIONS, "steps", *_SAYS)
#: Keys that other programs read.
_OTHER_KEYS: Final = (
    "audit",
    "cascade",
    "duplicate_detection",
    "fields",
    "impact",
    "impacts",
    "input",
    "input_fields",
    "metadata",
    "on_error",
    "parameters_schema",
    "partial_updates",
    "permissions",
    "refresh_projection",
    "refresh_table_view",
    "requires",
    "returns",
    "side_effects",
    "tags",
    "track_updated_fields",
    "transaction",
    "type",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of an entity."""

    name: str
    name_at: Position
    node: MapNode
    config: MapNode  #: the action itself, or what is below its `config:`
    steps: Steps

    @property
    def pattern(self) -> str:
        """The pattern it names; empty without one."""
        pattern = self.node.get("pattern")
        return pattern if isinstance(pattern, str) else ""

    @property
    def is_declared(self) -> bool:
        """Whether it says its states, rather than doing an update."""
        return self.pattern in _MACHINE_PATTERNS or "to_state" in self.config

    def guards(self) -> Iterator[Condition]:
        """Yield the conditions that it says outside its steps."""
        places = [self.node] if self.config is self.node else [self.node, self.config]
        for node in places:
            for key in _GUARDS:
                yield from _conditions(node.get(key), node.values_at.get(key, self.name_at))


def actions_of(node: ListNode, mistakes: Mistakes) -> Iterator[Action]:
    """Yield the actions of a list; what is none, or is there twice, is a mistake."""
    seen: dict[str, Position] = {}
    for item, at in zip(node, node.items_at, strict=True):
        if not isinstance(item, MapNode):
            mistakes.add(at, f"an action is a mapping with a name, found {described(item)}")
            continue
        name = item.get("name")
        if not isinstance(name, str):
            mistakes.add(at, 'an action needs "name"')
            continue
        name_at = item.values_at["name"]
        if name in seen:
            first = seen[name].line
            mistakes.add(name_at, f"action {quoted(name)} is there twice, first on line {first}")
            continue
        seen[name] = name_at
        yield _action(item, name, name_at, mistakes)


def _action(item: MapNode, name: str, name_at: Position, mistakes: Mistakes) -> Action:
    steps = read_steps(item.get("steps"), item.values_at.get("steps", name_at), mistakes)
    return Action(name=name, name_at=name_at, node=item, config=_configuration(item), steps=steps)


def _configuration(item: MapNode) -> MapNode:
    """Return where an action says its states: below `config:` or its like, else the action itself."""
    below = (node for key in _CONFIGURATIONS if isinstance(node := item.get(key), MapNode))
    return next((node for node in below if any(key in node for key in _SAYS)), item)


def check_keys(action: Action, mistakes: Mistakes) -> None:
    """Note keys that nobody reads: one of them may be what an action does to the state, misspelled."""
    places = [action.node, action.config] if action.is_declared and action.config is not action.node else []
    for node in places or [action.node]:
        for key in node:
            if key not in _ACTION_KEYS and key not in _OTHER_KEYS:
                message = f"unknown key {quoted(key)} in an action"
                mistakes.add(node.keys_at[key], message, allowed=_ACTION_KEYS, found=key)


def _conditions(node: Node, at: Position) -> Iterator[Condition]:
    """Yield the conditions of a guard, or of a list of guards."""
    if isinstance(node, str):
        yield Condition(text=" ".join(node.split()), position=at)
    elif isinstance(node, MapNode):
        for key in ("condition", "rule", "expression", "check"):
            if isinstance(text := node.get(key), str):
                yield Condition(text=" ".join(text.split()), position=node.values_at[key])
                return
    elif isinstance(node, ListNode):
        for item, place in zip(node, node.items_at, strict=True):
            yield from _conditions(item, place)


def why_none(action: Action, entity: str) -> str:
    """Return why no operation is made of an action that moves no state."""
    pattern, words = action.pattern, action.steps.words
    for word in ("create", "update", "delete"):
        if pattern == f"crud/{word}" or (not words and action.name == f"{word}_{entity}"):
            return f"{entity}_{word} is that operation"
    if pattern:
        return f"no operation is made of the pattern {pattern}"
    if not words:
        return "it has no steps"
    reasons = (
        ("insert", f"it inserts rows: {entity}_create does"),
        ("update", f"it changes no state: {entity}_update changes the other fields"),
        ("partial_update", f"it changes no state: {entity}_update changes the other fields"),
        ("delete", f"it deletes rows: {entity}_delete does"),
    )
    known = (reason for word, reason in reasons if word in words)
    return next(known, f"no operation is made of these steps: {', '.join(words)}")
