"""Where an ephemeral server lives."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.embedded.home import SOCKET_PATH_BYTES_MAX, Home, Kind
from perfengine.embedded.lock import lock_directory
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from perfengine.embedded.account import Account

PREFIX: Final = "perfengine-db-"


def temporary_roots() -> tuple[Path, ...]:
    """Return where ephemeral servers may live, best first: TMPDIR if set, then /var/tmp, then /tmp.

    /var/tmp goes before /tmp because /tmp is often in memory, where an fsync costs nothing.
    """
    named = os.environ.get("TMPDIR")
    candidates = [*([named] if named else []), "/var/tmp", "/tmp"]  # noqa: S108 - a private directory is made in it
    places = dict.fromkeys(Path(candidate).absolute() for candidate in candidates)
    return tuple(place for place in places if place.is_dir())


def make_temporary_home(account: Account) -> tuple[Home, int]:
    """Return a new, marked directory and the descriptor that holds its lock.

    Raises: TargetError when no place for temporary files will do.
    """
    refusals = []
    for root in temporary_roots():
        if reason := _unfit(root, account):
            refusals.append(f"{root}: {reason}")
            continue
        home = Home(directory=Path(tempfile.mkdtemp(prefix=PREFIX, dir=root)))
        lock = lock_directory(home.directory)
        home.write_marker(Kind.EPHEMERAL)  # locked first: a marker without a lock means an orphan
        return home, lock
    raise TargetError(
        "no place for the embedded server: "
        + "; ".join(refusals or ["neither /var/tmp nor /tmp exists"])
        + ". Set TMPDIR to a directory that will do, or name a server with --dsn"
    )


def _unfit(root: Path, account: Account) -> str | None:
    if not os.access(root, os.W_OK | os.X_OK):
        return "not writable"
    if not Home(directory=root / f"{PREFIX}xxxxxxxx").has_room_for_socket:
        return f"its path leaves no room for a socket ({SOCKET_PATH_BYTES_MAX} bytes)"
    return None if account.can_enter(root) else "the server's account may not enter it"
