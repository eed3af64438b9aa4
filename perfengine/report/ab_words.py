"""What a paired comparison came to, in a sentence for somebody who has no time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Answer, Direction, Presence
from perfengine.model.requirement import Metric
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.ab import AbResult
    from perfengine.model.comparison import Effect, MetricComparison, OperationComparison

#: Which row of an operation speaks for it: the first of these that there is.
_WORST_FIRST: Final = (
    (Answer.CHANGE, Direction.WORSE),
    (Answer.CHANGE, Direction.BETTER),
    (Answer.NOT_COMPARABLE, None),
    (Answer.INCONCLUSIVE, None),
    (Answer.SAME, None),
)
#: From here on a change is said as a multiple: "3728.4 % slower" is no number that anybody sees through.
_MANIFOLD: Final = 1.0


def sentences(result: AbResult) -> Iterator[str]:
    """Yield a sentence for each operation that decides something, the worst first; before several a count of them."""
    sure = f"{result.rule.confidence:.0%} sure"
    said = [(_rank(one), _sentence(one, sure)) for one in result.operations if _decides(one)]
    if len(said) > 1:
        yield _counts([rank for rank, _ in said])
    yield from (text for _, text in sorted(said, key=lambda pair: pair[0]))


def _decides(operation: OperationComparison) -> bool:
    return operation.presence is Presence.MISSING or any(row.is_gating for row in operation.metrics)


def _rank(operation: OperationComparison) -> int:
    return 0 if operation.presence is Presence.MISSING else _speaker(operation)[0]


def _speaker(operation: OperationComparison) -> tuple[int, MetricComparison]:
    """Return the row that speaks for an operation, and its place among the answers, the worst first."""
    rows = [row for row in operation.metrics if row.is_gating]
    return min(((_place(row), row) for row in rows), key=lambda pair: pair[0])


def _place(row: MetricComparison) -> int:
    return next(
        place
        for place, (answer, direction) in enumerate(_WORST_FIRST)
        if row.answer is answer and direction in {None, row.direction}
    )


def _counts(ranks: list[int]) -> str:
    words = ("worse", "better", "not comparable", "cannot be told", "the same")
    found = (f"{ranks.count(rank)} {word}" for rank, word in enumerate(words) if rank in ranks)
    return f"B against A in {len(ranks)} operations: {', '.join(found)}."


def _sentence(operation: OperationComparison, sure: str) -> str:
    name = plain(operation.name)
    if operation.presence is Presence.MISSING:
        return f"{name} is missing in B."
    row = _speaker(operation)[1]
    if row.answer is Answer.NOT_COMPARABLE or row.effect is None:
        can = "cannot be compared" if row.answer is Answer.NOT_COMPARABLE else "cannot be told apart yet"
        return f"A and B {can} in {name}: {row.reason}."
    where = f"in {name}{_at(row.metric)}"
    if row.answer is Answer.CHANGE:
        return f"B {_changed(row.metric, row.effect)} {where} ({sure}: {_range(row.effect)})."
    bounds = f"between {signed(row.effect.change_lower)} and {signed(row.effect.change_upper)}"
    if row.answer is Answer.SAME:
        return f"B is as {_good(row.metric)} as A {where} ({sure}: the change is {bounds})."
    more = f"; some {row.needed} more pairs would tell" if row.needed else ""
    return f"Cannot tell whether B is as {_good(row.metric)} as A {where}: {sure} that the change is {bounds}{more}."


def _at(metric: Metric) -> str:
    return f" at {metric.value}" if metric.value.startswith("p") else ""


def _good(metric: Metric) -> str:
    return "free of errors" if metric is Metric.ERROR_RATE else "fast"


def _changed(metric: Metric, effect: Effect) -> str:
    size, is_more = percent(abs(effect.change)), effect.change > 0
    if metric is Metric.THROUGHPUT:
        return f"does {size} {'more' if is_more else 'fewer'} attempts a second than A"
    if metric is Metric.ERROR_RATE:
        return f"fails in {size} {'more' if is_more else 'less'} of all attempts than A"
    if effect.change >= _MANIFOLD:
        return f"takes {1 + effect.change:.1f} times as long as A"
    return f"is {size} {'slower' if is_more else 'faster'} than A"


def _range(effect: Effect) -> str:
    if effect.is_ratio and effect.change >= _MANIFOLD:
        return f"{1 + effect.change_lower:.1f} to {1 + effect.change_upper:.1f} times"
    low, high = sorted((abs(effect.change_lower), abs(effect.change_upper)))
    return f"{percent(low)} to {percent(high)}"


def percent(fraction: float) -> str:
    """Return a fraction as a percentage: `5.2 %`."""
    return f"{fraction * 100:.1f} %"


def signed(fraction: float) -> str:
    """Return a fraction as a percentage with its sign: `+5.2 %`."""
    return f"{fraction * 100:+.1f} %"
