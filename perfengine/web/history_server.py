"""The history as a server, until a signal ends it."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from perfengine.web.history_pages import history_routes
from perfengine.web.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def serve_history(results: Path, port: int, say: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; the address is said when it can be asked. Only in the main thread.

    Raises: UsageError where the port cannot be had.
    """
    over = threading.Event()
    before = {each: signal.signal(each, lambda *_: over.set()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        with serving(port, history_routes(results)) as server:
            say(server.address)
            over.wait()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
