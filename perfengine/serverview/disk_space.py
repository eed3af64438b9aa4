"""How full the disk is that the server's files lie on."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def disk_space(data_directory: Path) -> dict[str, float | None]:
    """Return `disk_free_bytes`, as far as others than root may use them, and `disk_bytes`.

    The write-ahead log may lie on a disk of its own: then of the disk that has less free. Raises: OSError.
    """
    found = [os.statvfs(data_directory)]
    with suppress(OSError):  # only the server's owner may look into the directory
        found.append(os.statvfs(data_directory / "pg_wal"))
    least = min(found, key=lambda one: one.f_bavail * one.f_frsize)
    return {
        "disk_free_bytes": float(least.f_bavail * least.f_frsize),
        "disk_bytes": float(least.f_blocks * least.f_frsize),
    }
