"""Figures of runs over time: which runs may stand side by side, and where their level changed.

Runs on another ground than the newest, by a hard field of the fingerprint, are no part of its series; those among
them that may be compared with each other are a series of their own.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, log
from typing import TYPE_CHECKING, Final

from perfengine.comparison.fingerprint import compare_fingerprints, is_comparable
from perfengine.model.trend import ChangePoint, TrendPoint, TrendSeries
from perfengine.stats.change_points import ShiftRule, level_shifts, neighbour_correlation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.model.fingerprint import Fingerprint
    from perfengine.model.kept_run import Figure, KeptOperation, KeptRun

#: Of latencies and rates, as a log ratio: what is smaller is not worth a look.
_LEAST_RATIO: Final = log(1.025)
#: Of ratios: a percentage point.
_LEAST_SHARE: Final = 0.01
#: Of neighbouring runs: where they depend on each other more, a level drifts, and a test for shifts finds too many.
MOST_CORRELATION: Final = 0.2


class Grounds:
    """Tells whether two grounds are the same; each pair is looked at once."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], bool] = {}
        self._held: list[Fingerprint] = []  # an identity is good for as long as its object lives

    def is_same(self, one: Fingerprint, other: Fingerprint) -> bool:
        """Return whether no hard field differs."""
        pair = id(one), id(other)
        if pair not in self._seen:
            self._held += (one, other)
            self._seen[pair] = one == other or is_comparable(compare_fingerprints(one, other))
        return self._seen[pair]

    def may_compare(self, one: KeptRun, other: KeptRun) -> bool:
        """Return whether two runs have an operation in common, and each that they have stands on the same ground."""
        there = {operation.name: operation.ground for operation in other.operations}
        pairs = [(each.ground, there[each.name]) for each in one.operations if each.name in there]
        return bool(pairs) and all(self.is_same(*pair) for pair in pairs)


def trend_of(runs: Sequence[KeptRun], operation: str, figure: Figure, grounds: Grounds) -> TrendSeries:
    """Return how a figure of an operation went over runs, given oldest first; runs without the operation left out."""
    measured = [(run, each) for run in runs for each in run.operations if each.name == operation]
    groups = _groups([each.ground for _, each in measured], grounds)
    values = [each.figures.get(figure) for _, each in measured]
    found = [_changes(members, values, figure) for members in groups]
    changes = [each for some, correlation in found if not _drifts(correlation) for each in some]
    drifts = [each for some, correlation in found if _drifts(correlation) for each in some]
    newest = set(groups[0]) if groups else set()
    return TrendSeries(
        label=f"{operation} {figure}",
        unit=figure.unit,
        points=tuple(
            _point(run, each, figure, comparable=at in newest) for at, (run, each) in enumerate(measured)
        ),
        change_points=tuple(sorted(changes, key=_index)),
        drifts=tuple(sorted(drifts, key=_index)),
        operation=operation,
        metric=figure,
        correlation=found[0][1] if found else None,
    )


def _drifts(correlation: float | None) -> bool:
    return correlation is not None and abs(correlation) > MOST_CORRELATION


def _index(change: ChangePoint) -> int:
    return change.index


def _point(run: KeptRun, operation: KeptOperation, figure: Figure, *, comparable: bool) -> TrendPoint:
    return TrendPoint(
        run_id=run.run_id,
        started_at=run.started_at,
        value=operation.figures.get(figure),
        verdict=run.standing,
        is_comparable=comparable,
        note=run.commit,
    )


def _groups(found: Sequence[Fingerprint], grounds: Grounds) -> list[list[int]]:
    """Return the places of what may be compared with each other, that of the newest first; places in order."""
    groups: list[list[int]] = []
    for at in range(len(found) - 1, -1, -1):
        group = next((each for each in groups if grounds.is_same(found[each[0]], found[at])), None)
        if group is None:
            groups.append([at])
        else:
            group.append(at)
    return [group[::-1] for group in groups]


def _changes(
    members: Iterable[int], values: Sequence[float | None], figure: Figure
) -> tuple[list[ChangePoint], float | None]:
    """Return the change points among some of the values, and the correlation of neighbours."""
    known = [(at, value) for at in members if (value := values[at]) is not None]
    is_ratio = figure.unit != "fraction" and all(value > 0 for _, value in known)
    series = [log(value) if is_ratio else value for _, value in known]
    shifts = level_shifts(series, ShiftRule(least_shift=_LEAST_RATIO if is_ratio else _LEAST_SHARE))
    correlation = neighbour_correlation(series, [shift.index for shift in shifts])
    changes = [
        ChangePoint(
            index=known[shift.index][0],
            before=shift.before,
            after=shift.after,
            p_value=shift.p_value,
        )
        for shift in shifts
    ]
    return [_as_ratio(each) if is_ratio else each for each in changes], correlation


def _as_ratio(change: ChangePoint) -> ChangePoint:
    """Return a change between means of logarithms as one between geometric means."""
    return replace(change, before=exp(change.before), after=exp(change.after))
