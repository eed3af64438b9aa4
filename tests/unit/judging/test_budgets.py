"""Budgets of a run: allowed, spent, how fast, since when and by whom."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

import pytest

from perfengine.judging.budgets import budgets_of
from perfengine.model.measurement import SecondCounts
from perfengine.model.outcome import Outcome
from tests.builders import make_failure, make_operation, make_service_level, make_summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.operation import Operation
    from perfengine.model.summary import OperationSummary

A, B = make_operation("a"), make_operation("b")


def in_seconds(bad: Sequence[int], tried: int = 100, operation: Operation = A) -> OperationSummary:
    """Return a run with so many failed attempts in each second, out of `tried`."""
    total = sum(bad)
    failures = {make_failure(Outcome.ERROR): total} if total else {}
    summary = make_summary([1000] * (tried * len(bad) - total), failures=failures, operation=operation)
    seconds = tuple(SecondCounts(due=tried, ok=tried - one, bad=one) for one in bad)
    return replace(summary, measurement=replace(summary.measurement, seconds=seconds))


def test_a_budget() -> None:
    """Of 12 000 attempts 120 may be bad; 90 were, 60 of them in one minute, and none too many."""
    bad = [0] * 30 + [1] * 90
    (budget,) = budgets_of([make_service_level("a", availability="0.99")], [in_seconds(bad)], [A])
    assert (budget.operation, budget.promise, budget.tier) == ("a", "availability", "critical")
    assert (budget.total, budget.bad) == (12_000, 90)
    assert budget.allowed == pytest.approx(120)
    assert budget.left == pytest.approx(30)
    assert budget.spent == pytest.approx(0.75)
    assert budget.worst_minute_s == 30
    assert budget.worst_burn == pytest.approx(1.0)
    assert budget.spent_s is None
    assert budget.share_of_bad == 1
    assert budget.needed
    assert budget.needed > 12_000


def test_an_overspent_budget() -> None:
    """The second is said in which more was bad than the whole run may be."""
    (budget,) = budgets_of(
        [make_service_level("a", error_budget="0.01")], [in_seconds([20, 20, 20, 21, 0, 0, 0, 0])], [A]
    )
    assert budget.allowed == pytest.approx(8)
    assert budget.left == pytest.approx(-73)
    assert budget.spent_s == 1
    assert (budget.worst_minute_s, budget.worst_burn) == (None, None)
    assert budget.needed is None


def test_exactly_spent_is_not_overspent() -> None:
    """As for every limit: equal holds."""
    (budget,) = budgets_of([make_service_level("a", error_budget="0.5")], [in_seconds([50, 50])], [A])
    assert (budget.left, budget.spent_s) == (0, None)


def test_no_budget_at_all() -> None:
    """An availability of 1 allows nothing: there is no burn rate of the run, and the worst minute has no bounds."""
    (budget,) = budgets_of([make_service_level("a", availability="1")], [in_seconds([0] * 90 + [1])], [A])
    assert budget.spent is None
    assert budget.worst_burn == inf
    assert budget.spent_s == 91


def test_who_spent_it() -> None:
    """Each operation has its share of all bad attempts under a promise."""
    runs = [in_seconds([1, 2]), in_seconds([0, 9], operation=B)]
    levels = [make_service_level(name, availability="0.9") for name in ("a", "b")]
    assert [one.share_of_bad for one in budgets_of(levels, runs, [A, B])] == [0.25, 0.75]


def test_an_operation_twice_counts_once() -> None:
    """Two tiers that name the same operation do not double its share."""
    levels = [make_service_level("a", availability="0.9"), make_service_level("a", availability="0.8")]
    assert [one.share_of_bad for one in budgets_of(levels, [in_seconds([3])], [A])] == [1, 1]


def test_two_limits_on_one_operation_have_shares_of_their_own() -> None:
    """Of two tiers that ask for another p95 each: 40 attempts of `a` break the one, 10 the other, and 10 of `b`.

    The bad ones of `a` under the stricter limit were held against those under the looser one: 200 % of all.
    """
    limits = (1_000_000, 2_000_000)
    slow = [500_000] * 160 + [1_500_000] * 30 + [2_500_000] * 10
    runs = [
        make_summary(slow, operation=A, counted_limits_ns=limits),
        make_summary([500_000] * 190 + [2_500_000] * 10, operation=B, counted_limits_ns=limits),
    ]
    levels = [make_service_level(name, response_time_p95_ns=limit) for limit in limits for name in ("a", "b")]
    found = budgets_of(levels, runs, [A, B])
    assert [one.bad for one in found] == [40, 10, 10, 10]
    assert [one.share_of_bad for one in found] == [0.8, 0.2, 0.5, 0.5]


def test_what_was_not_run_or_starved_has_none() -> None:
    """There is nothing to spend where nothing can be judged."""
    starved = make_summary([1000], operation=A, failures={make_failure(Outcome.STARVED): 1})
    levels = [make_service_level(name, availability="0.9") for name in ("a", "b", "c")]
    assert budgets_of(levels, [starved], [A, B]) == ()
