"""Pass: every name means one operation. An exact name beats an alias; what stays ambiguous gets its full id."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.compiler.draft import Draft
    from perfengine.model.operation import Operation


def resolve_names(draft: Draft) -> Draft:
    """Return the draft with distinct names, and aliases that name one operation each.

    Raises: PlanError when even full ids are the same.
    """
    operations, name_notes = _name_apart(draft.operations)
    operations, alias_notes = _settle_aliases(operations)
    return replace(draft, operations=operations, notes=(*draft.notes, *name_notes, *alias_notes))


def _name_apart(operations: Sequence[Operation]) -> tuple[tuple[Operation, ...], list[str]]:
    """Return operations with those of one name named by their full id."""
    clashing = [name for name, count in Counter(op.name for op in operations).items() if count > 1]
    renamed = tuple(replace(op, name=op.full_id) if op.name in clashing else op for op in operations)
    twice = [name for name, count in Counter(op.name for op in renamed).items() if count > 1]
    if twice:
        raise PlanError(
            "\n".join(
                f'two operations would be called "{name}": rename a trigger, a rule or an operation of your own'
                for name in twice
            )
        )
    notes = [
        f'"{name}" would name {_listed(op.full_id for op in operations if op.name == name)}:'
        " each is called by its full id"
        for name in clashing
    ]
    return renamed, notes


def _settle_aliases(operations: Sequence[Operation]) -> tuple[tuple[Operation, ...], list[str]]:
    names = {op.name for op in operations}
    uses = Counter(alias for op in operations for alias in op.aliases)
    settled = tuple(
        replace(op, aliases=tuple(a for a in op.aliases if a not in names and uses[a] == 1))
        for op in operations
    )
    notes = []
    for alias, count in uses.items():
        users = _listed(op.name for op in operations if alias in op.aliases)
        if alias in names:
            notes.append(f'"{alias}" means the operation of that name, and not {users}')
        elif count > 1:
            notes.append(f'"{alias}" could mean {users}: it means none of them')
    return settled, notes


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)
