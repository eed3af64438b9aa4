"""The directory of a server: its paths, its lock, the marker that says it is ours.

perfengine-db-x7k2q9ab/           ours; as root open to the server's group for passing through, nothing else
    perfengine-server.json        the marker; without it nothing is ever removed
    postgresql.conf pg_hba.conf pg_ident.conf   ours, so that the server cannot change who may enter
    server.log
    data/                         the server's
    socket/                       the server's, mode 0700
    binaries/                     only when the server's account cannot reach the installed ones
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from perfengine.embedded.access import PORT
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.embedded.account import Account

MARKER: Final = "perfengine-server.json"
#: A socket's path has room for 104 bytes on macOS and 108 on Linux, the closing zero among them.
SOCKET_PATH_BYTES_MAX: Final = 103
#: A backend that is about to die may still write a file into a directory that was just emptied.
_REMOVALS: Final = 3


class Kind(StrEnum):
    """What a server is for."""

    EPHEMERAL = "ephemeral"  #: one run; it is gone afterwards
    NAMED = "named"  #: to look into; it and its data stay until somebody says otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The paths of one server."""

    directory: Path

    @property
    def data(self) -> Path:
        """Return PGDATA; it exists from the moment initdb has finished."""
        return self.directory / "data"

    @property
    def unfinished_data(self) -> Path:
        """Return where initdb works; renamed to `data` when it is done."""
        return self.directory / "data.new"

    @property
    def socket_dir(self) -> Path:
        """Return the directory of the socket: the host of a DSN."""
        return self.directory / "socket"

    @property
    def socket_path(self) -> Path:
        """Return the socket itself."""
        return self.socket_dir / f".s.PGSQL.{PORT}"

    @property
    def binaries(self) -> Path:
        """Return where a copy of the programs goes."""
        return self.directory / "binaries"

    @property
    def log_path(self) -> Path:
        """Return the server's log."""
        return self.directory / "server.log"

    @property
    def settings_path(self) -> Path:
        """Return postgresql.conf."""
        return self.directory / "postgresql.conf"

    @property
    def hba_path(self) -> Path:
        """Return pg_hba.conf."""
        return self.directory / "pg_hba.conf"

    @property
    def ident_path(self) -> Path:
        """Return pg_ident.conf."""
        return self.directory / "pg_ident.conf"

    @property
    def has_room_for_socket(self) -> bool:
        """Return whether the path of the socket is short enough for the system."""
        return len(os.fsencode(self.socket_path)) <= SOCKET_PATH_BYTES_MAX

    def read_kind(self) -> Kind | None:
        """Return what the marker says; None without a marker of ours."""
        marker = self.directory / MARKER
        try:
            if not all(_is_ours(place) for place in (self.directory, marker)):
                return None
            return Kind(json.loads(marker.read_text())["kind"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write_marker(self, kind: Kind) -> None:
        """Say that the directory is ours."""
        (self.directory / MARKER).write_text(json.dumps({"made_by": "perfengine", "kind": kind}) + "\n")

    def furnish(self, account: Account) -> None:
        """Make the server's own directories and let its account pass through to them.

        Raises: OSError when we may not give directories away, or not look into them then (root without capabilities).
        """
        shutil.rmtree(self.unfinished_data, ignore_errors=True)  # of a start that was interrupted
        wanted = (self.socket_dir,) if self.data.exists() else (self.socket_dir, self.unfinished_data)
        for place in wanted:
            place.mkdir(mode=0o700, exist_ok=True)
            if account.is_other:
                _give_away(place, account)
        if account.is_other:
            os.chown(self.directory, -1, account.gid)
            self.directory.chmod(0o710)

    def remove(self) -> None:
        """Remove all of it. Raises: TargetError when something stays."""
        for _ in range(_REMOVALS):
            shutil.rmtree(self.directory, ignore_errors=True)
            if not self.directory.exists():
                return
        raise TargetError(f"cannot remove {self.directory}: remove it by hand")


def _give_away(directory: Path, account: Account) -> None:
    os.chown(directory, account.uid, account.gid)
    try:
        any(directory.iterdir())
    except PermissionError:
        directory.rmdir()  # while it is empty: what it would hold could not be removed later
        raise


def _is_ours(path: Path) -> bool:
    return not path.is_symlink() and path.stat().st_uid == os.geteuid()
