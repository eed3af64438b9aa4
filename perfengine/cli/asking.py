"""A question to the user."""

from __future__ import annotations

import sys


def ask(question: str) -> str:
    """Return what was typed on the terminal; no live view draws over it meanwhile."""
    from perfengine.cli.screen import nothing_drawn

    with nothing_drawn():
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline().strip()
