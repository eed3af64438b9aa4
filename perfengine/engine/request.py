"""What a user asks of a run, as one value: the command line and the Python API both make it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.model.settings import LoadSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRequest:
    """Which server, and what was said about using it."""

    dsn: str | None = field(default=None, repr=False)
    embedded: bool = False
    allow_target: str | None = None  #: the database that may be loaded although it is not local
    #: asks for a database name on a terminal and returns what was typed; None: nobody is there to ask
    confirm: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run."""

    paths: tuple[Path, ...]
    requirement_paths: tuple[Path, ...] = ()
    sla_paths: tuple[Path, ...] = ()
    report_paths: tuple[Path, ...] = ()
    load: LoadSettings = field(default_factory=LoadSettings)
    target: TargetRequest = field(default_factory=TargetRequest)
