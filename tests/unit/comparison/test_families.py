"""Many comparisons at once."""

from __future__ import annotations

from perfengine.comparison.families import apply_families
from perfengine.model.comparison import Answer, MetricComparison, OperationComparison
from perfengine.model.requirement import Metric


def row(p_value: float | None, *, is_gating: bool = True, answer: Answer = Answer.CHANGE) -> MetricComparison:
    """Return a row with that p value."""
    return MetricComparison(
        metric=Metric.MEAN,
        answer=answer,
        before=1.0,
        after=2.0,
        is_gating=is_gating,
        fails=is_gating and answer is Answer.CHANGE,
        p_value=p_value,
    )


def operations(rows: list[MetricComparison]) -> tuple[OperationComparison, ...]:
    """Return an operation for each row."""
    return tuple(OperationComparison(name=f"op{n}", metrics=(found,)) for n, found in enumerate(rows))


def answers(rows: list[MetricComparison]) -> list[Answer]:
    """Return what is left of the rows."""
    return [operation.metrics[0].answer for operation in apply_families(operations(rows))]


def test_a_gating_metric_alone() -> None:
    """A single gating change stands as its interval does."""
    assert answers([row(0.0099)]) == [Answer.CHANGE]


def test_gating_metrics_stand_together() -> None:
    """Among ten gating rows a change needs p <= 0.001; the fallen one fails no build, and says why."""
    same = [row(0.5, answer=Answer.SAME)] * 8
    found = apply_families(operations([row(0.0005), row(0.005), *same]))
    first, second = found[0].metrics[0], found[1].metrics[0]
    assert (first.answer, first.fails) == (Answer.CHANGE, True)
    assert (second.answer, second.fails) == (Answer.INCONCLUSIVE, False)
    assert second.reason == "the change does not stand among that many comparisons"


def test_secondary_rows_are_judged_by_their_share() -> None:
    """Among ten secondary rows two at 0.009 stand: the second step is 0.01. They do not narrow the gating ones."""
    others = [row(0.5, is_gating=False, answer=Answer.SAME)] * 8
    rows = [row(0.009, is_gating=False), row(0.009, is_gating=False), *others, row(0.009)]
    assert answers(rows)[:2] == [Answer.CHANGE, Answer.CHANGE]
    assert answers(rows)[-1] is Answer.CHANGE
    assert answers([row(0.009, is_gating=False), *others, others[0]])[0] is Answer.INCONCLUSIVE


def test_nothing_becomes_a_change() -> None:
    """Families only take back; and rows without a p value are in none."""
    rows = [row(1e-9, answer=Answer.SAME), row(None), *[row(0.9, answer=Answer.INCONCLUSIVE)] * 20]
    assert answers(rows)[:2] == [Answer.SAME, Answer.CHANGE]
