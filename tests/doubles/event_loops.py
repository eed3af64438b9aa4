"""The event loops that asynchronous code is tested on: asyncio's own, and uvloop, which perfengine prefers."""

from __future__ import annotations

import pytest

from perfengine.engine.event_loop import has_uvloop

EVENT_LOOPS = [
    pytest.param(("asyncio", {"use_uvloop": False}), id="asyncio"),
    pytest.param(
        ("asyncio", {"use_uvloop": True}),
        id="uvloop",
        marks=pytest.mark.skipif(not has_uvloop(), reason="uvloop is not installed"),
    ),
]
