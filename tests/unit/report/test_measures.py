"""Values as text: their unit, their digits, and the sign between two of them."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.requirement import Metric
from perfengine.report.measures import (
    BYTES,
    COUNT,
    FRACTION,
    PER_SECOND,
    SECONDS,
    Unit,
    comparison_text,
    unit_of,
    value_text,
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (23_400_000, SECONDS, "0.0234s"),
        (47_123, SECONDS, "0.0000471s"),
        (0, FRACTION, "0%"),
        (1, FRACTION, "100%"),
        (0.01, FRACTION, "1%"),
        (0.0157, FRACTION, "1.57%"),
        (0.999, FRACTION, "99.9%"),
        (0.99983, FRACTION, "99.983%"),
        (0.95, FRACTION, "95%"),
        (42.735, PER_SECOND, "42.7/s"),
        (1195.33, PER_SECOND, "1195.3/s"),
        (0.0345, PER_SECOND, "0.0345/s"),
        (1000, COUNT, "1000"),
        (10_000_000, BYTES, "10MB"),
        (1_500_000, BYTES, "1.5MB"),
        (inf, SECONDS, "inf"),
    ],
)
def test_value(value: float, unit: Unit, text: str) -> None:
    """A value has its unit and as many decimals as its digits need."""
    assert value_text(value, unit) == text


@pytest.mark.parametrize(
    ("observed", "limit", "text"),
    [
        (23_400_000, 50_000_000, "0.0234s < 0.0500s"),
        (50_000_000, 50_000_000, "0.0500s = 0.0500s"),
        (63_400_000, 50_000_000, "0.0634s > 0.0500s"),
        (50_000_001, 50_000_000, "0.050000001s > 0.050000000s"),  # unequal values never look alike
        (0.4, 50_000_000, "0.0000000004s < 0.0500s"),
        (inf, 50_000_000, "∞ > 0.0500s"),
    ],
)
def test_comparison(observed: float, limit: float, text: str) -> None:
    """The sign is that of the values themselves."""
    assert comparison_text(observed, limit, SECONDS, "∞") == text


@given(st.floats(0, 1), st.floats(0, 1))
def test_comparison_of_fractions_says_what_the_values_say(observed: float, limit: float) -> None:
    """Two unequal shares differ as text, and the sign between them is theirs."""
    left, sign, right = comparison_text(observed, limit, FRACTION).split()
    assert {"<": observed < limit, "=": observed == limit, ">": observed > limit}[sign]
    assert (left == right) == (sign == "=")


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_share_is_neither_none_nor_all(share: float) -> None:
    """A share that is not 0 % is not shown as 0 %, and one that is not 100 % not as 100 %."""
    if 1e-12 < share < 1 - 1e-12:
        shown = float(value_text(share, FRACTION).removesuffix("%"))
        assert 0 < shown < 100


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        *((metric, SECONDS) for metric in (Metric.MEAN, Metric.P999, Metric.STDEV, Metric.CPU_PER_REQUEST)),
        ("response_time_p95", SECONDS),
        ("availability", FRACTION),
        ("error_budget", FRACTION),
        (Metric.ERROR_RATE, FRACTION),
        (Metric.THROUGHPUT, PER_SECOND),
        (Metric.CONCURRENT_USERS, COUNT),
        (Metric.CONNECTIONS, COUNT),
        (Metric.MEMORY_PER_REQUEST, BYTES),
    ],
)
def test_unit_of_metric(metric: str, unit: Unit) -> None:
    """Every metric has the unit that its limits are written in."""
    assert unit_of(metric) is unit
