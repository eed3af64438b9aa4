"""The bare asyncpg loop: the floor."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks.arms.arm import Launch, Load

if TYPE_CHECKING:
    from collections.abc import Mapping


class Bare:
    """One process of benchmarks/scripts/bare_loop.py, in the environment of perfengine."""

    name = "bare asyncpg"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return the driver, the loop and the interpreter."""
        return {
            "python": sys.version.split()[0],
            "asyncpg": version("asyncpg"),
            "uvloop": version("uvloop"),
        }

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        del load  # the orders say it all
        return Launch(command=(sys.executable, "-m", "benchmarks.scripts.bare_loop"))
