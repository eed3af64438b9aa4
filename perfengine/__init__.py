"""perfengine: load PostgreSQL with the work an application would send, and judge it with evidence."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.custom.client import Client, Row
    from perfengine.custom.decorators import operation, setup, teardown
    from perfengine.custom.draw import Draw
    from perfengine.engine.api import run, run_async
    from perfengine.errors import (
        ExitCode,
        InternalError,
        PerfengineError,
        PlanError,
        RunAborted,
        SafetyError,
        SpecError,
        TargetError,
        UsageError,
    )
    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import Answer
    from perfengine.model.generator import Exponential, Normal, Uniform, Zipf
    from perfengine.model.result import RunResult, Standing
    from perfengine.model.verdict import Verdict
    from perfengine.ports.python_operations import Refused

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Client",
    "ComparisonResult",
    "Draw",
    "ExitCode",
    "Exponential",
    "InternalError",
    "Normal",
    "PerfengineError",
    "PlanError",
    "Refused",
    "Row",
    "RunAborted",
    "RunResult",
    "SafetyError",
    "SpecError",
    "Standing",
    "TargetError",
    "Uniform",
    "UsageError",
    "Verdict",
    "Zipf",
    "__version__",
    "operation",
    "run",
    "run_async",
    "setup",
    "teardown",
]

#: Where each name lives: it is imported when it is first asked for, so that `perfengine --help` waits for nothing.
_HOMES = {
    "perfengine.custom.client": ("Client", "Row"),
    "perfengine.custom.decorators": ("operation", "setup", "teardown"),
    "perfengine.custom.draw": ("Draw",),
    "perfengine.engine.api": ("run", "run_async"),
    "perfengine.errors": (
        "ExitCode",
        "InternalError",
        "PerfengineError",
        "PlanError",
        "RunAborted",
        "SafetyError",
        "SpecError",
        "TargetError",
        "UsageError",
    ),
    "perfengine.model.compared": ("ComparisonResult",),
    "perfengine.model.comparison": ("Answer",),
    "perfengine.model.generator": ("Exponential", "Normal", "Uniform", "Zipf"),
    "perfengine.model.result": ("RunResult", "Standing"),
    "perfengine.model.verdict": ("Verdict",),
    "perfengine.ports.python_operations": ("Refused",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # or a type checker would take every name for one of ours

    def __getattr__(name: str) -> object:
        """Return a name of the façade, imported now."""
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(_HOME_OF[name]), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    """Return the names of the façade, imported or not."""
    return sorted({*globals(), *_HOME_OF})
