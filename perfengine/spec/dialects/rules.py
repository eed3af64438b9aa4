"""The spellings of validation rules to one: `name`, `field`, `rule`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.expression import fields_read
from perfengine.spec.dialects.making import add, moved, without, words_of
from perfengine.spec.meaning.expression import expression_fault
from perfengine.spec.meaning.rules import place_in_text
from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import ListNode, MapNode, described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.mistake import Position
    from perfengine.spec.dialects.columns import Columns
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.text.tree import Node

_EXPRESSIONS: Final = ("rule", "expression", "check", "condition")
_MESSAGES: Final = ("error", "error_message")
_CONSTRAINTS: Final = ("check", "exclude", "foreign_key", "not_null", "primary_key", "unique")
_UNIQUE: Final = re.compile(r"\s*UNIQUE\s*\(([^()]*)\)", re.IGNORECASE)


class Rules:
    """Spells the rules of one entity."""

    def __init__(self, columns: Columns, mistakes: Mistakes, notes: list[str]) -> None:
        self._columns = columns
        self._mistakes = mistakes
        self._notes = notes

    def pattern(self, node: MapNode) -> MapNode:
        """Return a validation with its rules spelled as we read them."""
        key = next((key for key in ("rules", "validations", "checks") if key in node), None)
        copy = without(node, *(key,) if key else ())
        if key:
            copy.put("rules", node.keys_at[key], self.rules(node[key]), node.values_at[key])
        return copy

    def listed(self, node: Node, key_at: Position, at: Position) -> MapNode:
        """Return the validation that a list of rules is."""
        return _validation(self.rules(node), key_at, at)

    def rules(self, node: Node) -> Node:
        """Return a list of rules, each respelled; of anything else, itself."""
        if isinstance(node, MapNode) and "rules" in node:
            node = node["rules"]
        if not isinstance(node, ListNode):
            return node
        spelled = ListNode(node.position)
        for item, at in zip(node, node.items_at, strict=True):
            spelled.put(self._rule(item) if isinstance(item, MapNode) else item, at)
        return spelled

    def constraints(self, node: Node, key_at: Position, at: Position) -> MapNode | None:
        """Return the validation that a list of constraints is; None when there is none to check."""
        if not isinstance(node, ListNode):
            self._mistakes.add(at, f"constraints: it must be a list, found {described(node)}")
            return None
        rules = ListNode(at)
        for number, (item, place) in enumerate(zip(node, node.items_at, strict=True), start=1):
            made = self._constraint(item, place, number)
            if made is not None:
                rules.put(made, place)
        return _validation(rules, key_at, at) if rules else None

    def _constraint(self, item: Node, at: Position, number: int) -> MapNode | None:
        kind = item.get("type") if isinstance(item, MapNode) else None
        if not isinstance(item, MapNode) or not isinstance(kind, str):
            self._mistakes.add(at, 'a constraint needs "type"', allowed=_CONSTRAINTS)
            return None
        if kind not in _CONSTRAINTS:
            place = item.values_at["type"]
            self._mistakes.add(place, f"unknown constraint {quoted(kind)}", allowed=_CONSTRAINTS, found=kind)
            return None
        if kind not in {"check", "unique"}:
            self._notes.append(f"constraints: {kind} is read past")
            return None
        made = without(item, "type")
        if "name" not in made:
            add(made, "name", f"{kind}_{number}", at)
        if kind == "unique":
            fields = ", ".join(word for word, _ in _fields_of(item))
            add(made, "rule", f"UNIQUE({fields})", item.values_at["type"])
        return self._rule(made)

    def _rule(self, item: MapNode) -> MapNode:
        copy = without(item, "fields", "columns", *_EXPRESSIONS, *_MESSAGES)
        said = [key for key in _EXPRESSIONS if key in item]
        if said:
            key = said[0]
            copy.put("rule", item.keys_at[key], item[key], item.values_at[key])
        if len(said) > 1:
            self._add_condition(copy, item, said[1])
        for key in _MESSAGES:
            if "message" not in copy:
                moved(copy, item, key, "message")
        self._name_field(copy, item)
        return copy

    def _add_condition(self, copy: MapNode, item: MapNode, key: str) -> None:
        """A rule with a condition holds where the condition does not."""
        rule, condition = copy["rule"], item[key]
        if not isinstance(rule, str) or not isinstance(condition, str):
            return
        fault = expression_fault(condition)
        if fault:
            at = place_in_text(item.values_at[key], condition, fault)
            self._mistakes.add(at, f"{key}: {fault.message}")
        elif expression_fault(rule) is None:
            copy.put("rule", copy.keys_at["rule"], f"NOT ({condition}) OR ({rule})", copy.values_at["rule"])

    def _name_field(self, copy: MapNode, item: MapNode) -> None:
        named = list(_fields_of(item))
        known = {word for word, _ in named}
        named += [(word, at) for word, at in _fields_of_unique(copy) if word not in known]
        for word, at in dict(named[1 if "field" not in copy else 0 :]).items():
            if self._columns.names and word not in self._columns and word != "id":
                message = f"rule {quoted(str(item.get('name')))} is about {quoted(word)}, which is no field"
                self._mistakes.add(at, message, allowed=self._columns.names, found=word)
        if "field" in copy:
            return
        if named:
            add(copy, "field", *named[0])
            return
        rule = next((item[key] for key in _EXPRESSIONS if key in item), None)
        read = fields_read(rule, self._columns.names) if isinstance(rule, str) else ()
        if read:
            add(copy, "field", read[0], copy.values_at["rule"])


def _validation(rules: Node, key_at: Position, at: Position) -> MapNode:
    made = MapNode(at)
    add(made, "name", "validation", key_at)
    made.put("rules", key_at, rules, at)
    return made


def _fields_of(item: MapNode) -> Iterator[tuple[str, Position]]:
    """Yield the fields that a rule says it is about, beside `field`."""
    for key in ("fields", "columns"):
        yield from words_of(item.get(key), item.values_at.get(key, item.position))


def _fields_of_unique(rule: MapNode) -> Iterator[tuple[str, Position]]:
    """Yield the fields that `UNIQUE(a, b)` names; an expression among them is none."""
    text = rule.get("rule")
    match = _UNIQUE.match(text) if isinstance(text, str) else None
    for word in match[1].split(",") if match else ():
        if re.fullmatch(r"\w+", word.strip()):
            yield word.strip(), rule.values_at["rule"]
