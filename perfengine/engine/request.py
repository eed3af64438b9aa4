"""What a user asks of a run, as one value: the command line and the Python API both make it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.model.settings import LoadSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfengine.custom.code import Code
    from perfengine.model.raw import RawRequest
    from perfengine.model.requirement import Requirement
    from perfengine.model.workload import Mode
    from perfengine.pgbench.asked import AskedScripts


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRequest:
    """Which server, and what was said about using it."""

    dsn: str | None = field(default=None, repr=False)
    dsn_option: str = field(default="--dsn", compare=False)  #: which option `dsn` came from, for messages
    #: where `dsn` is a pooler, the server behind it: for the run's own session
    #: "" where there is none, whatever the environment names
    direct_dsn: str | None = field(default=None, repr=False)
    direct_option: str = field(default="--direct-dsn", compare=False)  #: which option it came from
    embedded: bool = False
    allow_target: str | None = None  #: the database that may be loaded although it is not local
    #: asks for a database name on a terminal and returns what was typed; None: nobody is there to ask
    confirm: Callable[[str], str] | None = None
    existing: bool | None = None  #: load tables that are there, no sandbox; None: as the documents say
    schema: str | None = None  #: where existing tables are looked for; None: wherever the role looks
    read_only: bool = False  #: of existing tables: nothing is written


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run."""

    paths: tuple[Path, ...] = ()
    python: tuple[str, ...] = ()  #: Python files: `checkout.py`, `checkout.py:checkout`
    scripts: AskedScripts | None = None  #: of pgbench
    code: Code | None = None  #: functions and classes of the caller's own process
    mode: Mode | None = None  #: wins over the documents
    requirements: tuple[Requirement, ...] = ()  #: beside those of documents and of the operations themselves
    default_requirements: bool = False  #: those of `judging.defaults` too
    requirement_paths: tuple[Path, ...] = ()
    sla_paths: tuple[Path, ...] = ()
    report_paths: tuple[Path, ...] = ()
    baseline: Path | None = None  #: what the run is compared with when it is judged
    regression_threshold: float | None = None  #: as a fraction; None: as the baseline says
    load: LoadSettings = field(default_factory=LoadSettings)
    repeats: int = 1  #: of the whole load
    stabilise: bool = False  #: bring the server into a known state before each
    canary: bool | None = None  #: measure one; None: where the run will be compared, now or later
    raw: RawRequest | None = None  #: keep every attempt, too
    prints_json: bool = False  #: the result goes to stdout as JSON, beside the reports
    target: TargetRequest = field(default_factory=TargetRequest)
