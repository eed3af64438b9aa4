"""What came of a comparison in words: for the text report, JUnit XML and markdown alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.compared import by_plain_rule
from perfengine.model.comparison import Answer, Direction, Presence
from perfengine.report.measures import unit_of, value_text
from perfengine.report.signs import UNICODE, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import MetricComparison, OperationComparison
    from perfengine.report.signs import Signs

#: A change beyond this is so uncertain, or so large, that digits say nothing.
_BEYOND: Final = 9.995
_WORDS: Final = {"requests_per_second": "throughput", "error_rate": "error rate"}


def sentence(comparison: ComparisonResult, signs: Signs = UNICODE) -> str:
    """Return what came of it in one sentence."""
    total = len(comparison.operations)
    of_all = f"of {total} operation{'' if total == 1 else 's'}"
    if comparison.fails:
        return f"{signs.violated}{len(comparison.failing)} {of_all}: {'; '.join(_failures(comparison))}."
    if not comparison.is_judged:
        return f"{signs.unproven}Cannot tell: none {of_all} gave an answer; below stands why."
    better = comparison.better
    open_ones = [operation for operation in comparison.operations if is_open(operation)]
    parts = [f"{len(better)} changed for the better: {_names(better)}"] if better else []
    parts += [f"{len(open_ones)} cannot be told"] if open_ones else []
    return f"{signs.held}Nothing changed for the worse{': ' if parts else ''}{'; '.join(parts)} ({total} compared)."


def _failures(comparison: ComparisonResult) -> Iterator[str]:
    """Yield what failed, by what is known of it."""
    missing = [each for each in comparison.failing if each.presence is Presence.MISSING]
    changed = [each for each in comparison.failing if Direction.WORSE in comparison.changes(each)]
    beyond = [each for each in comparison.failing if each not in missing and each not in changed]
    if changed:
        yield f"changed for the worse: {_names(changed)}"
    if beyond:
        yield f"beyond the tolerance, unconfirmed: {_names(beyond)}"
    if missing:
        yield f"not measured any more: {_names(missing)}"


def operation_verdict(operation: OperationComparison) -> str:
    """Return what became of an operation in a few words: that of the metrics that decide."""
    if operation.presence is Presence.MISSING:
        return "MISSING: measured before, and not any more"
    if operation.presence is Presence.NEW:
        return "new: not measured before"
    deciding = [row for row in operation.metrics if row.is_gating]
    for answer in (Answer.NOT_COMPARABLE, Answer.CHANGE, Answer.INCONCLUSIVE, Answer.SAME):
        if rows := [row for row in deciding if row.answer is answer]:
            return _verdict(answer, rows)
    return str(Answer.INCONCLUSIVE)


def _verdict(answer: Answer, rows: Sequence[MetricComparison]) -> str:
    if answer is Answer.CHANGE:
        worse = any(row.direction is Direction.WORSE for row in rows)
        return f"{answer} for the {Direction.WORSE if worse else Direction.BETTER}"
    if answer is Answer.INCONCLUSIVE and any(row.is_unconfirmed and row.fails for row in rows):
        return "beyond the tolerance, unconfirmed"
    if answer is Answer.INCONCLUSIVE and all(by_plain_rule(row) for row in rows):
        return "within the tolerance, unconfirmed"
    return str(answer)


def is_open(operation: OperationComparison) -> bool:
    """Return whether a metric that decides has no answer, not even by the plain rule."""
    return any(
        row.is_gating
        and row.answer in {Answer.INCONCLUSIVE, Answer.NOT_COMPARABLE}
        and not by_plain_rule(row)
        for row in operation.metrics
    )


def _names(operations: Sequence[OperationComparison], shown: int = 5) -> str:
    more = f" and {len(operations) - shown} more" if len(operations) > shown else ""
    return ", ".join(plain(operation.name) for operation in operations[:shown]) + more


def answer_text(row: MetricComparison) -> str:
    """Return the answer with the way a change went; empty for what is not comparable, which has no row of figures."""
    if row.answer is Answer.CHANGE and row.direction:
        return f"{row.answer} {row.direction}"
    return "" if row.answer is Answer.NOT_COMPARABLE else str(row.answer)


def size_text(value: float) -> str:
    """Return a size without a sign: `3.1%`."""
    if value >= _BEYOND:
        return ">999%"
    return f"{value:.1%}" if value < 1 else f"{value:.0%}"


def metric_word(row: MetricComparison) -> str:
    """Return the name of the metric."""
    return _WORDS.get(row.metric, row.metric)


def value_or_dash(row: MetricComparison, value: float | None) -> str:
    """Return a value of the row with its unit, `-` for one that was not measured."""
    return "-" if value is None else value_text(value, unit_of(row.metric))


def change_text(row: MetricComparison) -> str:
    """Return `+12.3%`, empty where nothing could be compared."""
    return _percent(row.effect.change, row) if row.effect else ""


def interval_text(row: MetricComparison) -> str:
    """Return `+1.2%..+3.4%`, empty where there is none."""
    if row.effect is None or by_plain_rule(row):
        return ""
    lower, upper = (_percent(bound, row) for bound in (row.effect.change_lower, row.effect.change_upper))
    return f"{lower}..{upper}"


def _percent(value: float, row: MetricComparison) -> str:
    """Return a change in percent of A, of an error rate in percentage points."""
    if row.effect and not row.effect.is_ratio:
        return f"{value * 100:+.1f}pp"
    return f"{value:+.1%}" if value < _BEYOND else ">+999%"
