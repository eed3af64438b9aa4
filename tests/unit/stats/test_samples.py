"""How many samples a limit needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.samples import is_weak, samples_for_quantile


@pytest.mark.parametrize(
    ("q", "samples"), [(0.5, 5), (0.9, 29), (0.95, 59), (0.99, 299), (0.999, 2995), (99.9 / 100, 2995)]
)
def test_samples_for_quantile(q: float, samples: int) -> None:
    """The numbers are those of the one-sided 95 % tables."""
    assert samples_for_quantile(q) == samples


@given(st.floats(0.01, 0.9999))
def test_it_is_the_least_number_that_suffices(q: float) -> None:
    """With that many samples one lies above the quantile in 95 of 100 runs, with one fewer it does not."""
    samples = samples_for_quantile(q)
    assert 1 - q**samples >= 0.95 - 1e-9
    assert 1 - q ** (samples - 1) < 0.95 + 1e-9


@pytest.mark.parametrize("q", [0.0, 1.0, -0.1, 95.0])
def test_not_a_quantile(q: float) -> None:
    """A number outside 0 and 1 is no quantile."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        samples_for_quantile(q)


def test_weak() -> None:
    """A p99 is weak with 298 samples and not with 299."""
    assert is_weak(0.99, 298)
    assert not is_weak(0.99, 299)
