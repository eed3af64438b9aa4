"""Option texts to the settings of a paired comparison."""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING

from perfengine.errors import UsageError
from perfengine.units import parse_duration_ns, parse_fraction

if TYPE_CHECKING:
    from perfengine.engine.ab.request import AbSettings

#: Fewer tell nothing of their own spread.
_LEAST_PAIRS = 4


def ab_settings(
    practical: str, pairs: tuple[int, int], slice_text: str | None, slices: int, time_budget: str | None
) -> AbSettings:
    """Return the settings. Raises: UsageError with all that is wrong with them."""
    from perfengine.engine.ab.request import AbSettings
    from perfengine.model.comparison import CompareRule

    mistakes: list[str] = []
    slice_ns, budget_ns = (
        _duration_ns(option, text, mistakes)
        for option, text in (("--slice", slice_text), ("--time-budget", time_budget))
    )
    fraction = _fraction(practical, mistakes)
    if slices % 2:
        mistakes.append(f"--slices {slices}: an even number, they come in fours (ABBA): {slices + 1}?")
    if pairs[0] < _LEAST_PAIRS:
        mistakes.append(f"--pairs {pairs[0]}: {_LEAST_PAIRS} or more, fewer have no interval worth the name")
    if pairs[1] < pairs[0]:
        mistakes.append(f"--max-pairs {pairs[1]}: fewer than --pairs {pairs[0]}")
    if mistakes:
        raise UsageError("\n".join(mistakes))
    rule = CompareRule(practical=log1p(fraction), pairs_least=pairs[0], pairs_most=pairs[1])
    return AbSettings(rule=rule, slices=slices, slice_ns=slice_ns, time_budget_ns=budget_ns)


def _duration_ns(option: str, text: str | None, mistakes: list[str]) -> int | None:
    try:
        return None if text is None else parse_duration_ns(text)
    except ValueError as error:
        mistakes.append(f"{option}: {error}")
        return None


def _fraction(text: str, mistakes: list[str]) -> float:
    try:
        fraction = float(parse_fraction(text))
    except ValueError as error:
        mistakes.append(f"--practical: {error}")
        return 0.0
    if not fraction:
        mistakes.append("--practical 0: every change matters then, and none can be ruled out: write 5%")
    return fraction
