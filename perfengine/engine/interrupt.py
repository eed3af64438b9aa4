"""Ctrl-C and SIGTERM: the first ends the run in good order, the second at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import anyio

from perfengine.engine.events import Leaving
from perfengine.errors import ExitCode

if TYPE_CHECKING:
    from perfengine.engine.events import Watch
    from perfengine.engine.load_group import LoadGroup

_EXIT_CODES = {signal.SIGINT: ExitCode.SIGINT, signal.SIGTERM: ExitCode.SIGTERM}


class Interrupt:
    """Whether a signal has asked the run to end. Mutable: it is the one thing that comes from outside."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.requested: ExitCode | None = None
        self._load: LoadGroup | None = None
        self._preparing = anyio.CancelScope()

    @property
    def preparing(self) -> anyio.CancelScope:
        """The scope that a signal cancels while no load is running."""
        return self._preparing

    def loading(self, load: LoadGroup) -> None:
        """From now on a signal stops the load in good order instead of cancelling."""
        self._load = load

    async def listen(self) -> None:
        """Wait for signals until cancelled; only the main thread gets any."""
        if threading.current_thread() is not threading.main_thread():
            return
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for received in signals:
                if self.requested is not None:
                    self._watch(Leaving())
                    _end_at_once(self.requested)
                self.requested = _EXIT_CODES[received]
                if self._load is not None:
                    await self._load.stop()
                else:
                    self._preparing.cancel()


def _end_at_once(code: ExitCode) -> None:
    """Leave without looking back; what is left behind is what `perfengine cleanup` is for."""
    sys.stderr.write("perfengine: ended at once; `perfengine cleanup` removes what was left on the server\n")
    sys.stderr.flush()
    os._exit(code)
