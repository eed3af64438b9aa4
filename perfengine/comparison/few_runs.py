"""A few runs of one session, helped by what each knows of itself.

Two runs on a side have a degree of freedom or two, and t of one is 64: they would say less than one of them does,
whose doubt has the nine of its ten batches. So, with the 3 % added, the spread of runs is taken times the t of nine
degrees of freedom at least, and the doubt is never less than what is within the runs. Half widths, and false alarms
against a tolerance of 10 % with 3 % between the sessions, of 40 000 comparisons on the machines of
`tests/unit/comparison/noise.py`:

                    quiet           typical           noisy         by Welch's t alone
    1 and 1     11.9 %  0       13.7 %  1.8 %     17.7 %  8.3 %
    2 and 1     12.0 %  0       14.2 %  0.9 %     19.7 %  4.4 %     80 %, 124 %, 237 %
    2 and 2     11.5 %  0       13.8 %  0.2 %     19.7 %  3.3 %     33 %, 50 %, 94 %
    3 and 3     11.1 %  0       13.3 %  0.1 %     18.8 %  2.8 %     13.7 %, 17.6 %, 27.6 %
    5 and 5     10.5 %  0       12.4 %  0.1 %     17.2 %  2.7 %     10.8 %, 12.9 %, 18.1 %

More runs make false alarms rarer everywhere, and the interval wider only where they differ. What was tried beside it:
the spread shrunk towards 3 % with four degrees of freedom (false alarms of 1 % on the noisy machine; 18 % wide where
a single run has 12 %, for it never believes that a machine is quiet), and the doubt within the runs alone (false
alarms as often as with single runs, however many there are).
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot, isfinite
from typing import TYPE_CHECKING, Final

from perfengine.comparison.within import bounds_within
from perfengine.stats.student import two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.comparison.within import WithinRun
    from perfengine.model.comparison import OperationSample
    from perfengine.model.requirement import Metric
    from perfengine.stats.student import Estimate

#: Fewer runs than these on a side do not show their own noise better than a single one does.
ENOUGH_RUNS: Final = 3
#: Of the ten batches of a single run; runs that are fewer are helped up to it.
RUN_DF: Final = 9


def help_few(
    estimate: Estimate, runs: Sequence[Sequence[OperationSample]], metric: Metric, confidence: float
) -> tuple[Estimate, tuple[WithinRun, ...]]:
    """Return the difference with nine degrees of freedom, and what is known of the runs that do not show their noise.

    `estimate` is that of Welch's t, with fewer, and stays what it is where a percentile is open within a run: then
    the runs alone must show it. With three runs on a side the noise is theirs to show.
    """
    sides = [[bounds_within(run, metric, confidence) for run in side] for side in runs]
    least = hypot(*map(_reach, sides))
    if isfinite(least):
        t = two_sided(confidence, RUN_DF)
        estimate = replace(estimate, error=max(estimate.error, least / t), df=RUN_DF)
    is_few = max(map(len, runs)) < ENOUGH_RUNS
    return estimate, tuple(each for side in sides for each in side if is_few)


def _reach(side: Sequence[WithinRun]) -> float:
    """Return how far the mean of runs may be off, by what each knows of itself."""
    bounds = [each.bounded for each in side]
    return hypot(*(max(each.upper - each.value, each.value - each.lower) for each in bounds)) / len(side)
