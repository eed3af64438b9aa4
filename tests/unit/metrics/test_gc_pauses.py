"""How long the garbage collector held everything up, by its own word."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from perfengine.metrics.gc_pauses import GcPauses
from tests.doubles.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_collection_of_its_own() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_each_collection_is_a_pause() -> None:
    """From the begin of it to its end; here the clock moves while it goes on."""
    clock = FakeClock()

    def pass_time(phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            clock.advance(700)

    with GcPauses(clock) as pauses:
        gc.callbacks.append(pass_time)
        try:
            gc.collect()
            gc.collect()
        finally:
            gc.callbacks.remove(pass_time)
    assert list(pauses.pauses_ns) == [700, 700]


def test_nothing_is_noted_outside_the_block() -> None:
    """Neither before nor after, and nothing is left behind in the collector."""
    before = list(gc.callbacks)
    pauses = GcPauses(FakeClock())
    gc.collect()
    with pauses:
        assert len(gc.callbacks) == len(before) + 1
    gc.collect()
    assert list(pauses.pauses_ns) == []
    assert gc.callbacks == before
