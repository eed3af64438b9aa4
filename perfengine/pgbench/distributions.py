"""The random functions of pgbench.

Sources: PostgreSQL, src/bin/pgbench/pgbench.c (`getrand`, `getExponentialRand`, `getGaussianRand`,
`computeIterativeZipfian`), and for the last Devroye, "Non-Uniform Random Variate Generation" (1986), p. 550.
"""

from __future__ import annotations

from math import exp, floor, inf, log
from typing import TYPE_CHECKING, Final

from perfengine.pgbench.values import MOST, ScriptError

if TYPE_CHECKING:
    from perfengine.pgbench.prng import Prng

LEAST_GAUSSIAN: Final = 2.0
LEAST_ZIPFIAN: Final = 1.001
MOST_ZIPFIAN: Final = 1000.0


def check_range(low: int, high: int) -> None:
    """Raises: ScriptError for a range that is empty, or wider than a bigint can say."""
    if low > high:
        raise ScriptError(f"random has an empty range: {low} to {high}")
    if high - low + 1 > MOST:
        raise ScriptError(f"random has too large a range: {low} to {high}")


def exponential(random: Prng, low: int, high: int, parameter: float) -> int:
    """Return an integer in `low`..`high`, smaller ones more often. Raises: ScriptError."""
    if not parameter > 0:
        raise ScriptError(f"the parameter of random_exponential is above 0, not {parameter:g}")
    cut = exp(-parameter)
    uniform = 1.0 - random.share()
    return low + int((high - low + 1) * (-log(cut + (1.0 - cut) * uniform) / parameter))


def gaussian(random: Prng, low: int, high: int, parameter: float) -> int:
    """Return an integer in `low`..`high`, the middle more often. Raises: ScriptError."""
    if not LEAST_GAUSSIAN <= parameter < inf:
        raise ScriptError(f"the parameter of random_gaussian is at least 2, and finite, not {parameter:g}")
    while not -parameter <= (deviate := random.normal()) < parameter:
        pass
    return low + int((high - low + 1) * ((deviate + parameter) / (parameter * 2.0)))


def zipfian(random: Prng, low: int, high: int, s: float) -> int:
    """Return an integer in `low`..`high`, the k-th with a share of k^-s. Raises: ScriptError."""
    if not LEAST_ZIPFIAN <= s <= MOST_ZIPFIAN:
        raise ScriptError(f"the parameter of random_zipfian is in 1.001 to 1000, not {s:g}")
    count = high - low + 1
    if count <= 1:
        return low
    b = 2.0 ** (s - 1.0)
    while True:
        u, v = random.share(), random.share()
        x = _tail(u, s)
        if x > count:
            continue
        t = (1.0 + 1.0 / x) ** (s - 1.0)
        if v * x * (t - 1.0) / (b - 1.0) <= t / b:
            return low - 1 + int(x)


def _tail(u: float, s: float) -> float:
    """Return u^(-1/(s-1)), cut to a whole number; without an end where it is too large."""
    try:
        return float(floor(u ** (-1.0 / (s - 1.0))))
    except (OverflowError, ZeroDivisionError):
        return inf
