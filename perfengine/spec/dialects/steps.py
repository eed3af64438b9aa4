"""The steps of an action: what it validates, and what its updates set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.updates import constant_text, parse_update
from perfengine.spec.mistakes import Mistakes, quoted
from perfengine.spec.text.tree import ListNode, MapNode, described

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.spec.text.tree import Node

#: The words that a step begins with. The first four say what a transition is made of.
STEP_WORDS: Final = (
    "validate",
    "update",
    "if",
    "when",
    "call",
    "call_function",
    "call_service",
    "declare",
    "delete",
    "duplicate_check",
    "error",
    "fetch",
    "find",
    "for_each",
    "foreach",
    "insert",
    "let",
    "notify",
    "partial_update",
    "query",
    "raise",
    "raw_sql",
    "refresh_table_view",
    "reject",
    "return",
    "select",
    "set",
    "switch",
    "while",
)
#: Keys beside such a word.
_BESIDE: Final = (
    "args",
    "arguments",
    "as",
    "cases",
    "condition",
    "data",
    "do",
    "else",
    "entity",
    "error_code",
    "error_message",
    "fields",
    "from",
    "in",
    "into",
    "message",
    "name",
    "params",
    "result",
    "returning",
    "status",
    "steps",
    "store",
    "table",
    "then",
    "to",
    "type",
    "value",
    "values",
    "where",
    "with",
)
_CONDITIONS: Final = ("validate", "if", "when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition as written, and where."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """`update: Order SET status = 'paid', paid_at = now()`, under the conditions before it."""

    entity: str
    sets: tuple[tuple[str, str | None], ...]  #: column and its constant text; None: another value
    conditions: tuple[Condition, ...]
    position: Position


@dataclass(slots=True)
class Steps:
    """What the steps of one action do."""

    conditions: list[Condition] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    words: dict[str, None] = field(default_factory=dict)  #: the words of all steps, in order


def read_steps(node: Node, at: Position, mistakes: Mistakes) -> Steps:
    """Return what the steps do; a step that no word of ours begins is a mistake."""
    steps = Steps()
    if node is not None:
        _read(node, at, steps, mistakes, ())
    return steps


def _read(
    node: Node, at: Position, steps: Steps, mistakes: Mistakes, under: tuple[Condition, ...]
) -> tuple[Condition, ...]:
    """Read a list of steps; return the conditions that hold after it."""
    if not isinstance(node, ListNode):
        mistakes.add(at, f"steps: it must be a list, found {described(node)}")
        return under
    for item, place in zip(node, node.items_at, strict=True):
        if not isinstance(item, MapNode):
            mistakes.add(place, f'a step is a mapping such as "validate: total > 0", found {described(item)}')
            continue
        under = _step(item, steps, mistakes, under)
    return under


def _step(
    item: MapNode, steps: Steps, mistakes: Mistakes, under: tuple[Condition, ...]
) -> tuple[Condition, ...]:
    for key in item:
        if key not in STEP_WORDS and key not in _BESIDE:
            mistakes.add(item.keys_at[key], f"unknown step {quoted(key)}", allowed=STEP_WORDS, found=key)
    steps.words |= dict.fromkeys(key for key in item if key in STEP_WORDS)
    own = tuple(
        Condition(text=" ".join(text.split()), position=item.values_at[key])
        for key in _CONDITIONS
        if isinstance(text := item.get(key), str)
    )
    if "update" in item:
        _update(item, steps, (*under, *own))
    for key in ("then", "else"):
        if key in item:
            _read(item[key], item.values_at[key], steps, mistakes, (*under, *own) if key == "then" else under)
    if "validate" in item:
        steps.conditions += own
        return (*under, *own)
    return under


def _update(item: MapNode, steps: Steps, under: tuple[Condition, ...]) -> None:
    written, at = item["update"], item.values_at["update"]
    entity, sets = "", tuple[tuple[str, str | None], ...]()
    if isinstance(written, str):
        entity, sets = parse_update(written)
    elif isinstance(written, MapNode):
        entity = str(written.get("entity") or written.get("table") or "")
        sets = _set_below(written)
    steps.updates.append(Update(entity=entity, sets=sets or _set_below(item), conditions=under, position=at))


def _set_below(node: MapNode) -> tuple[tuple[str, str | None], ...]:
    values = node.get("set") or node.get("fields") or node.get("values")
    if not isinstance(values, MapNode):
        return ()
    return tuple((key, constant_text(value)) for key, value in values.items())
