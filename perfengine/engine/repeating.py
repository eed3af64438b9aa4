"""A load that is repeated: its repeats as one measurement, how much they differ, and whether each came to rest."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from perfengine.comparison.stability import judge_stability, label_outliers
from perfengine.comparison.steady import find_steady_state
from perfengine.metrics.repeats import by_operation, merge_repeats
from perfengine.model.repeats import OperationRepeats, Repeat
from perfengine.model.series import About
from perfengine.model.stability import Steadiness, SteadyState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfengine.model.series import Series
    from perfengine.model.summary import OperationSummary

#: From the worst on: of the response time and the rate, the worse says what a repeat was.
_WORST_FIRST = (
    Steadiness.NOT_STEADY,
    Steadiness.DRIFTING,
    Steadiness.UNSTABLE,
    Steadiness.TOO_SHORT,
    Steadiness.STEADY,
)


def merged(summaries: Sequence[OperationSummary]) -> tuple[OperationSummary, ...]:
    """Return each operation once, all its repeats in it."""
    return tuple(merge_repeats(repeats) for repeats in by_operation(summaries))


def count_repeats(summaries: Sequence[OperationSummary]) -> int:
    """Return how many repeats have measured something; 1 where nothing did."""
    return max((len(repeats) for repeats in by_operation(summaries)), default=1)


def repeats_of(
    summaries: Sequence[OperationSummary],
    series: Sequence[Series],
    begins_s: Mapping[str, Sequence[int]],
) -> tuple[OperationRepeats, ...]:
    """Return how much the repeats of each operation differ, and what each looked like.

    `begins_s` are, by phase, the seconds of its series after which its repeats begin.
    """
    by_subject = {(one.phase, one.subject): one for one in series if one.about is About.OPERATION}
    return tuple(
        _repeats(
            repeats,
            by_subject.get((repeats[0].phase, repeats[0].operation.name)),
            begins_s.get(repeats[0].phase, ()),
        )
        for repeats in by_operation(summaries)
    )


def each_repeat(
    summaries: Sequence[OperationSummary],
    series: Sequence[Series],
    begins_s: Mapping[str, Sequence[int]],
) -> tuple[Repeat, ...]:
    """Return each repeat of a load alone, with its own part of the series; none of a load that was done once."""
    total = count_repeats(summaries)
    return tuple(_alone(number, summaries, series, begins_s) for number in range(total)) if total > 1 else ()


def _alone(
    number: int,
    summaries: Sequence[OperationSummary],
    series: Sequence[Series],
    begins_s: Mapping[str, Sequence[int]],
) -> Repeat:
    operations = tuple(repeats[number] for repeats in by_operation(summaries) if number < len(repeats))
    measured = {(summary.phase, summary.operation.name) for summary in operations}
    return Repeat(
        operations=operations,
        series=tuple(
            _part(one, begins_s[one.phase], number)
            for one in series
            if one.about is About.OPERATION and (one.phase, one.subject) in measured
        ),
    )


def _part(series: Series, begins_s: Sequence[int], number: int) -> Series:
    """Return the seconds of one repeat, the first of which ends at 1."""
    begin_s, *later = begins_s[number:]
    end_s = later[0] if later else inf
    places = [place for place, at_s in enumerate(series.times_s) if begin_s < at_s <= end_s]
    return replace(
        series,
        times_s=tuple(series.times_s[place] - begin_s for place in places),
        columns={name: tuple(values[place] for place in places) for name, values in series.columns.items()},
    )


def _repeats(
    repeats: Sequence[OperationSummary], series: Series | None, begins_s: Sequence[int]
) -> OperationRepeats:
    means_ns = tuple(repeat.latency.mean for repeat in repeats if repeat.latency)
    return OperationRepeats(
        operation=repeats[0].operation.name,
        means_ns=means_ns,
        between=judge_stability(means_ns),
        outliers=label_outliers(means_ns),
        # one that was begun and measured nothing is no repeat
        steady=tuple(_steady(part) for part, _ in zip(_parts(series, begins_s), repeats, strict=False))
        if series
        else (),
    )


def _parts(series: Series, begins_s: Sequence[int]) -> Iterator[tuple[list[float], list[float]]]:
    """Yield the mean response times and the rates of each repeat; of seconds in which something was ok."""
    ends_s = [*begins_s[1:], float("inf")]
    means, oks = series.columns.get("mean_s", ()), series.columns.get("ok", ())
    for begin_s, end_s in zip(begins_s, ends_s, strict=True):
        seconds = [
            (mean, ok)
            for at_s, mean, ok in zip(series.times_s, means, oks, strict=True)
            if begin_s < at_s <= end_s and mean and ok
        ]
        yield [mean for mean, _ in seconds], [ok for _, ok in seconds]


def _steady(part: tuple[Sequence[float], Sequence[float]]) -> SteadyState:
    found = [find_steady_state(values) for values in part]
    return min(found, key=lambda state: (_WORST_FIRST.index(state.steadiness), -state.cut_s))
