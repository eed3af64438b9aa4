"""The seeded values of tests that use some and are not about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.draws import Draws

if TYPE_CHECKING:
    from perfengine.custom.draw import DrawOf


def draw_of(stream: str) -> DrawOf:
    """Return the values of a stream, by the number of the attempt."""
    return Draws(42, stream).at
