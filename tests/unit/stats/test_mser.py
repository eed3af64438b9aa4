"""MSER-5 and its gates, on series without noise or with little."""

from __future__ import annotations

import numpy as np
import pytest

from perfengine.stats.mser import batch_means, range_of_thirds, trend, truncation


def test_batches_of_five() -> None:
    """Five values make one mean; a batch that is not whole is left out."""
    assert batch_means([1, 2, 3, 4, 5, 10, 10, 10, 10, 10, 99]).tolist() == [3, 10]


def test_step() -> None:
    """What comes before a step is cut, to the batch."""
    means = np.asarray([5.0] * 4 + [1.0, 1.1] * 8)
    assert truncation(means) == 4


def test_still_settling() -> None:
    """A series that settles until its middle has not settled."""
    assert truncation(np.asarray([5.0] * 10 + [1.0] * 10)) is None


def test_nothing_to_cut() -> None:
    """A series without a beginning of its own is kept whole."""
    assert truncation(np.asarray([1.0, 1.1] * 10)) == 0


def test_trend_of_a_line() -> None:
    """A line has its rise as drift, and no doubt."""
    found = trend(np.linspace(1, 3, 21), 0.99)
    assert found is not None
    assert found.is_certain
    assert found.drift == pytest.approx(2)
    assert found.variance == pytest.approx(0, abs=1e-20)


def test_trend_of_noise() -> None:
    """Noise has no certain trend, and too few batches have none at all."""
    found = trend(np.asarray([1.0, -1.0] * 10), 0.99)
    assert found is not None
    assert not found.is_certain
    assert trend(np.ones(9), 0.99) is None


def test_thirds() -> None:
    """The range of the thirds' means."""
    assert range_of_thirds(np.asarray([1.0, 1.0, 2.0, 2.0, 4.0, 4.0])) == 3
    assert range_of_thirds(np.ones(2)) == float("inf")
