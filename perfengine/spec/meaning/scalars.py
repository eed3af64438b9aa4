"""Words to values, and weights to whole numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from math import gcd, lcm
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.generator import Scalar
    from perfengine.spec.shape.words import Word

_INTEGER: Final = re.compile(r"[+-]?(0|[1-9]\d{0,17})", re.ASCII)
_FRACTION: Final = re.compile(r"[+-]?\d{1,30}\.\d{1,30}", re.ASCII)
_TRUTH: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def plain_scalar(word: Word) -> Scalar:
    """Return the value of a word by the rules of YAML 1.2: number, boolean, null, else text."""
    text = word.text
    if text is None or word.is_quoted:
        return text
    if text in _TRUTH:
        return _TRUTH[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _FRACTION.fullmatch(text) else text


def whole_weights(weights: Sequence[Decimal]) -> tuple[int, ...]:
    """Return weights above 0 as the smallest whole numbers that stand to each other alike."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(denominator for _, denominator in ratios))
    whole = [numerator * (common // denominator) for numerator, denominator in ratios]
    divisor = gcd(*whole) or 1
    return tuple(number // divisor for number in whole)
