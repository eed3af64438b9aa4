"""The words of a paired comparison: a sentence for a manager, a table for an engineer."""

from __future__ import annotations

from typing import Any

import pytest

from perfengine.model.comparison import (
    Answer,
    Direction,
    MetricComparison,
    OperationComparison,
    Presence,
)
from perfengine.model.requirement import Metric
from perfengine.report.ab_text import render_ab_text
from perfengine.report.ab_words import sentences
from tests.ab_results import make_effect, make_result, make_row, make_unit

WORSE: Any = {"answer": Answer.CHANGE, "direction": Direction.WORSE}
BETTER: Any = {"answer": Answer.CHANGE, "direction": Direction.BETTER}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            make_row(effect=make_effect(0.052, 0.039, 0.064), **WORSE),
            "B is 5.2 % slower than A in order_query (99% sure: 3.9 % to 6.4 %).",
        ),
        (
            make_row(effect=make_effect(-0.2, -0.25, -0.1), **BETTER),
            "B is 20.0 % faster than A in order_query (99% sure: 10.0 % to 25.0 %).",
        ),
        (
            make_row(Metric.P95, effect=make_effect(0.052, 0.039, 0.064), **WORSE),
            "B is 5.2 % slower than A in order_query at p95 (99% sure: 3.9 % to 6.4 %).",
        ),
        (
            make_row(effect=make_effect(4.5, 4.0, 5.2), **WORSE),
            "B takes 5.5 times as long as A in order_query (99% sure: 5.0 to 6.2 times).",
        ),
        (
            make_row(Metric.THROUGHPUT, effect=make_effect(-0.06, -0.08, -0.05), **WORSE),
            "B does 6.0 % fewer attempts a second than A in order_query (99% sure: 5.0 % to 8.0 %).",
        ),
        (
            make_row(Metric.ERROR_RATE, effect=make_effect(0.03, 0.02, 0.04, is_ratio=False), **WORSE),
            "B fails in 3.0 % more of all attempts than A in order_query (99% sure: 2.0 % to 4.0 %).",
        ),
        (
            make_row(),
            "B is as fast as A in order_query (99% sure: the change is between -0.8 % and +1.1 %).",
        ),
        (
            make_row(answer=Answer.INCONCLUSIVE, effect=make_effect(0.02, -0.03, 0.07), needed=12),
            (
                "Cannot tell whether B is as fast as A in order_query: 99% sure that the change is between -3.0 % "
                "and +7.0 %; some 12 more pairs would tell."
            ),
        ),
        (
            make_row(answer=Answer.INCONCLUSIVE, effect=None, reason="needs 10 pairs, has 3"),
            "A and B cannot be told apart yet in order_query: needs 10 pairs, has 3.",
        ),
        (
            make_row(answer=Answer.NOT_COMPARABLE, effect=None, reason="not the same: load.users"),
            "A and B cannot be compared in order_query: not the same: load.users.",
        ),
    ],
)
def test_a_sentence(row: MetricComparison, sentence: str) -> None:
    """Which arm, by how much, in what, and how sure."""
    assert list(sentences(make_result(row))) == [sentence]


def test_the_worst_row_speaks() -> None:
    """A throughput that fell wins over a mean that stayed; what does not decide says nothing."""
    fell = make_row(Metric.THROUGHPUT, effect=make_effect(-0.06, -0.08, -0.05), **WORSE)
    aside = make_row(Metric.P99, effect=make_effect(0.9, 0.8, 0.99), is_gating=False, **WORSE)
    (sentence,) = sentences(make_result(make_row(), fell, aside))
    assert "fewer attempts a second" in sentence


def test_several_operations() -> None:
    """First how many of each, then the worst first; what is only in B is in the table alone."""
    operations = (
        OperationComparison(name="calm", metrics=(make_row(),)),
        OperationComparison(name="gone", presence=Presence.MISSING),
        OperationComparison(name="new", presence=Presence.NEW),
        OperationComparison(
            name="quick", metrics=(make_row(effect=make_effect(-0.2, -0.3, -0.1), **BETTER),)
        ),
    )
    first, *others = sentences(make_result(operations=operations))
    assert first == "B against A in 3 operations: 1 worse, 1 better, 1 the same."
    assert [text.split()[0] for text in others] == ["gone", "B", "B"]
    assert "quick" in others[1]
    assert "new: in B only" in render_ab_text(make_result(operations=operations))


def test_the_table() -> None:
    """Every row with both values, the change, its interval and the verdict; what it would take stands below."""
    open_ = make_row(
        Metric.P99, Answer.INCONCLUSIVE, is_gating=False, smallest=0.081, needed=7, reason="too wide"
    )
    result = make_result(
        make_row(after=2.104e6, effect=make_effect(0.052, 0.039, 0.064), **WORSE),
        make_row(Metric.MEDIAN, is_gating=False, is_small=True, direction=Direction.WORSE),
        open_,
        make_row(Metric.THROUGHPUT, before=500.0, after=470.0),
        units=(make_unit(pairs=20, fresh=10),),
        notes=("a note",),
    )
    text = render_ab_text(result)
    assert text.startswith(
        "B is 5.2 % slower than A in order_query (99% sure: 3.9 % to 6.4 %).\n\nA: as it is, on "
    )
    assert (
        "order_query: 20 pairs, 10 of them to confirm, of 10 slices of 0.5 s an arm, in 112 s\n"
        "                     A         B  change      99% interval  verdict\n"
        "* mean        2.000 ms  2.104 ms  +5.2 %  +3.9 % .. +6.4 %  CHANGE worse\n"
    ) in text
    assert "SAME, slightly worse" in text
    assert "* throughput   500.0/s   470.0/s" in text
    assert "p99: too wide; a change of 8.1 % would have shown; some 7 more pairs would tell" in " ".join(
        text.split()
    )
    assert "Notes:\n- a note\n" in text
    assert text.endswith("* decides the exit code. A change that matters: 5.0 % or more. Seed 42.\n")


def test_what_is_incomplete_says_so_first() -> None:
    """Whoever reads one line reads that one."""
    text = render_ab_text(make_result(make_row(), incomplete="interrupted"))
    assert text.startswith("Incomplete: interrupted. What follows is what was measured until then.\n")


def test_pure_ascii_where_nothing_else_is_shown() -> None:
    """Names of any alphabet become escapes."""
    operations = (OperationComparison(name="großes", metrics=(make_row(),)),)
    assert render_ab_text(make_result(operations=operations), unicode=False).isascii()
    assert "großes" in render_ab_text(make_result(operations=operations))
