"""How long the garbage collector held everything up."""

from __future__ import annotations

import gc
from array import array
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from perfengine.ports.clock import Clock


class GcPauses:
    """Collects the lengths of collections in ns while its block lasts; costs nothing between collections."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_ns = 0
        self.pauses_ns = array("q")

    def __enter__(self) -> Self:
        gc.callbacks.append(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        gc.callbacks.remove(self._note)

    def _note(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began_ns = self._clock()
        else:
            self.pauses_ns.append(self._clock() - self._began_ns)
