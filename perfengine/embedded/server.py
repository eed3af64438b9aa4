"""An ephemeral server: started for one purpose, gone with it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from perfengine.embedded.access import PORT, ROLE
from perfengine.embedded.account import server_account
from perfengine.embedded.binaries import find_binaries, reachable_binaries
from perfengine.embedded.filesystem import file_system_of
from perfengine.embedded.launch import Keeper, hear_settings, release, start_keeper
from perfengine.embedded.order import build_order, write_configuration
from perfengine.embedded.settings import DEFAULT_MAX_CONNECTIONS
from perfengine.embedded.sweep import remove_orphan, sweep_stale
from perfengine.embedded.temporary import make_temporary_home
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from perfengine.embedded.account import Account
    from perfengine.embedded.binaries import Binaries
    from perfengine.embedded.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedServer:
    """A server that is ready, as its clients see it. There is no password: the kernel says who connects."""

    directory: Path
    socket_dir: Path
    log_path: Path
    port: int
    user: str
    database: str
    version: str  #: "18.6"
    file_system: str  #: of the data directory; on "tmpfs" an fsync costs nothing, and a report must say so
    #: as the server tells them: those that bear on figures, and all that were changed
    settings: Mapping[str, str]

    @property
    def dsn(self) -> str:
        """Return the address of `database` for libpq and asyncpg."""
        return self.dsn_of(self.database)

    def dsn_of(self, database: str) -> str:
        """Return the address of a database on this server; the port is in it lest PGPORT decide."""
        place = urlencode({"host": str(self.socket_dir), "port": self.port}, safe="/")
        return f"postgresql://{self.user}@/{quote(database, safe='')}?{place}"


class RunningServer:
    """The hold on an ephemeral server: when it is let go, or our process ends in any way, the server ends too."""

    def __init__(self, server: EmbeddedServer, keeper: Keeper) -> None:
        self.server = server
        self._keeper = keeper
        self._owner_pid = os.getpid()

    def stop(self) -> None:
        """Return when the server has ended and its directory is gone.

        Called again, or in a forked child, it does nothing.

        Raises: TargetError when its keeper was killed and the server does not stop.
        """
        if os.getpid() != self._owner_pid:
            return
        release(self._keeper)
        remove_orphan(self.server.directory)

    def __enter__(self) -> EmbeddedServer:
        return self.server

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_ephemeral(max_connections: int = DEFAULT_MAX_CONNECTIONS) -> RunningServer:
    """Return a new server, ready for clients: about a second. It blocks; call it from a worker thread.

    What a killed perfengine left is removed first. Raises: TargetError, with the end of the server's log.
    """
    with suppress(TargetError):  # an orphan that does not stop is for `cleanup` to report
        sweep_stale()
    account = server_account()
    binaries = find_binaries()
    home, lock = make_temporary_home(account)
    try:
        keeper, settings = launch(home, lock, account, binaries, max_connections)
    except BaseException:
        with suppress(TargetError):  # the cause says more than what it left
            home.remove()
        raise
    finally:
        os.close(lock)
    return RunningServer(describe(home, settings), keeper)


def launch(
    home: Home,
    lock: int,
    account: Account,
    binaries: Binaries,
    max_connections: int,
    *,
    outlives: bool = False,
) -> tuple[Keeper, Mapping[str, str]]:
    """Return the keeper of a server that is ready in this directory, and its settings.

    Raises: TargetError.
    """
    try:
        home.furnish(account)
        write_configuration(home, account, max_connections)
        servers = reachable_binaries(binaries, account, home.binaries)
        order = build_order(home, account, ours=binaries, servers=servers, outlives=outlives)
        keeper = start_keeper(order, lock)
    except OSError as error:
        raise TargetError(
            f"cannot prepare {home.directory} for the embedded server: {error}. As root it takes the rights to "
            "give files away and to look into them (CAP_CHOWN, CAP_DAC_OVERRIDE): run as an ordinary user, or name "
            "a server with --dsn"
        ) from error
    return keeper, hear_settings(keeper, order)


def describe(home: Home, settings: Mapping[str, str]) -> EmbeddedServer:
    """Return the server in this directory, given what it says of itself."""
    return EmbeddedServer(
        directory=home.directory,
        socket_dir=home.socket_dir,
        log_path=home.log_path,
        port=PORT,
        user=ROLE,
        database=ROLE,
        version=settings["server_version"],
        file_system=file_system_of(home.data),
        settings=settings,
    )
