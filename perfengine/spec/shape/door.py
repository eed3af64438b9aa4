"""The door: a node read through a `Part`, each error turned into a mistake at its place.

pydantic gives nothing when one leaf is wrong. So that the rest of a document can still be checked, wrong pieces are
taken out and the remainder is read again, silently, until it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from perfengine.spec.text.tree import ListNode, MapNode, described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from perfengine.model.mistake import Position
    from perfengine.spec.shape.part import Part, Reading
    from perfengine.spec.text.tree import Node

PartT = TypeVar("PartT", bound="Part")
Path = tuple[str | int, ...]

_EXPECTED: Final = {
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
}
#: What to write where something else was found.
_EXAMPLES: Final = {
    ("fields", "a mapping"): "write name: type lines, such as id: uuid",
    ("patterns", "a list"): 'write "- name: state_machine" with its keys beside the name',
    ("transitions", "a list"): 'write "- {from: pending, to: confirmed, trigger: confirm}"',
    ("requirements", "a list"): 'write "- {operation: order_confirm, target_p95: 200ms}"',
    ("requirements", "a mapping"): "write groups of operations, such as api: {order_create: {p95: 200ms}}",
    ("data_sets", "a list"): 'write "- {name: small, orders: 100}"',
    ("reports", "a list"): 'write "- format: json"',
    (
        "service_level_agreements",
        "a mapping",
    ): 'write tiers, such as critical: with "- operation: order_create"',
}


def read_part(part: type[PartT], root: MapNode, reading: Reading) -> PartT | None:
    """Return what of `root` can be read as `part`, every mistake noted; None when nothing is left."""
    node: Node = root
    context: Reading | None = reading
    while isinstance(node, MapNode):
        try:
            return part.model_validate(node, context=context)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
        if context is not None:
            for detail in errors:
                _note(detail, node, context)
        node = _without(node, (), {_doomed(detail, node) for detail in errors})
        context = None
    return None


def _path(location: Sequence[str | int], root: MapNode) -> Path:
    """Return the keys and indexes of `location` that exist; pydantic adds tags that do not."""
    node: Node = root
    path: list[str | int] = []
    for step in location:
        if (isinstance(node, MapNode) and isinstance(step, str) and step in node) or (
            isinstance(node, ListNode) and isinstance(step, int)
        ):
            node = _child(node, step)
            path.append(step)
    return tuple(path)


def _child(node: Node, step: str | int) -> Node:
    if isinstance(node, MapNode):
        return node[str(step)]
    return node[int(step)] if isinstance(node, ListNode) else None


def _doomed(detail: ErrorDetails, root: MapNode) -> Path:
    return _path(detail["loc"], root)


def _note(detail: ErrorDetails, root: MapNode, reading: Reading) -> None:
    if detail["type"] == "missing":
        return  # the part has noted it, in its own words
    context = detail.get("ctx", {})
    path = _path((*detail["loc"], *([] if context.get("at") is None else [context["at"]])), root)
    on_key = detail["loc"][-1:] == ("[key]",)
    found, position = _find(root, path, on_key=on_key)
    if detail["type"] == "wording":
        _note_wording(context, path, position, reading)
        return
    expected, key = _EXPECTED[detail["type"]], _last_key(path)
    subject = "each item" if path and isinstance(path[-1], int) else "it"
    example = _EXAMPLES.get((key, expected if subject == "it" else "a list"))
    message = f"{key}: {subject} must be {expected}, found {described(found)}"
    reading.mistakes.add(position, f"{message}: {example}" if example else message)


def _note_wording(context: dict[str, Any], path: Path, position: Position, reading: Reading) -> None:
    message = context["message"] if context["whole"] else f"{_last_key(path)}: {context['message']}"
    reading.mistakes.add(
        position,
        message,
        allowed=context["allowed"],
        found=context["found"],
        synonyms=context["synonyms"],
    )


def _last_key(path: Path) -> str:
    keys = [step for step in path if isinstance(step, str)]
    return keys[-1] if keys else "the document"


def _find(root: MapNode, path: Path, *, on_key: bool) -> tuple[Node, Position]:
    node: Node = root
    position = root.position
    for step in path:
        if isinstance(node, MapNode):
            position = (node.keys_at if on_key else node.values_at)[str(step)]
        elif isinstance(node, ListNode):
            position = node.items_at[int(step)]
        node = _child(node, step)
    return node, position


def _without(node: Node, path: Path, doomed: set[Path]) -> Node:
    """Return a copy of `node` without the pieces at `doomed`; None when it is one of them itself."""
    if path in doomed:
        return None
    if isinstance(node, MapNode):
        kept = MapNode(node.position, origin=node.origin)
        for key, value in node.items():
            if (*path, key) not in doomed:
                kept.put(key, node.keys_at[key], _without(value, (*path, key), doomed), node.values_at[key])
        return kept
    if isinstance(node, ListNode):
        items = ListNode(node.position)
        for index, value in enumerate(node):
            if (*path, index) not in doomed:
                items.put(_without(value, (*path, index), doomed), node.items_at[index])
        return items
    return node
