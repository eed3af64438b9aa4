"""Which file system a directory lies on: on some of them an fsync costs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

UNKNOWN: Final = "unknown"
_MOUNTS: Final = Path("/proc/self/mountinfo")


def file_system_of(directory: Path) -> str:
    """Return "ext4", "tmpfs", "overlay", ...; "unknown" where the system does not tell."""
    if not _MOUNTS.is_file():
        return UNKNOWN
    return type_at(directory.resolve(), _MOUNTS.read_text())


def type_at(directory: Path, mountinfo: str) -> str:
    """Return the type of the innermost mount above a resolved path; the format is proc_pid_mountinfo(5).

    A later mount on the same place hides the earlier one.
    """
    depth, found = -1, UNKNOWN
    for line in mountinfo.splitlines():
        place, _, source = line.partition(" - ")
        mount_point = Path(place.split()[4].replace("\\040", " "))
        if directory.is_relative_to(mount_point) and len(mount_point.parts) >= depth:
            depth, found = len(mount_point.parts), source.split()[0]
    return found
