"""Remove what a killed perfengine could not."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING, Final

from perfengine.embedded.account import server_account
from perfengine.embedded.binaries import find_binaries, reachable_binaries
from perfengine.embedded.environment import server_environment
from perfengine.embedded.home import Home, Kind
from perfengine.embedded.lock import locked
from perfengine.embedded.order import reclaim_command
from perfengine.embedded.postmaster import AT_ONCE, stop_postmaster
from perfengine.embedded.temporary import PREFIX, temporary_roots
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.embedded.account import Account

_RECLAIM_S: Final = 3.0
_POLL_S: Final = 0.05


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
            _free_memory(home)
            home.remove()
    except (BlockingIOError, FileNotFoundError):  # it has a keeper, or another sweep was faster
        return False
    return not directory.exists()


def _free_memory(home: Home) -> None:
    """Free the shared memory of a server that was killed; where that fails a megabyte stays until the next boot."""
    if not (home.data / "postmaster.pid").exists():
        return
    try:
        account = server_account()
        binaries = reachable_binaries(find_binaries(), account, home.binaries)
        deadline = time.monotonic() + _RECLAIM_S
        while not _is_reclaimed(reclaim_command(binaries, home), account) and time.monotonic() < deadline:
            time.sleep(_POLL_S)  # its other processes are still about to notice that it is gone
    except (OSError, subprocess.TimeoutExpired, TargetError):
        return


def _is_reclaimed(command: list[str], account: Account) -> bool:
    answer = subprocess.run(  # noqa: S603 - the wheel's own program
        command,
        env=server_environment(),
        cwd="/",
        capture_output=True,
        timeout=10,
        check=False,
        user=account.uid if account.is_other else None,
        group=account.gid if account.is_other else None,
        extra_groups=[] if account.is_other else None,
    )
    return answer.returncode == 0
