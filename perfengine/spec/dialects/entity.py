"""A document of any spelling to the tree that `shape/` reads: keys where they belong, names as tables have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.actions import Actions, read_actions
from perfengine.spec.dialects.columns import Columns
from perfengine.spec.dialects.indexes import spell_indexes
from perfengine.spec.dialects.machines import spell_machine
from perfengine.spec.dialects.making import add, listed, without
from perfengine.spec.dialects.names import table_name
from perfengine.spec.dialects.patterns import Patterns, read_patterns
from perfengine.spec.dialects.references import add_relationships
from perfengine.spec.dialects.rules import Rules
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from perfengine.model.entity import NotBuilt
    from perfengine.model.mistake import Position
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.text.tree import Node

_RULE_LISTS: Final = ("validation", "validations", "validation_checks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """A document in our spelling, and what is known only from the other one."""

    root: MapNode
    long_form: bool = False  #: fields may be NULL unless they say no, and the key goes without saying
    action_triggers: frozenset[str] = frozenset()
    not_built: tuple[NotBuilt, ...] = ()
    notes: tuple[str, ...] = ()


def respell(root: MapNode, mistakes: Mistakes) -> Spelled:
    """Return a document in our spelling; what no spelling allows is in `mistakes`."""
    entity = root.get("entity")
    long_form = "entity" in root or "schema" in root
    if isinstance(entity, MapNode):
        root = _unfolded(root, entity, mistakes)
    return _Speller(root, mistakes, long_form=long_form).spelled()


def _unfolded(root: MapNode, entity: MapNode, mistakes: Mistakes) -> MapNode:
    """Return a document whose keys below `entity:` stand beside the others."""
    flat = without(root, "entity")
    for key, value in entity.items():
        if key in flat:
            message = f"{key}: it is below entity: and beside it: keep one of them"
            mistakes.add(entity.keys_at[key], message)
        else:
            flat.put(key, entity.keys_at[key], value, entity.values_at[key])
    return flat


class _Speller:
    """One document on its way to our spelling."""

    def __init__(self, root: MapNode, mistakes: Mistakes, *, long_form: bool) -> None:
        self._root = root
        self._mistakes = mistakes
        self._long_form = long_form
        self._notes: list[str] = []

    def spelled(self) -> Spelled:
        root = without(self._root, "actions", "constraints", "foreign_keys", "relationships", *_RULE_LISTS)
        self._name(root)
        add_relationships(root, self._root, self._mistakes)
        spell_indexes(root)
        columns = Columns(root.get("fields"))
        patterns = read_patterns(self._root.get("patterns"))
        self._notes += patterns.notes
        rules = Rules(columns, self._mistakes, self._notes)
        column = next(
            (name for node, _ in patterns.machines if isinstance(name := node.get("field"), str)), None
        )
        actions = self._actions(root, columns, column)
        self._put(root, patterns, rules, actions, columns)
        return Spelled(
            root=root,
            long_form=self._long_form,
            action_triggers=frozenset(actions.triggers),
            not_built=tuple(actions.not_built),
            notes=(*self._notes, *actions.notes),
        )

    def _name(self, root: MapNode) -> None:
        if not self._long_form:
            return
        for key in ("name", "entity"):
            if isinstance(name := root.get(key), str):
                root[key] = table_name(name)

    def _actions(self, root: MapNode, columns: Columns, column: str | None) -> Actions:
        if "actions" not in self._root:
            return Actions(column=column)
        name = root.get("name") or root.get("entity")
        at = self._root.values_at["actions"]
        entity = name if isinstance(name, str) else ""
        return read_actions(self._root["actions"], at, entity, columns, column, self._mistakes)

    # --- putting together ---

    def _put(
        self, root: MapNode, patterns: Patterns, rules: Rules, actions: Actions, columns: Columns
    ) -> None:
        machines = self._machines(patterns, actions, columns)
        spelled = [(_with_rules(node, rules), at) for node, at in patterns.others]
        spelled += self._lists_of_rules(rules)
        written = self._root.get("patterns")
        if not isinstance(written, ListNode | MapNode) and written is not None:
            return  # it is no pattern at all, which is said where it is read
        if isinstance(written, MapNode) and not (machines or spelled or self._notes or patterns.bare):
            return
        if machines or spelled or "patterns" in root:
            at = root.values_at.get("patterns", root.position)
            key_at = root.keys_at.get("patterns", root.position)
            root.put("patterns", key_at, listed((*machines, *spelled), at), at)

    def _machines(
        self, patterns: Patterns, actions: Actions, columns: Columns
    ) -> list[tuple[Node, Position]]:
        machines, moves = list(patterns.machines), actions.transitions
        if not machines and moves:
            at = patterns.bare[0] if patterns.bare else self._root.keys_at["actions"]
            node = MapNode(at)
            add(node, "name", "state_machine", at)
            machines = [(node, at)]
        elif patterns.bare and not machines:
            self._notes.append(
                "the pattern state_machine names no transitions, and no action moves the state: nothing is made of it"
            )
        first = machines[:1]
        return [
            *((spell_machine(node, moves, columns, actions.column), at) for node, at in first),
            *((node, at) for node, at in machines[1:]),
        ]

    def _lists_of_rules(self, rules: Rules) -> list[tuple[Node, Position]]:
        found: list[tuple[Node, Position]] = []
        for key in _RULE_LISTS:
            if key in self._root:
                at = self._root.values_at[key]
                found.append((rules.listed(self._root[key], self._root.keys_at[key], at), at))
        if "constraints" in self._root:
            key_at, at = self._root.keys_at["constraints"], self._root.values_at["constraints"]
            made = rules.constraints(self._root["constraints"], key_at, at)
            if made is not None:
                found.append((made, at))
        return found


def _with_rules(node: Node, rules: Rules) -> Node:
    """Return a validation with its rules spelled as we read them; of anything else, itself."""
    return rules.pattern(node) if isinstance(node, MapNode) and node.get("name") == "validation" else node
