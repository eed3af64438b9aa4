"""How long a user thinks between two attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perfengine.model.load import Spread
from perfengine.pacing.draws import exponentials, uniforms

if TYPE_CHECKING:
    from perfengine.model.load import ThinkTime


def think_times_ns(think: ThinkTime, *, seed: int, stream: str, first: int, count: int) -> list[int]:
    """Return the pauses number `first` to `first + count - 1` of a stream; each depends on its number alone.

    A uniform one lies in `low_ns`..`high_ns`, both included; an exponential one is at most 36.7 means.
    """
    if think.spread is Spread.CONSTANT:
        return [think.mean_ns] * count
    if think.spread is Spread.EXPONENTIAL:
        pauses_ns = np.rint(think.mean_ns * exponentials(seed, stream, first, count))
    else:
        span = think.high_ns - think.low_ns + 1
        pauses_ns = think.low_ns + np.floor(span * uniforms(seed, stream, first, count))
    return [int(pause_ns) for pause_ns in pauses_ns.tolist()]
