"""The state of the server before a load: what `--stabilise` does, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.database.connect import in_plain_words
from perfengine.database.stabilise import stabilise
from perfengine.model.stabilising import StabilisingStep

if TYPE_CHECKING:
    from perfengine.engine.filled import Filled


async def stabilise_before(repeat: int, filled: Filled) -> list[StabilisingStep]:
    """Return what was done before a repeat of the load, in order. Raises: TargetError when the server is lost."""
    if filled.schema is None:
        return []  # existing tables are left as they are
    with in_plain_words(filled.address):
        taken = await stabilise(filled.connection, filled.schema)
    return [
        StabilisingStep(step=step, repeat=repeat, took_s=took_s, done=done, detail=detail)
        for step, took_s, done, detail in taken
    ]
