"""The machine and the server that figures were taken on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from perfengine import __version__
from perfengine.engine.event_loop import has_uvloop
from perfengine.model.environment import Environment

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.database.preflight import ServerFacts

_LIBRARIES = ("asyncpg", "anyio", "hdrhistogram", "numpy")


def describe_environment(address: Address, facts: ServerFacts) -> Environment:
    """Return what a reader needs to take the figures again; no password, no path, no host name of ours."""
    libraries = {name: version(name) for name in _LIBRARIES}
    if has_uvloop():
        libraries["uvloop"] = version("uvloop")
    return Environment(
        perfengine=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        cpus=os.cpu_count() or 0,
        libraries=libraries,
        event_loop="uvloop" if has_uvloop() else "asyncio",
        target=address.shown,
        embedded=address.source == "embedded",
        server_version=facts.version,
        server_settings=dict(facts.settings),
    )
