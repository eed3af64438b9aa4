"""The spellings of state machines to one: a list of transitions with triggers, and their states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.spec.dialects.columns import STATE_FIELDS
from perfengine.spec.dialects.making import add, copied, listed, words_of
from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.mistake import Position
    from perfengine.spec.dialects.columns import Columns
    from perfengine.spec.text.tree import Node

_ANY: Final = "any"


def spell_machine(
    node: MapNode, moves: Sequence[tuple[MapNode, Position]], columns: Columns, column: str | None
) -> MapNode:
    """Return a state machine with its transitions as a list, those of actions after its own.

    States that it does not name are those of its column, else of its transitions; the initial state is the
    default of the column, else the first. A list of transitions with triggers names its own.
    """
    copy = copied(node)
    written = node.get("transitions")
    own = list(_transitions(written)) if written is not None else []
    if "field" not in copy and column is not None and column not in STATE_FIELDS:
        add(copy, "field", column, node.position)
    field = copy.get("field")
    name = field if isinstance(field, str) else columns.usual_state
    at = node.values_at.get("transitions", node.position)
    if moves or isinstance(written, MapNode) or own != _plain(written):
        copy.put("transitions", at, listed((*own, *moves), at), at)
        _name_states(copy, written, columns, name, at)
    else:
        _name_known_states(copy, columns, name, at)
    return copy


def _plain(written: Node) -> list[tuple[Node, Position]]:
    if not isinstance(written, ListNode):
        return []
    return list(zip(written, written.items_at, strict=True))


def _transitions(written: Node) -> Iterator[tuple[Node, Position]]:
    if isinstance(written, MapNode):
        for key, value in written.items():
            yield from _of_key(written, key, value)
    elif isinstance(written, ListNode):
        for item, at in zip(written, written.items_at, strict=True):
            yield from _of_item(item, at)


def _of_key(written: MapNode, key: str, value: Node) -> Iterator[tuple[Node, Position]]:
    """Yield the transition of a trigger, or those that lead away from a state."""
    key_at, at = written.keys_at[key], written.values_at[key]
    if isinstance(value, MapNode):
        made = copied(value)
        if "trigger" not in made:
            add(made, "trigger", key, key_at)
        yield made, at
        return
    for target, place in words_of(value, at):
        yield _move(key, key_at, target, place), place


def _of_item(item: Node, at: Position) -> Iterator[tuple[Node, Position]]:
    """Yield a transition as it is, or one of a pair of states."""
    words = words_of(item, at) if isinstance(item, ListNode) else []
    if isinstance(item, ListNode) and len(item) == len(words) == 2:
        (source, source_at), (target, target_at) = words
        yield _move(source, source_at, target, target_at), at
    else:
        yield item, at


def _move(source: str, source_at: Position, target: str, target_at: Position) -> MapNode:
    move = MapNode(source_at)
    add(move, "from", source, source_at)
    add(move, "to", target, target_at)
    add(move, "trigger", f"to_{target}", target_at)
    return move


def _name_states(machine: MapNode, written: Node, columns: Columns, column: str | None, at: Position) -> None:
    states = list(columns.values(column)) or list(_mentioned(machine, written))
    if "states" not in machine and states:
        machine.put("states", at, listed(states, at), at)
    default = columns.default(column)
    if "initial_state" not in machine and (default or states or machine.get("states")):
        add(machine, "initial_state", default or _first(machine.get("states")), at)


def _name_known_states(machine: MapNode, columns: Columns, column: str | None, at: Position) -> None:
    """Take what an enumeration says, for a list of transitions that leaves it to that."""
    if "states" not in machine and columns.values(column):
        machine.put("states", at, listed(columns.values(column), at), at)
    if "initial_state" not in machine and (default := columns.default(column)):
        add(machine, "initial_state", default, at)


def _first(states: Node) -> str | None:
    items = states if isinstance(states, ListNode) else []
    names = (item.get("name") if isinstance(item, MapNode) else item for item in items)
    return next((name for name in names if isinstance(name, str)), None)


def _mentioned(machine: MapNode, written: Node) -> Iterator[tuple[str, Position]]:
    """Yield every state that a transition speaks of, once each, with the first place of each."""
    found: dict[str, Position] = {}
    if isinstance(written, MapNode) and not any(isinstance(value, MapNode) for value in written.values()):
        for key in written:  # states that nothing leads away from are named there too
            found.setdefault(key, written.keys_at[key])
    transitions = machine["transitions"]
    for item in transitions if isinstance(transitions, ListNode) else []:
        if isinstance(item, MapNode):
            for key in ("from", "to"):
                for state, place in words_of(item.get(key), item.values_at.get(key, item.position)):
                    if state != _ANY:
                        found.setdefault(state, place)
    yield from found.items()
