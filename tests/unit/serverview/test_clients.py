"""Metrics that clients count are said in the same words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.serverview.clients import watched_execution_time, watched_pool_utilization
from perfengine.units import NS_PER_MS
from tests.builders import make_summary, summarise_values


def test_execution_time_is_the_service_time_of_all_operations() -> None:
    """Each attempt counts alike; where a summary has no service time its response stands in."""
    quick = replace(make_summary(), service=summarise_values([NS_PER_MS] * 3), latency=None)
    slow = replace(make_summary(), service=None, latency=summarise_values([5 * NS_PER_MS]))
    watched = watched_execution_time([quick, slow])
    assert watched.mean == pytest.approx(0.002)
    assert watched.maximum == pytest.approx(0.005)
    assert (watched.samples, watched.unit, watched.source) == (4, "s", "client")


def test_without_an_ok_attempt_there_is_a_reason() -> None:
    """And no figure."""
    failed = replace(make_summary(), service=None, latency=None)
    assert watched_execution_time([failed]).reason == "no attempt was ok"
    assert watched_execution_time([]).mean is None


def test_pool_utilization_is_a_share() -> None:
    """Of connections in use."""
    watched = watched_pool_utilization([0.5, 1.0])
    assert (watched.mean, watched.maximum, watched.samples, watched.unit) == (0.75, 1.0, 2, "fraction")
    assert watched_pool_utilization([]).reason == "no sample was taken"


def test_more_than_all_connections_are_never_in_use() -> None:
    """A run said `max 102%`: attempts that began in one sample and ended in the next count there whole."""
    watched = watched_pool_utilization([0.98, 1.02])
    assert (watched.mean, watched.maximum) == (1.0, 1.0)
