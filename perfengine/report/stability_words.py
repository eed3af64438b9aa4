"""How much repeats of a load differ, in words for reports that set them out each in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.measures import FRACTION, SECONDS, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.repeats import OperationRepeats
    from perfengine.model.stability import Stability


def spread_words(between: Stability) -> str:
    """Return how much the repeats differ, and the limit of that; of fewer than two only the limit."""
    if between.variation is None or between.variation_upper is None or between.spread is None:
        return f"limit {_percent(between.limit)}"
    return (
        f"means of {between.runs} repeats vary by {_percent(between.variation)},"
        f" at most {_percent(between.variation_upper)} (limit {_percent(between.limit)}),"
        f" largest minus smallest {_percent(between.spread)}"
    )


def stability_words(between: Stability) -> str:
    """Return the same, and what is missing where it proves nothing."""
    return f"{spread_words(between)}; {between.detail}" if between.detail else spread_words(between)


def outlier_words(repeats: OperationRepeats) -> Iterator[str]:
    """Yield the repeats that lie far from the others."""
    for outlier in repeats.outliers:
        mean = value_text(outlier.value, SECONDS)
        yield f"outlier ({outlier.label}): repeat {outlier.place + 1}, {mean}; it is in all figures"


def _percent(share: float) -> str:
    return value_text(share, FRACTION)
