"""Pass: which operations run: those that `--filter` selects and `--exclude` leaves."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from perfengine.errors import UsageError
from perfengine.model.operation import KIND_ALIASES, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.compiler.draft import Draft


def select_operations(draft: Draft) -> Draft:
    """Return the draft with the selected operations, in benchmark order.

    Raises: UsageError when nothing is left, with all that there is.
    """
    settings = draft.settings
    selected = tuple(
        operation
        for operation in draft.operations
        if _is_asked_for(operation, settings.filters)
        and not any(matches(pattern, operation) for pattern in settings.excludes)
    )
    if draft.operations and not selected:
        raise UsageError(_nothing(draft))
    notes = [
        f'{option} "{pattern}" matches no operation'
        for option, patterns in (("--filter", settings.filters), ("--exclude", settings.excludes))
        for pattern in patterns
        if draft.operations and not any(matches(pattern, operation) for operation in draft.operations)
    ]
    return replace(draft, selected=selected, notes=(*draft.notes, *notes))


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


def _is_asked_for(operation: Operation, filters: Sequence[str]) -> bool:
    if operation.optional:
        return any(_names(pattern, operation) for pattern in filters)
    return not filters or any(matches(pattern, operation) for pattern in filters)


def _nothing(draft: Draft) -> str:
    asked = [
        *(f"--filter {pattern}" for pattern in draft.settings.filters),
        *(f"--exclude {pattern}" for pattern in draft.settings.excludes),
    ]
    lines = [f"nothing to run: {' '.join(asked)} selects none of these operations"]
    for operation in draft.operations:
        when = " (runs only when a filter names it)" if operation.optional else ""
        lines.append(f"   {operation.full_id} [{operation.kind}]{when}")
    return "\n".join(lines)
