"""What the keeper is told to do: the commands for one server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.embedded.access import ROLE, render_hba, render_ident
from perfengine.embedded.environment import server_environment
from perfengine.embedded.introduction import INTRODUCTION_SQL, psql_command
from perfengine.embedded.settings import render_settings, server_settings, wiring_settings

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.embedded.account import Account
    from perfengine.embedded.binaries import Binaries
    from perfengine.embedded.home import Home

#: initdb, the server's start (recovery after a crash of the machine included) and the first connection, each.
STEP_TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """It travels as one line of JSON. Lists are commands, paths are absolute."""

    owner_pid: int  #: the process whose end releases the server
    directory: str
    data: str
    unfinished_data: str
    log: str
    uid: int | None  #: run the server as this user; None: as ourselves
    gid: int | None
    environment: dict[str, str]
    initdb: list[str] | None  #: None: `data` is there already
    postgres: list[str]
    reclaim: list[str]  #: frees the shared memory that a killed server left
    psql: list[str]
    introduction: str  #: SQL for psql; the last line it prints goes into the answer
    outlives: bool  #: leave the server running once it is ready
    step_timeout_s: float


def write_configuration(home: Home, account: Account, max_connections: int) -> None:
    """Write the three files that the server reads at its start."""
    settings = (*server_settings(max_connections), *wiring_settings(home))
    for path, text in (
        (home.settings_path, render_settings(settings)),
        (home.hba_path, render_hba()),
        (home.ident_path, render_ident(account.client)),
    ):
        path.write_text(text)
        path.chmod(0o644)  # the server's account reads them; the directory keeps everybody else out


def build_order(
    home: Home, account: Account, ours: Binaries, servers: Binaries, *, outlives: bool = False
) -> Order:
    """Return the order for a server in this directory.

    `ours` are the binaries that we run, `servers` those that the server's account runs: the same or a copy.
    """
    return Order(
        owner_pid=os.getpid(),
        directory=str(home.directory),
        data=str(home.data),
        unfinished_data=str(home.unfinished_data),
        log=str(home.log_path),
        uid=account.uid if account.is_other else None,
        gid=account.gid if account.is_other else None,
        environment=server_environment(),
        initdb=None if home.data.exists() else _initdb(servers, home.unfinished_data, is_kept=outlives),
        postgres=[servers.program("postgres"), *_place(home)],
        reclaim=reclaim_command(servers, home),
        psql=psql_command(ours, home, "template1"),
        introduction=INTRODUCTION_SQL,
        outlives=outlives,
        step_timeout_s=STEP_TIMEOUT_S,
    )


def reclaim_command(binaries: Binaries, home: Home) -> list[str]:
    """Return the server's own start-up check, which finds and frees what a killed predecessor left in memory."""
    return [binaries.program("postgres"), "--check", *_place(home)]


def _place(home: Home) -> list[str]:
    """Return the arguments that say where a server's data and settings are."""
    return ["-D", str(home.data), "-c", f"config_file={home.settings_path}"]


def _initdb(binaries: Binaries, data: Path, *, is_kept: bool) -> list[str]:
    """Return the command. The built-in C.UTF-8 sorts and folds case alike on every machine, whatever its libc."""
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    manner = ["--no-instructions", "--auth=reject"]  # our own pg_hba.conf decides; this one is never read
    haste = [] if is_kept else ["--no-sync"]
    return [
        binaries.program("initdb"),
        "--pgdata",
        str(data),
        "--username",
        ROLE,
        *locale,
        *manner,
        *haste,
    ]
