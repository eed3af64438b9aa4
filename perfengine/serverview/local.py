"""What the process table of this machine says, if the server is in it, and why not if not."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.serverview.disk_space import disk_space
from perfengine.serverview.machine import network_bytes, processor_times
from perfengine.serverview.processes import PROC, disk_bytes, find_process, read_usage
from perfengine.serverview.reading import READ_LOCALLY, Reading, Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from perfengine.ports.clock import Clock

NOT_LINUX: Final = "this system has no /proc"
ELSEWHERE: Final = "the server is not on this machine"
UNKNOWN_YET: Final = (
    "the server's processes are not known: the connection that watches it could not be opened"
)
NOT_TOLD: Final = "the server does not tell this role where its files lie (GRANT pg_read_all_settings TO ...)"
UNIX_SOCKET: Final = "a Unix socket has no counter of bytes"
#: What the executable is called, depending on who packaged it.
_SERVER_NAMES: Final = frozenset({"postgres", "postmaster"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """The server's process behind a connection, as the server tells it."""

    pid: int
    role: str
    database: str


class LocalTable:
    """Reads the server's processes, our own, and the machine's counters."""

    def __init__(
        self,
        *,
        local: bool,
        socket: bool,
        data_directory: Path | None = None,
        own_pid: int | None = None,
        proc: Path = PROC,
    ) -> None:
        """`data_directory`: where the server says that its files lie; None where it does not say."""
        self._proc = proc
        self._local = local
        self._socket = socket
        self._data_directory = data_directory
        self._own_pid = own_pid or os.getpid()
        self._postmaster: int | None = None
        self._reasons: dict[Source, str] = {}
        self._refuse_server(UNKNOWN_YET if local else ELSEWHERE)
        if socket:
            self._reasons[Source.NETWORK] = UNIX_SOCKET
        if sys.platform != "linux":
            self._reasons = dict.fromkeys(READ_LOCALLY, NOT_LINUX)

    @property
    def postmaster(self) -> int | None:
        """The process id of the server; None while it is not known to be in our process table."""
        return self._postmaster

    def look_for(self, backend: Backend) -> None:
        """Find the server by one of its processes.

        Its number alone proves nothing: a server in a container counts its own. It must be a `postgres` that
        serves this role and database, and its parent must be one too.
        """
        if not self._local or NOT_LINUX in self._reasons.values():
            return
        self._postmaster = _parent_of(self._proc, backend)
        if self._postmaster is None:
            self._refuse_server(
                f"process {backend.pid} of the server is not in our process table: it runs in a container or as "
                "somebody whose processes are hidden from us"
            )
            return
        self._reasons.pop(Source.PROCESSES, None)
        self._reasons.pop(Source.DISK, None)
        if reason := _disk_reason(self._proc, self._postmaster):
            self._reasons[Source.DISK] = reason
        self._reasons.pop(Source.SPACE, None)
        if self._data_directory is None:
            self._reasons[Source.SPACE] = NOT_TOLD

    def read(self, clock: Clock) -> Reading:
        """Return what the process table says now."""
        at_ns, reasons = clock(), dict(self._reasons)
        values: dict[str, float | None] = {}
        readers: dict[Source, Callable[[], dict[str, float | None]]] = {
            Source.MACHINE: lambda: {**processor_times(self._proc)},
            Source.NETWORK: lambda: {"network_bytes": network_bytes(self._proc, loopback=self._local)},
            Source.PROCESSES: self._server,
            Source.SPACE: self._space,
            Source.GENERATOR: self._generator,
        }
        for source, read in readers.items():
            if source not in reasons:
                try:
                    values |= read()
                except (OSError, ValueError, LookupError) as error:  # a system may have a counter, but not so
                    reasons[source] = f"{'' if source is Source.SPACE else '/proc: '}{error}"
        return Reading(at_ns=at_ns, values=values, reasons=reasons)

    def _server(self) -> dict[str, float | None]:
        assert self._postmaster is not None  # noqa: S101 - no reason stands against it
        # a session of PostgreSQL has no processes of its own, but for the while of a COPY ... PROGRAM
        usage = read_usage(
            self._proc, self._postmaster, disk=Source.DISK not in self._reasons, childless=True
        )
        if usage is None:
            raise ProcessLookupError(f"process {self._postmaster} of the server has ended")
        return {
            "server_cpu_s": usage.cpu_s,
            "server_memory_bytes": usage.memory_bytes,
            "disk_read_bytes": usage.read_bytes,
            "disk_written_bytes": usage.written_bytes,
        }

    def _space(self) -> dict[str, float | None]:
        assert self._data_directory is not None  # noqa: S101 - no reason stands against it
        return disk_space(self._data_directory)

    def _generator(self) -> dict[str, float | None]:
        usage = read_usage(self._proc, self._own_pid, without=self._postmaster)
        return {"generator_cpu_s": usage.cpu_s, "generator_memory_bytes": usage.memory_bytes} if usage else {}

    def _refuse_server(self, reason: str) -> None:
        self._reasons |= dict.fromkeys((Source.PROCESSES, Source.DISK, Source.SPACE), reason)


def _parent_of(proc: Path, backend: Backend) -> int | None:
    process = find_process(proc, backend.pid)
    if process is None or process.name not in _SERVER_NAMES:
        return None
    parent = find_process(proc, process.parent)
    if parent is None or parent.name not in _SERVER_NAMES:
        return None
    try:
        title = (proc / str(backend.pid) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return None
    return parent.pid if f" {backend.role} {backend.database} " in title.replace("\0", " ") else None


def _disk_reason(proc: Path, pid: int) -> str:
    """Return why the disk bytes of a process cannot be had; nothing when they can."""
    try:
        disk_bytes(proc, pid)
    except PermissionError:
        return "/proc/PID/io of the server is shown to its owner and to root only"
    except (OSError, ValueError, LookupError):
        return "this kernel does not count disk bytes by process"
    return ""
