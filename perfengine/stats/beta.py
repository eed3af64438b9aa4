"""The incomplete beta function as far as Student's t needs it: with one parameter of 1/2.

Sources: DLMF 8.17.22, the continued fraction, evaluated as W. J. Lentz does (Applied Optics 15 (1976) 668-671); DLMF
5.11.13 for the ratio of two gamma functions.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p, pi, sqrt
from typing import Final

#: From here on the series is exact to the last digit, and the difference of two logarithms is not.
_LARGE: Final = 100.0
_TINY: Final = 1e-300
_CLOSE: Final = 1e-16
_MOST_TERMS: Final = 10_000


def upper_half_beta(b: float, x: float, y: float) -> float:
    """Return 1 - I_x(1/2, b), the share of a beta variable above x. `y` is 1 - x, to all its digits."""
    if not x:
        return 1.0
    log_y = log1p(-x) if x < 0.5 else log(y)
    front = exp(log_gamma_half_step(b) + b * log_y) * sqrt(x / pi)
    if x < 1.5 / (b + 2.5):
        return 1 - 2 * front * _fraction(0.5, b, x)
    return front / b * _fraction(b, 0.5, y)


def log_gamma_half_step(z: float) -> float:
    """Return ln(gamma(z + 1/2) / gamma(z))."""
    if z < _LARGE:
        return lgamma(z + 0.5) - lgamma(z)
    return log(z) / 2 - 1 / (8 * z) + 1 / (192 * z**3) - 1 / (640 * z**5)


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of I_x(a, b); it converges in some twenty terms for x < (a + 1) / (a + b + 2)."""
    upper, lower = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    value = lower
    for m in range(1, _MOST_TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            lower = 1 / (1 + term * lower or _TINY)
            upper = 1 + term / upper or _TINY
            value *= lower * upper
        if abs(lower * upper - 1) < _CLOSE:
            break
    return value
