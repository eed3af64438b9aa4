"""Remove what a killed perfengine could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.embedded.home import Home, Kind
from perfengine.embedded.lock import locked
from perfengine.embedded.memory import free_memory
from perfengine.embedded.postmaster import AT_ONCE, stop_postmaster
from perfengine.embedded.temporary import PREFIX, temporary_roots

if TYPE_CHECKING:
    from pathlib import Path


def sweep_stale() -> tuple[Path, ...]:
    """Return the directories of ephemeral servers that had lost their keeper; they and their servers are gone now.

    Only directories that are ours, carry our marker and whose lock is free are touched. Raises: TargetError when an
    orphaned server does not stop.
    """
    found = (path for root in temporary_roots() for path in sorted(root.glob(f"{PREFIX}*")))
    return tuple(directory for directory in found if remove_orphan(directory))


def remove_orphan(directory: Path) -> bool:
    """Return whether the directory was an ephemeral server's that nobody looks after; it is gone now.

    Raises: TargetError when its server does not stop.
    """
    home = Home(directory=directory)
    if home.read_kind() != Kind.EPHEMERAL:
        return False
    try:
        with locked(directory):
            stop_postmaster(home.data, AT_ONCE)
            free_memory(home)
            home.remove()
    except (BlockingIOError, FileNotFoundError):  # it has a keeper, or another sweep was faster
        return False
    return not directory.exists()
