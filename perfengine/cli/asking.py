"""A question to the user."""

from __future__ import annotations

import select
import sys
import threading
from typing import Final

#: How often it is looked whether the run that asks was interrupted meanwhile.
_LOOK_EVERY_S: Final = 0.2


def ask(question: str) -> str:
    """Return what was typed on the terminal, nothing at its end; no live view draws over it meanwhile.

    In a thread that a run asks from, an interrupt of the run ends the wait.
    """
    from perfengine.cli.screen import nothing_drawn

    with nothing_drawn():
        sys.stderr.write(question)
        sys.stderr.flush()
        _wait_for_line()
        return sys.stdin.readline().strip()


def _wait_for_line() -> None:
    """Wait until there is one, or an interrupt: Ctrl-C comes to the main thread alone. Windows cannot wait so."""
    in_main = threading.current_thread() is threading.main_thread()
    if in_main or sys.platform == "win32" or not sys.stdin.isatty():
        return
    from anyio import from_thread  # here: `--help` does without

    while not select.select([sys.stdin], [], [], _LOOK_EVERY_S)[0]:
        from_thread.check_cancelled()
