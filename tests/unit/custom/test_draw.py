"""What an operation draws from is what `datagen` gives: the type checker compares the two, and so do we."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from perfengine.custom.draw import Draw
from perfengine.datagen.draws import AttemptDraws, Draws

if TYPE_CHECKING:
    from perfengine.custom.draw import DrawOf


def test_all_values_are_promised_and_given() -> None:
    """Neither side has a method that the other does not know."""
    draw_of: DrawOf = Draws(1, "stream").at
    assert isinstance(draw_of(0), AttemptDraws)
    promised, given = (
        {
            name: [*inspect.signature(method).parameters]
            for name, method in vars(one).items()
            if name.islower() and not name.startswith("_")
        }
        for one in (Draw, AttemptDraws)
    )
    assert promised == given
