"""The ceiling of this machine's load process: kept from one `perfengine calibrate` to the runs after it.

It is a figure about one machine with one set of versions: of another it says nothing, and is not used. A file that
cannot be read is a machine that was not calibrated, never an error of a run.
"""

from __future__ import annotations

import json
import math
import os
import platform
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final

from perfengine import __version__
from perfengine.engine.event_loop import has_uvloop
from perfengine.engine.machine import usable_cpus
from perfengine.engine.whole_file import write_whole
from perfengine.errors import PerfengineError
from perfengine.model.series import Ceiling

#: A file of another number is not read.
VERSION: Final = 1
_BYTES_MAX: Final = 1 << 16
_CPU_MODELS: Final = Path("/proc/cpuinfo")


class Limit(StrEnum):
    """What kept a calibration from going faster."""

    LOAD_PROCESS = "load process"  #: as it should be: the rate is the ceiling
    NULL_SERVER = "null server"  #: the ceiling is at least the rate
    PROCESSORS = "processors"  #: others had the load process's: the ceiling is at least the rate
    CLIENTS = "clients"  #: too few to keep anything busy: the ceiling is at least the rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What one load process did against a null server; rates are of whole seconds."""

    rate_per_s: float  #: the median
    rate_per_s_min: float
    rate_per_s_max: float
    seconds: int
    clients: int
    cpu_us_per_attempt: float  #: of the load process
    busy_share: float  #: of the time that the load process ran or waited for a processor
    run_queue_share: float  #: of the time that it waited for one; 0 where the system does not tell
    null_server_busy_share: float  #: of the time that the null server ran
    limit: Limit
    measured_at: str  #: ISO 8601, UTC

    @property
    def ceiling(self) -> Ceiling:
        """The figure that runs refer to."""
        return Ceiling(rate_per_s=self.rate_per_s, measured_at=self.measured_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a ceiling depends on."""

    cpu_model: str
    cpus: int
    python: str
    asyncpg: str
    uvloop: str  #: its version; empty: there is none
    perfengine: str


def this_machine() -> Machine:
    """Return the machine and the versions that this process runs on."""
    return Machine(
        cpu_model=_cpu_model(),
        cpus=usable_cpus(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        asyncpg=version("asyncpg"),
        uvloop=version("uvloop") if has_uvloop() else "",
        perfengine=__version__,
    )


def _cpu_model() -> str:
    try:
        lines = _CPU_MODELS.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def calibration_path() -> Path:
    """Return where the calibration is kept: perfengine/calibration.json under XDG_STATE_HOME or ~/.local/state.

    Raises: RuntimeError when there is no home directory.
    """
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    state = named if named.is_absolute() else Path.home() / ".local" / "state"
    return state / "perfengine" / "calibration.json"


def store_calibration(calibration: Calibration) -> Path:
    """Return the file that holds it now, instead of the one before. Raises: PerfengineError naming it."""
    document = {"version": VERSION, "machine": asdict(this_machine()), "calibration": asdict(calibration)}
    try:
        path = calibration_path()
    except RuntimeError as error:
        raise PerfengineError(
            "there is no home directory to keep the ceiling in: set XDG_STATE_HOME"
        ) from error
    try:
        _make_private(path.parent)
        write_whole(path, json.dumps(document, indent=2).encode() + b"\n", mode=0o600)
    except OSError as error:
        raise PerfengineError(
            f"the ceiling cannot be kept: {path} cannot be written: {error.strerror}. Set XDG_STATE_HOME to another "
            "directory"
        ) from error
    return path


def _make_private(directory: Path) -> None:
    """Make the directory and those above it that are missing, for ourselves alone, as the XDG specification asks."""
    for place in (*reversed(directory.parents), directory):
        place.mkdir(mode=0o700, exist_ok=True)


def stored_calibration() -> Calibration | None:
    """Return what was measured on this very machine with these versions; None when nothing was."""
    try:
        document = _read_document(calibration_path())
        if document["version"] != VERSION or document["machine"] != asdict(this_machine()):
            return None
        return _calibration_of(document["calibration"])
    # whatever is in the file: it is no calibration, and a run goes on without one
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):
        return None


def _read_document(path: Path) -> dict[str, object]:
    if not path.is_file():  # a pipe would be waited for
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        document = json.loads(file.read(_BYTES_MAX))
    if not isinstance(document, dict):
        raise TypeError("a calibration is an object")
    return document


def _calibration_of(found: object) -> Calibration:
    """Return the calibration of a document. Raises: TypeError, ValueError for anything else."""
    if not isinstance(found, dict):
        raise TypeError("a calibration is an object")
    calibration = Calibration(**{**found, "limit": Limit(found["limit"])})
    if not (math.isfinite(calibration.rate_per_s) and calibration.rate_per_s > 0):
        raise ValueError("a ceiling is above 0")
    datetime.fromisoformat(calibration.measured_at)
    return calibration


def stored_ceiling() -> Ceiling | None:
    """Return this machine's ceiling; None when it was not calibrated, or with other versions."""
    calibration = stored_calibration()
    return calibration.ceiling if calibration else None


def with_share(ceiling: Ceiling, busiest_rate_per_s_of_one_process: float) -> Ceiling:
    """Return the ceiling with the share of it that the busiest load process used."""
    return replace(ceiling, share=busiest_rate_per_s_of_one_process / ceiling.rate_per_s)
