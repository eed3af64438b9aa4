"""An operation written in Python, named so that a load process can find it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonCall:
    """`path:name`: a function or a class marked with `@perfengine.operation`.

    An empty path means a callable that was handed to `perfengine.run` and lives in the caller's process.
    """

    path: str
    name: str
