"""Pass: which operations a mix is made of, and how much each of them weighs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.mistakes import unknown_word
from perfengine.model.mistake import Mistake
from perfengine.model.workload import Mode

if TYPE_CHECKING:
    from perfengine.compiler.draft import Draft
    from perfengine.model.operation import Operation
    from perfengine.model.workload import MixShare


def weigh_mix(draft: Draft) -> Draft:
    """Return the draft with the weights of `mix:`, by operation name, and the mistakes in it.

    Without `mix:` there are none: then every selected operation takes part.
    """
    shares = draft.scenario.workload.mix
    if draft.mode is not Mode.MIX:
        notes = ("mode: benchmark runs each operation alone: the weights of mix are not used",)
        return replace(draft, notes=(*draft.notes, *notes)) if shares else draft
    named: dict[str, MixShare] = {}
    mistakes: list[Mistake] = []
    for share in shares:
        operation = _named(draft, share.name)
        if operation is None:
            mistakes += _unknown(draft, share)
        elif operation.name in named:
            mistakes.append(_repeated(share, named[operation.name], operation))
        elif share.weight <= 0:
            message = f"{share.name} weighs {share.weight:g}: a weight is above 0"
            mistakes.append(Mistake(position=share.position, message=message))
        else:
            named[operation.name] = share
    weights = {name: share.weight for name, share in named.items()}
    return replace(draft.finding(mistakes), weights=weights)


def _named(draft: Draft, word: str) -> Operation | None:
    """Return the operation that a word means: an exact name beats a full id, and that an alias."""
    by_word = {alias: operation for operation in draft.operations for alias in operation.aliases}
    by_word |= {operation.full_id: operation for operation in draft.operations}
    by_word |= {operation.name: operation for operation in draft.operations}
    return by_word.get(word)


def _unknown(draft: Draft, share: MixShare) -> list[Mistake]:
    if any(own.name == share.name for own in draft.scenario.workload.operations):
        return []  # it is there, with mistakes of its own
    names = [operation.name for operation in draft.operations]
    return [unknown_word(share.position, "operation", share.name, names)]


def _repeated(share: MixShare, first: MixShare, operation: Operation) -> Mistake:
    message = f'"{share.name}" means {operation.name}, which "{first.name}" named already: one weight each'
    return Mistake(position=share.position, message=message)
