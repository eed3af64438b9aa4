"""Where a run came to rest: MSER-5 on its seconds, and two gates for what it does not see.

The series is of one-second means of the response, or of attempts a second; it is judged by its logarithms. A drift of
more than 5 %, and thirds of the kept part that differ by more than 10 %, are no steady state. The drift is that of
the kept part; and that of the whole run where a straight line describes it about as well as a level does the kept
part. For MSER cuts a drift as if it were settling, and half of a drift may be too little to see, while settling that
is over lies on no line. Seconds are cut from the beginning only; where no steady state was found nothing is cut.
"""

from __future__ import annotations

from math import expm1, log
from typing import TYPE_CHECKING, Final

from perfengine.model.stability import Steadiness, SteadyState
from perfengine.stats.mser import BATCH, LEAST_BATCHES, batch_means, range_of_thirds, trend, truncation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

DRIFT_LIMIT: Final = 0.05
THIRDS_LIMIT: Final = 0.10
CONFIDENCE: Final = 0.99

#: The variance around the line of the whole run, at most, over that around the level of the kept part.
_AS_GOOD: Final = 1.5


def find_steady_state(per_second: Sequence[float]) -> SteadyState:
    """Return where the series, one value above 0 a second, came to rest."""
    means = batch_means([log(value) for value in per_second])
    seconds = len(per_second)
    if len(means) < LEAST_BATCHES:
        return SteadyState(
            steadiness=Steadiness.TOO_SHORT,
            cut_s=0,
            kept_s=seconds,
            detail=f"needs {LEAST_BATCHES * BATCH} s, has {seconds}",
        )
    cut = truncation(means)
    if cut is None:
        return SteadyState(
            steadiness=Steadiness.NOT_STEADY,
            cut_s=0,
            kept_s=seconds,
            detail="was settling for half of its time",
        )
    return _judge(means, means[cut:], seconds)


def _judge(means: NDArray[np.float64], kept: NDArray[np.float64], seconds: int) -> SteadyState:
    drift, thirds = _drift(means, kept), expm1(range_of_thirds(kept))
    if drift is not None and abs(drift) > DRIFT_LIMIT:
        found, detail = Steadiness.DRIFTING, f"changed by {drift:+.1%} from begin to end"
    elif thirds > THIRDS_LIMIT:
        found, detail = Steadiness.UNSTABLE, f"its thirds differ by {thirds:.1%}"
    else:
        found, detail = Steadiness.STEADY, ""
    cut_s = (len(means) - len(kept)) * BATCH if found is Steadiness.STEADY else 0
    return SteadyState(
        steadiness=found,
        cut_s=cut_s,
        kept_s=seconds - cut_s,
        drift=drift,
        thirds=thirds,
        detail=detail,
    )


def _drift(means: NDArray[np.float64], kept: NDArray[np.float64]) -> float | None:
    """Return the relative change, the larger of the two, of those that are certain; None without any."""
    whole, part = trend(means, CONFIDENCE), trend(kept, CONFIDENCE)
    if whole and whole.variance > _AS_GOOD * float(kept.var(ddof=1)):
        whole = None
    certain = [expm1(line.drift) for line in (whole, part) if line and line.is_certain]
    return max(certain, key=abs, default=None)
