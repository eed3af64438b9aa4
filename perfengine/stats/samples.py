"""How many samples a statement needs before it may be judged.

A limit on the `q` quantile can only be called held when some sample is likely to lie above the quantile: the largest
of n independent values does so with probability 1 - q^n. Asking for 95 % gives n >= ln 0.05 / ln q.

Source: S. S. Wilks, "Determination of sample sizes for setting tolerance limits", Annals of Mathematical Statistics
12 (1941) 91-96: the one-sided, distribution-free case.
"""

from __future__ import annotations

from math import ceil, log
from typing import Final

CONFIDENCE: Final = 0.95

#: For a mean, an extreme, a spread, a rate or a ratio: fewer values show nothing but themselves.
MINIMUM_SAMPLES: Final = 5


def samples_for_quantile(q: float) -> int:
    """Return how many samples a limit on the `q` quantile needs, 0 < q < 1: 0.5 5, 0.9 29, 0.95 59, 0.99 299.

    Raises: ValueError when q is outside.
    """
    if not 0 < q < 1:
        raise ValueError(f"a quantile lies between 0 and 1, got {q}")
    return ceil(log(1 - CONFIDENCE) / log(q))


def is_weak(q: float, samples: int) -> bool:
    """Return whether `samples` are too few to speak of the `q` quantile."""
    return samples < samples_for_quantile(q)
