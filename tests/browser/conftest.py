"""The browser, started once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import Chromium, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """Yield a Chromium; skips by name where there is none."""
    with chromium() as running:
        yield running
