"""The default requirements: on what is run, and where nothing of the kind was asked."""

from __future__ import annotations

import pytest

from perfengine.judging.defaults import default_requirements
from perfengine.judging.judge import judge
from perfengine.model.operation import Kind
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Reason, Verdict
from perfengine.units import NS_PER_MS
from tests.builders import make_operation, make_requirement, make_summary

CREATE = make_operation("order_create", kind=Kind.INSERT)
UPDATE = make_operation("order_update", kind=Kind.UPDATE)
CONFIRM = make_operation("order_confirm", kind=Kind.SINGLE_TRANSITION, aliases=("confirm",))
QUERY = make_operation("order_query", kind=Kind.SIMPLE_SELECT)
OTHERS = [
    make_operation(f"other_{kind}", kind=kind)
    for kind in (Kind.COMPLEX_JOIN, Kind.BULK_TRANSITION, Kind.PYTHON)
]
ALL = [CREATE, UPDATE, CONFIRM, QUERY, *OTHERS]
RUN = [(None, Metric.ERROR_RATE, 0.01), (None, Metric.CONCURRENT_USERS, 1000)]


def test_all() -> None:
    """200 ms for what changes a row, 50 ms for a simple query, no latency for what may take longer."""
    found = default_requirements([], ALL, ALL)
    assert [(one.subject, one.metric, one.limit) for one in found] == [
        ("order_create", Metric.P95, 200 * NS_PER_MS),
        ("order_update", Metric.P95, 200 * NS_PER_MS),
        ("order_confirm", Metric.P95, 200 * NS_PER_MS),
        ("order_query", Metric.P95, 50 * NS_PER_MS),
        *RUN,
    ]
    assert {(one.source, one.group) for one in found} == {("default", "default")}


@pytest.mark.parametrize("subject", ["order_confirm", "confirm", "single_transition"])
def test_what_was_asked_wins(subject: str) -> None:
    """By whatever name; another metric of the same operation is no reason to leave it out."""
    asked = [
        make_requirement(Metric.P95, 1, subject=subject),
        make_requirement(Metric.P99, 1, subject="order_query"),
    ]
    subjects = [one.subject for one in default_requirements(asked, ALL, ALL)]
    assert subjects == ["order_create", "order_update", "order_query", None, None]


def test_what_was_asked_of_the_run_wins() -> None:
    """The same for limits on the whole run."""
    asked = [
        make_requirement(Metric.ERROR_RATE, 0.5, subject=None),
        make_requirement(Metric.CONCURRENT_USERS, 1, subject=None),
    ]
    assert all(one.subject for one in default_requirements(asked, ALL, ALL))


def test_only_what_is_run() -> None:
    """An operation that is left out is not asked for anything."""
    assert [one.subject for one in default_requirements([], [QUERY], ALL)] == ["order_query", None, None]


def test_users_are_unproven_unless_they_were_there() -> None:
    """A run of 8 clients says nothing of a thousand; a run of a thousand does."""
    limits = default_requirements([], [QUERY], ALL)
    few, many = (
        judge(limits, (), [make_summary([1000] * 100, operation=QUERY, concurrency=users)], ALL)
        for users in (8, 1000)
    )
    assert [one.verdict for one in few] == [Verdict.PASS, Verdict.PASS, Verdict.UNPROVEN]
    assert few[-1].reason is Reason.NOT_MEASURED
    assert {one.verdict for one in many} == {Verdict.PASS}
