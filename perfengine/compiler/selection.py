"""Pass: which operations run: all, or those of the mix; of these what `--filter` selects and `--exclude` leaves."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from perfengine.errors import UsageError
from perfengine.model.operation import KIND_ALIASES, Operation

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.entity import NotBuilt


def select_operations(draft: Draft) -> Draft:
    """Return the draft with the selected operations, in benchmark order.

    Raises: UsageError when nothing is left, with all that there is.
    """
    settings = draft.settings
    there = _there(draft)
    selected = tuple(
        operation
        for operation in there
        if not (draft.read_only and operation.writes)
        and _is_asked_for(operation, draft)
        and not any(matches(pattern, operation) for pattern in settings.excludes)
    )
    if there and not selected:
        raise UsageError(_nothing(draft))
    of_mix = " of the mix" if draft.weights else ""
    notes = [
        f'{option} "{pattern}" matches no operation{of_mix}'
        for option, patterns in (("--filter", settings.filters), ("--exclude", settings.excludes))
        for pattern in patterns
        if there and not any(matches(pattern, operation) for operation in there)
    ]
    return replace(draft, selected=selected, notes=(*draft.notes, *notes))


def _there(draft: Draft) -> tuple[Operation, ...]:
    """Return what there is to select from: the operations of the mix, where it names any."""
    if not draft.weights:
        return draft.operations
    return tuple(operation for operation in draft.operations if operation.name in draft.weights)


def matches(pattern: str, operation: Operation) -> bool:
    """Return whether a glob, or a word without wildcards, means the operation.

    Globs are matched against full id, name and kind; upper and lower case differ. A word may be an alias too.
    """
    return _names(pattern, operation) or any(
        fnmatchcase(text, pattern) for text in (operation.full_id, operation.name, operation.kind)
    )


def _names(pattern: str, operation: Operation) -> bool:
    """Return whether the pattern is one of the operation's own words, letter by letter."""
    words = (operation.full_id, operation.name, operation.kind, *operation.aliases)
    return pattern in words or KIND_ALIASES.get(pattern) is operation.kind


def _is_asked_for(operation: Operation, draft: Draft) -> bool:
    filters = draft.settings.filters
    if operation.optional and operation.name not in draft.weights:
        return any(_names(pattern, operation) for pattern in filters)
    return not filters or any(matches(pattern, operation) for pattern in filters)


def _nothing(draft: Draft) -> str:
    asked = [
        *(f"--filter {pattern}" for pattern in draft.settings.filters),
        *(f"--exclude {pattern}" for pattern in draft.settings.excludes),
    ]
    if draft.read_only:
        asked.append("--read-only")
    lines = [f"nothing to run: {' '.join(asked)} selects none of these operations"]
    for operation in _there(draft):
        optional = operation.optional and operation.name not in draft.weights
        when = " (runs only when a filter or a mix names it)" if optional else ""
        writes = " (writes)" if draft.read_only and operation.writes else ""
        lines.append(f"   {operation.full_id} [{operation.kind}]{writes}{when}")
    lines += [f"   {one.name} is not built: {one.reason}" for one in draft.not_built if _is_meant(one, draft)]
    return "\n".join(lines)


def _is_meant(one: NotBuilt, draft: Draft) -> bool:
    """Return whether a filter would select what is missing, if it were there."""
    word = one.name.removeprefix("action ")
    return any(fnmatchcase(word, pattern) for pattern in draft.settings.filters)
