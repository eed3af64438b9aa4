"""Who runs the server, and who may speak to it."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.errors import TargetError

if TYPE_CHECKING:
    from pathlib import Path

#: PostgreSQL refuses to run as root; this account exists on every Unix and owns nothing.
UNPRIVILEGED: Final = "nobody"
_READ: Final = 0o4
_EXECUTE: Final = 0o1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The operating system's user that the server runs as."""

    uid: int
    gid: int
    client: str  #: name of the user who may connect: the one who started perfengine
    is_other: bool  #: the server runs as somebody else than perfengine does: we are root

    def can_enter(self, directory: Path) -> bool:
        """Return whether mode bits let the account pass through all directories down to this one."""
        resolved = directory.resolve()
        return all(self.may(_EXECUTE, place.stat()) for place in (resolved, *resolved.parents))

    def can_read(self, file: Path) -> bool:
        """Return whether mode bits let the account reach and read the file."""
        return file.is_file() and self.may(_READ, file.stat()) and self.can_enter(file.parent)

    def may(self, bit: int, status: os.stat_result) -> bool:
        """Return whether the bit is set for the account: of owner, group and others the first that fits decides."""
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode >> shift & bit)


def server_account() -> Account:
    """Return ourselves, or as root the account `nobody`.

    Raises: TargetError when the user has no entry in the user database, without which initdb does not run.
    """
    uid = os.geteuid()
    try:
        ourselves = pwd.getpwuid(uid)
    except KeyError:
        raise TargetError(
            f"user id {uid} has no name in the user database, and PostgreSQL does not start without one: "
            "add the user to /etc/passwd, or name a server with --dsn"
        ) from None
    server = _unprivileged() if uid == 0 else ourselves
    return Account(uid=server.pw_uid, gid=server.pw_gid, client=ourselves.pw_name, is_other=uid == 0)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise TargetError(
            f'PostgreSQL refuses to run as root, and the account "{UNPRIVILEGED}" does not exist here: '
            "run perfengine as an ordinary user, or name a server with --dsn"
        ) from None
