"""The requirements of an operation, as its decorator writes them: `{"p95": "50ms", "error_rate": 0.01}`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfengine import units
from perfengine.custom.complaints import nearest
from perfengine.model.mistake import Mistake
from perfengine.model.requirement import METRIC_OF_WORD, Metric, Requirement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.mistake import Position


def read_limits(
    subject: str, limits: Mapping[str, str | float], position: Position
) -> tuple[tuple[Requirement, ...], list[Mistake]]:
    """Return the requirements on an operation, and what is wrong with the rest."""
    requirements, mistakes = [], []
    for word, value in limits.items():
        metric = METRIC_OF_WORD.get(word)
        if metric is None:
            mistakes.append(_unknown(position, str(word)))
            continue
        try:
            limit = _limit(metric, value)
        except ValueError as error:
            mistakes.append(Mistake(position=position, message=f"requirement {word}: {error}"))
            continue
        requirements.append(
            Requirement(
                subject=subject,
                metric=metric,
                limit=limit,
                source="python",
                position=position,
                internal=True,
            )
        )
    return tuple(requirements), mistakes


def _unknown(position: Position, word: str) -> Mistake:
    known = tuple(METRIC_OF_WORD)
    return Mistake(
        position=position,
        message=f'"{word}" is no requirement on an operation',
        allowed=known,
        suggestion=nearest(word, known),
    )


def _limit(metric: Metric, value: str | float) -> int | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f'{value!r} is no limit, write "50ms", or 0.01 of an error rate')  # noqa: TRY004 - a mistake
    text = value if isinstance(value, str) else f"{Decimal(str(value)):f}"
    return _error_rate(text) if metric is Metric.ERROR_RATE else units.parse_duration_ns(text)


def _error_rate(text: str) -> float:
    rate = units.parse_fraction(text)
    if rate == 1:
        raise ValueError(f'"{text}" is a limit that never fails: write 0.01 or "1%"')
    return float(rate)
