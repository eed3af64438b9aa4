"""The randomisation test of paired differences: how often random signs give a mean so far from 0.

Without an effect each difference is as likely to have the other sign. Up to 16 differences all 2^n sign patterns
are counted, beyond that 10 000 drawn ones, with the one that was observed among them.

Sources: R. A. Fisher, "The Design of Experiments" (1935), section 21; E. J. G. Pitman, JRSS Suppl. 4 (1937) 119-130.
For drawn patterns (hits + 1) / (drawn + 1): B. Phipson and G. K. Smyth, SAGMB 9 (2010) 39.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EXACT_UP_TO: Final = 16
DRAWN: Final = 10_000

#: Sums that are equal on paper differ by rounding.
_ROUNDING: Final = 1e-12


def sign_flip_p(differences: Sequence[float], seed: int) -> float:
    """Return the two-sided p value; the seed matters for more than 16 differences only."""
    values = np.asarray(differences, dtype=np.float64)
    least = abs(values.sum()) - _ROUNDING * np.abs(values).sum()
    if len(values) <= EXACT_UP_TO:
        return float((np.abs(_all_sums(values)) >= least).mean())
    flips = np.random.default_rng(seed).integers(0, 2, size=(DRAWN, len(values))) * 2 - 1
    return float((np.count_nonzero(np.abs(flips @ values) >= least) + 1) / (DRAWN + 1))


def _all_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate((sums + value, sums - value))
    return sums
