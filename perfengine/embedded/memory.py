"""The shared memory of a server that was killed, given back by the server's own start-up check."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING, Final

from perfengine.embedded.account import server_account
from perfengine.embedded.binaries import find_binaries, reachable_binaries
from perfengine.embedded.environment import server_environment
from perfengine.embedded.order import reclaim_command
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from perfengine.embedded.account import Account
    from perfengine.embedded.home import Home

_PATIENCE_S: Final = 3.0
_POLL_S: Final = 0.05


def free_memory(home: Home) -> None:
    """Free the shared memory of a server that was killed; where that fails a megabyte stays until the next boot."""
    if not (home.data / "postmaster.pid").exists():
        return
    try:
        account = server_account()
        binaries = reachable_binaries(find_binaries(), account, home.binaries)
        deadline = time.monotonic() + _PATIENCE_S
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
