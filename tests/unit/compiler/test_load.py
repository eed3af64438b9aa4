"""How much of each operation is asked for."""

from __future__ import annotations

import pytest

from perfengine.errors import UsageError
from perfengine.model.scenario import Performance
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.entities import compile_entities, make_order, plan_of

MINUTE_NS = 60 * NS_PER_S
#: The settings of the original document.
DOCUMENT = Performance(iterations=1000, concurrency=10, timeout_ns=5 * MINUTE_NS)
NOTHING = Performance()


@pytest.mark.parametrize(
    ("performance", "settings", "iterations", "duration_s"),
    [
        # the operation's own default
        (NOTHING, LoadSettings(), 100, None),
        # the document
        (DOCUMENT, LoadSettings(), 1000, None),
        # the command line
        (DOCUMENT, LoadSettings(iterations=500), 500, None),
        # a duration on the command line cancels what the document counts
        (DOCUMENT, LoadSettings(duration_ns=30 * NS_PER_S), None, 30),
        (NOTHING, LoadSettings(duration_ns=30 * NS_PER_S), None, 30),
        # both on the command line: whichever ends first
        (DOCUMENT, LoadSettings(iterations=500, duration_ns=30 * NS_PER_S), 500, 30),
    ],
)
def test_iterations_and_duration_follow_their_precedence(
    performance: Performance, settings: LoadSettings, iterations: int | None, duration_s: int | None
) -> None:
    """Command line, then documents, then the default of the operation."""
    plan = compile_entities(make_order(), performance=performance, settings=settings)
    item = plan_of(plan, "single_order_confirm")
    assert item.iterations == iterations
    assert item.duration_ns == (None if duration_s is None else duration_s * NS_PER_S)


def test_defaults_differ_by_operation() -> None:
    """Without any setting each operation runs as often as in the original document."""
    plan = compile_entities(make_order())
    assert {item.operation.name: item.iterations for item in plan.operations} == {
        "order_create": 100,
        "single_order_confirm": 100,
        "bulk_order_confirm": 10,
        "single_order_ship": 100,
        "bulk_order_ship": 10,
        "single_order_deliver": 100,
        "bulk_order_deliver": 10,
        "order_status_query": 1000,
        "complex_order_search": 500,
        "order_query": 1000,
        "order_update": 100,
        "bulk_order_update": 10,
        "validate_order_positive_total_accept": 100,
        "validate_order_positive_total_reject": 100,
    }


@pytest.mark.parametrize(
    ("performance", "settings", "clients"),
    [
        (NOTHING, LoadSettings(), 1),
        (DOCUMENT, LoadSettings(), 10),
        (DOCUMENT, LoadSettings(concurrency=5), 5),
        (NOTHING, LoadSettings(concurrency=500, duration_ns=NS_PER_S), 500),
        # no more clients than there is to do
        (NOTHING, LoadSettings(concurrency=500), 100),
    ],
)
def test_concurrency_follows_its_precedence(
    performance: Performance, settings: LoadSettings, clients: int
) -> None:
    """Command line, then documents, then one client; never more than iterations."""
    plan = compile_entities(make_order(), performance=performance, settings=settings)
    assert plan_of(plan, "single_order_confirm").concurrency == clients


def test_clients_without_work_are_noted() -> None:
    """Fifty clients for ten iterations are ten, and the report can say so."""
    settings = LoadSettings(concurrency=50, filters=("*_confirm", "order_query"))
    plan = compile_entities(make_order(), settings=settings)
    assert plan.notes == ("10 of 50 clients have something to do in bulk_order_confirm: 10 iterations",)


@pytest.mark.parametrize(
    ("performance", "settings", "timeout_s"),
    [
        (NOTHING, LoadSettings(), 600),
        (NOTHING, LoadSettings(duration_ns=3600 * NS_PER_S), 4200),
        (DOCUMENT, LoadSettings(), 300),
        (DOCUMENT, LoadSettings(timeout_ns=NS_PER_S), 1),
    ],
)
def test_the_timeout_follows_its_precedence(
    performance: Performance, settings: LoadSettings, timeout_s: int
) -> None:
    """Command line, then documents, then ten minutes on top of a duration."""
    plan = compile_entities(make_order(), performance=performance, settings=settings)
    assert plan_of(plan, "order_query").timeout_ns == timeout_s * NS_PER_S


def test_a_timeout_below_the_duration_is_noted() -> None:
    """A document's five minutes would end a ten minute run halfway."""
    settings = LoadSettings(duration_ns=10 * MINUTE_NS, filters=("order_query",))
    plan = compile_entities(make_order(), performance=DOCUMENT, settings=settings)
    assert plan.notes == ("the timeout ends these before their duration is over: order_query",)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (LoadSettings(concurrency=0), "--concurrency 0: it is at least 1"),
        (LoadSettings(iterations=-1), "--iterations -1: it is at least 1"),
        (LoadSettings(data_size=-1), "--data-size -1: it is at least 0"),
        (
            LoadSettings(duration_ns=0, timeout_ns=0),
            "--duration 0: it is at least 1\n--timeout 0: it is at least 1",
        ),
    ],
)
def test_impossible_settings_are_refused(settings: LoadSettings, message: str) -> None:
    """A load of nothing is a mistake of the command line."""
    with pytest.raises(UsageError) as caught:
        compile_entities(make_order(), settings=settings)
    assert str(caught.value) == message
