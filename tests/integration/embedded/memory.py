"""The shared memory of a server, as the Linux kernel lists it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_POSIX: Final = "/dev/shm/PostgreSQL"  # noqa: S108 - it is looked at, not written to


def memory_of(pid: int) -> tuple[set[Path], set[str]]:
    """Return the POSIX shared memory that a server has mapped, and the identifiers of its System V shared memory."""
    mapped = (line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines())
    posix = {Path(words[5]) for words in mapped if len(words) > 5 and words[5].startswith(_POSIX)}
    return posix, {identifier for identifier, creator in system_v() if creator == str(pid)}


def system_v() -> set[tuple[str, str]]:
    """Return identifier and creator of all System V shared memory there is."""
    lines = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return {(line.split()[1], line.split()[4]) for line in lines}


def is_given_back(memory: tuple[set[Path], set[str]]) -> bool:
    """Return whether nothing of it is left."""
    posix, identifiers = memory
    return not any(path.exists() for path in posix) and not identifiers & {found for found, _ in system_v()}
