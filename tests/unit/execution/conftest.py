"""A server in memory, a clock that stands still, and both event loops."""

from __future__ import annotations

import pytest

from tests.doubles.clock import FakeClock
from tests.doubles.event_loops import EVENT_LOOPS
from tests.doubles.target import FakeTarget


@pytest.fixture(scope="session", params=EVENT_LOOPS)
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """Return the event loop of a test."""
    return request.param


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still."""
    return FakeClock()


@pytest.fixture
async def target(anyio_backend: object, clock: FakeClock) -> FakeTarget:
    """Return a server in memory that says yes to everything."""
    del anyio_backend
    return FakeTarget(clock)
