"""When a load process looks through its memory: before a round has its instant, not between that and its begin."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import perfengine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


async def look(client: perfengine.Client) -> None:
    """Look."""
    await client.fetchval("SELECT 1")


def callers(frame: FrameType | None) -> Iterator[str]:
    """Yield the names of the functions that are under way."""
    while frame is not None:
        yield frame.f_code.co_name
        frame = frame.f_back


def test_memory_is_settled_before_a_round_is_due(dsn: str) -> None:
    """With the attempts of a large round, or in a large process of the caller's, it takes longer than the head start.

    Then the round began late: attempts that were due in its first instants waited for our own collector, and of a
    closed load the first part of the measured time was empty.
    """
    while_measuring: list[bool] = []

    def note(phase: str, collected: dict[str, int]) -> None:
        if phase == "start" and collected["generation"] == 2:
            while_measuring.append("measure" in callers(sys._getframe()))

    gc.disable()  # those that are asked for are left
    gc.callbacks.append(note)
    try:
        perfengine.run(look, dsn=dsn, iterations=20, warmup="10ms")
    finally:
        gc.callbacks.remove(note)
        gc.enable()
    assert while_measuring
    assert not any(while_measuring)
