"""Which operations a limit speaks of: an exact name wins over an alias, an alias over a kind."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from perfengine.model.mistake import Mistake
from perfengine.model.operation import KIND_ALIASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.entity import NotBuilt
    from perfengine.model.operation import Operation
    from perfengine.model.requirement import Requirement
    from perfengine.model.summary import OperationSummary

#: Why a limit has no data: it names nothing, or something that was not run.
UNNAMED: Final = "no operation, alias or kind is called that"
NOT_RUN: Final = "the operation was not run"


def resolve(subject: str, operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """Return the operations that `subject` names, in their order; several share a kind. Empty: it names nothing."""
    readings = (
        lambda operation: subject in {operation.name, operation.full_id},
        lambda operation: subject in operation.aliases,
        lambda operation: KIND_ALIASES.get(subject, subject) == operation.kind,
    )
    for names in readings:
        if named := tuple(operation for operation in operations if names(operation)):
            return named
    return ()


def named_here(
    subject: str, operations: Sequence[OperationSummary], available: Sequence[Operation]
) -> tuple[Operation, ...]:
    """Return what `subject` names among all that was compiled, run or not.

    An operation that only runs on request is left out when it did not run and something else answers to the name.
    """
    named = resolve(subject, available)
    run = {summary.operation.name for summary in operations}
    return tuple(operation for operation in named if operation.name in run or not operation.optional) or named


def check_internal_subjects(
    requirements: Sequence[Requirement], operations: Sequence[Operation], not_built: Sequence[NotBuilt] = ()
) -> tuple[Mistake, ...]:
    """Return a mistake for every requirement of the scenario itself that names no compiled operation.

    Of one that is among `not_built` it says why there is none.
    """
    reasons = {one.name.removeprefix("action "): one.reason for one in not_built}
    return tuple(
        _missing(requirement, requirement.subject, reasons[requirement.subject])
        if requirement.subject in reasons
        else _unknown(requirement, requirement.subject, operations)
        for requirement in requirements
        if requirement.internal and requirement.subject and not resolve(requirement.subject, operations)
    )


def _missing(requirement: Requirement, subject: str, reason: str) -> Mistake:
    message = f'the requirement names "{subject}", which is not built: {reason}'
    return Mistake(position=requirement.position, message=message)


def _unknown(requirement: Requirement, subject: str, operations: Sequence[Operation]) -> Mistake:
    allowed = _nameable(operations)
    close = get_close_matches(subject, allowed, n=1)
    return Mistake(
        position=requirement.position,
        message=f'the requirement names "{subject}", which is no operation, alias or kind',
        allowed=allowed,
        suggestion=close[0] if close else None,
    )


def _nameable(operations: Sequence[Operation]) -> tuple[str, ...]:
    """Return the names, then the aliases, then the kinds of the operations, each once."""
    names = [operation.name for operation in operations]
    aliases = [alias for operation in operations for alias in operation.aliases]
    kinds = [operation.kind.value for operation in operations]
    other_words = [word for word, kind in KIND_ALIASES.items() if kind in kinds]
    return tuple(dict.fromkeys(names + aliases + kinds + other_words))
