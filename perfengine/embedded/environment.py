"""The environment variables that our processes get: almost none."""

from __future__ import annotations

import os
from typing import Final

_LOADER: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def server_environment() -> dict[str, str]:
    """Return the variables for the keeper, the server and its tools: no PG*, no password, one language.

    The loader's path is passed on, for some Pythons do not start without it.
    """
    inherited = {name: os.environ[name] for name in _LOADER if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **inherited}
