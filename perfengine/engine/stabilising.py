"""The state of the server before a load: what `--stabilise` does, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.database.connect import in_plain_words
from perfengine.database.stabilise import stabilise
from perfengine.model.stabilising import StabilisingStep

if TYPE_CHECKING:
    from perfengine.engine.fill import FilledSandbox


async def stabilise_before(repeat: int, filled: FilledSandbox) -> list[StabilisingStep]:
    """Return what was done before a repeat of the load, in order. Raises: TargetError when the server is lost."""
    with in_plain_words(filled.address):
        taken = await stabilise(filled.connection, filled.sandbox.schema)
    return [
        StabilisingStep(step=step, repeat=repeat, took_s=took_s, done=done, detail=detail)
        for step, took_s, done, detail in taken
    ]
