"""The process table of Linux: families of processes, and what they used."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.serverview.machine import TICKS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PROC: Final = Path("/proc")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
#: A process that ends while its family is read is counted twice or not at all; then the family is read again.
_TRIES: Final = 3
_CHUNK_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A line of the process table."""

    pid: int
    name: str
    parent: int
    own_ticks: int  #: of processor time
    reaped_ticks: int  #: of children that have ended, and of theirs

    @property
    def cpu_s(self) -> float:
        """The processor time of the process and of its children that have ended."""
        return (self.own_ticks + self.reaped_ticks) / TICKS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a family of processes used, from its beginning on; its members that have ended included."""

    cpu_s: float
    memory_bytes: int  #: private pages of all of them, and the largest shared part once
    read_bytes: int | None  #: from a disk; None where it was not asked for
    written_bytes: int | None


def find_process(proc: Path, pid: int) -> Process | None:
    """Return the process; None when there is none, or none that we may see."""
    try:
        text = _read_short(f"{proc}/{pid}/stat").decode(errors="replace")
    except OSError:
        return None
    before, _, after = text.rpartition(")")  # the name may hold blanks and parentheses
    fields = after.split()
    return Process(
        pid=pid,
        name=before.partition("(")[2],
        parent=int(fields[1]),
        own_ticks=int(fields[11]) + int(fields[12]),
        reaped_ticks=int(fields[13]) + int(fields[14]),
    )


def read_usage(
    proc: Path, eldest: int, *, disk: bool = False, without: int | None = None, childless: bool = False
) -> Usage | None:
    """Return what a process and all its descendants used; None when it has ended.

    `without` and its descendants are left out. Of a family whose children are `childless` no grandchildren are
    looked for: that costs as much as all the rest. Raises: OSError when `disk` is asked for and we may not know.
    """
    usage = None
    for _ in range(_TRIES):
        before = find_process(proc, eldest)
        if before is None:
            return None
        younger = _children(proc, eldest)(eldest) if childless else _descendants(proc, eldest, without)
        usage = _usage(proc, [before, *younger], disk=disk)
        after = find_process(proc, eldest)
        if after is None or after.reaped_ticks == before.reaped_ticks:
            break
    return usage


def disk_bytes(proc: Path, pid: int) -> tuple[int, int]:
    """Return how many bytes were read from and written to disks for a process and its children that have ended.

    Raises: OSError: PermissionError when it is somebody else's, FileNotFoundError when the kernel does not count.
    """
    lines = _read_short(f"{proc}/{pid}/io").splitlines()
    fields = dict(line.split(b": ") for line in lines)
    return int(fields[b"read_bytes"]), int(fields[b"write_bytes"])


def _read_short(path: str) -> bytes:
    """Return a file of /proc that is at most a few hundred bytes long, which the kernel gives in one piece."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, _CHUNK_BYTES)
    finally:
        os.close(descriptor)


def _read(path: str) -> bytes:
    """Return a file of /proc; hundreds are read a second, and `Path.read_bytes` takes twice as long."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return b"".join(iter(partial(os.read, descriptor, _CHUNK_BYTES), b""))
    finally:
        os.close(descriptor)


def _usage(proc: Path, family: Sequence[Process], *, disk: bool) -> Usage:
    pages = [pages for member in family if (pages := _pages(proc, member.pid))]
    moved = (
        [moved for member in family if (moved := _disk_bytes_if_alive(proc, member.pid))] if disk else None
    )
    return Usage(
        cpu_s=sum(member.cpu_s for member in family),
        memory_bytes=_PAGE_BYTES
        * (sum(private for private, _ in pages) + max((shared for _, shared in pages), default=0)),
        read_bytes=sum(read for read, _ in moved) if moved is not None else None,
        written_bytes=sum(written for _, written in moved) if moved is not None else None,
    )


def _pages(proc: Path, pid: int) -> tuple[int, int] | None:
    """Return the pages in memory that are private and those that are shared; a zombie has none."""
    try:
        _, resident, shared, *_ = _read_short(f"{proc}/{pid}/statm").split()
    except OSError:
        return None
    return int(resident) - int(shared), int(shared)


def _disk_bytes_if_alive(proc: Path, pid: int) -> tuple[int, int] | None:
    try:
        return disk_bytes(proc, pid)
    except (FileNotFoundError, ProcessLookupError):
        return None


def _descendants(proc: Path, eldest: int, without: int | None) -> Iterator[Process]:
    """Yield the descendants of a process."""
    children = _children(proc, eldest)
    waiting = [eldest]
    while waiting:
        for process in children(waiting.pop()):
            if process.pid != without:
                waiting.append(process.pid)
                yield process


def _children(proc: Path, eldest: int) -> Callable[[int], Sequence[Process]]:
    """Return a function that knows the children of a process of that family."""
    has_files = (proc / str(eldest) / "task" / str(eldest) / "children").exists()
    return partial(_children_by_file, proc) if has_files else _children_by_scan(proc)


def _children_by_file(proc: Path, pid: int) -> list[Process]:
    """Return the children as the kernel lists them, thread by thread; not every kernel is built so."""
    try:
        threads = os.listdir(f"{proc}/{pid}/task")  # noqa: PTH208 - as `_read`
        pids = [
            int(word) for thread in threads for word in _read(f"{proc}/{pid}/task/{thread}/children").split()
        ]
    except OSError:
        return []
    return [process for child in pids if (process := find_process(proc, child))]


def _children_by_scan(proc: Path) -> Callable[[int], Sequence[Process]]:
    """Return a function that knows everybody's children, having asked every process for its parent."""
    by_parent: defaultdict[int, list[Process]] = defaultdict(list)
    for entry in proc.iterdir():
        if entry.name.isdecimal() and (process := find_process(proc, int(entry.name))):
            by_parent[process.parent].append(process)
    return lambda pid: by_parent.get(pid, ())
