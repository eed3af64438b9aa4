"""The comparison as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.comparison import BARE, METRICS, PGBENCH, Holding, Metric, hold_to_limits, ratio_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.comparison import Limit, Round
    from benchmarks.intervals import Spread


def render_contest(title: str, limits: Sequence[Limit], rounds: Sequence[Round]) -> str:
    """Return one table a metric, a line an arm, and the limits below."""
    coverage = value_of(METRICS[0], next(iter(rounds[0])), rounds).coverage
    lines = [f"{title}: median of {len(rounds)} rounds [interval of {coverage:.1%} confidence]"]
    for metric in METRICS:
        lines += ["", *_metric_lines(metric, rounds)]
    holdings = hold_to_limits(limits, rounds)
    if holdings:
        lines += ["", *map(_limit_line, holdings)]
    return "\n".join(lines)


def _metric_lines(metric: Metric, rounds: Sequence[Round]) -> Iterator[str]:
    yield f"  {metric.title:<18}{'':>27}  {'÷ ' + BARE:>22}  {'÷ ' + PGBENCH:>22}"
    for arm in sorted(rounds[0], key=lambda arm: value_of(metric, arm, rounds).median):
        ratios = [
            _shown(ratio_of(metric, arm, other, rounds), 2) if other in rounds[0] else ""
            for other in (BARE, PGBENCH)
        ]
        value = _shown(value_of(metric, arm, rounds), metric.decimals)
        yield f"    {arm:<16}{value:>27}  {ratios[0]:>22}  {ratios[1]:>22}"


def _limit_line(holding: Holding) -> str:
    limit = holding.limit
    sign, answer = (">=" if limit.floor else "<="), ("holds" if holding.holds else "MISSED")
    ratio = _shown(holding.ratio, 3)
    return f"  {answer:<6} perfengine ÷ {limit.other}, {limit.metric.title}: {ratio} {sign} {limit.bound:g}"


def _shown(spread: Spread, decimals: int) -> str:
    return f"{spread.median:.{decimals}f} [{spread.low:.{decimals}f}, {spread.high:.{decimals}f}]"
