"""PgBouncer in transaction mode in front of a server of the tests: started, found ready, ended."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from perfengine.embedded.access import ROLE
from tests.integration.made import execute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.embedded.server import EmbeddedServer

#: Server sessions of a database that all clients of a pooler share.
POOL_SIZE = 10
#: Set to 1 where PgBouncer was installed for these tests: then its absence is a failure, not a skip.
REQUIRED = "PERFENGINE_REQUIRE_PGBOUNCER"
_DEADLINE_S = 60.0
_PORT = 6432  #: a part of the name of its socket
_STATE = """
SELECT count(*) FILTER (WHERE state <> 'idle') AS busy, count(*) AS sessions
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Bouncer:
    """A pooler at work."""

    server: EmbeddedServer
    directory: Path  #: with its socket: a port could be taken by another program before it has it
    log_path: Path

    def dsn_of(self, database: str) -> str:
        """Return the address of a database through the pooler; whoever comes is the server's superuser."""
        return f"postgresql://{ROLE}@/{database}?host={self.directory}&port={_PORT}"


def find_pgbouncer() -> str:
    """Return the program. Skips the test where there is none; fails it where there must be one."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is not None:
        return found
    why = "pgbouncer is not installed (Debian: apt-get install pgbouncer)"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{why}, and {REQUIRED}=1 says that it must be")
    pytest.skip(why)


def let_in(server: EmbeddedServer) -> None:
    """Let PgBouncer's user into the server: under root that is the server's own, which its user map refuses."""
    with (server.directory / "pg_ident.conf").open("a") as file:
        file.write(f'{ROLE} "{_account().pw_name}" all\n')
    execute(server.dsn, "SELECT pg_reload_conf()")


@contextmanager
def bouncing(server: EmbeddedServer, **settings: str) -> Iterator[Bouncer]:
    """Give a pooler in front of the server for the block, with further settings of PgBouncer's."""
    program = find_pgbouncer()
    with tempfile.TemporaryDirectory(prefix="perfengine-bouncer-", dir="/var/tmp") as name:
        directory, account = Path(name), _account()
        bouncer = Bouncer(server=server, directory=directory, log_path=directory / "log")
        configuration = directory / "pgbouncer.ini"
        configuration.write_text(_configuration(bouncer, settings))
        os.chown(directory, account.pw_uid, account.pw_gid)
        with bouncer.log_path.open("wb") as log:
            process = subprocess.Popen(
                [program, str(configuration)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **_become(account),
            )
        try:
            _wait_until_ready(bouncer, process)
            yield bouncer
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_DEADLINE_S)


def _account() -> pwd.struct_passwd:
    """Return who PgBouncer runs as: it refuses to be root."""
    return pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("nobody")


def _become(account: pwd.struct_passwd) -> Mapping[str, Any]:
    if os.geteuid():
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}


def _configuration(bouncer: Bouncer, settings: Mapping[str, str]) -> str:
    server = bouncer.server
    lines = {
        "listen_addr": "",
        "listen_port": str(_PORT),
        "unix_socket_dir": str(bouncer.directory),
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": str(POOL_SIZE),
        "max_client_conn": "200",
        **settings,
    }
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    return f"[databases]\n* = host={server.socket_dir} port={server.port} user={server.user}\n[pgbouncer]\n{text}"


def _wait_until_ready(bouncer: Bouncer, process: subprocess.Popen[bytes]) -> None:
    """Return when a client gets through to the server. Fails after a minute, or when PgBouncer ended."""
    deadline = time.monotonic() + _DEADLINE_S
    while True:
        try:
            execute(bouncer.dsn_of(bouncer.server.database), "SELECT")
        except (OSError, asyncpg.PostgresError):
            assert process.poll() is None, f"PgBouncer ended:\n{bouncer.log_path.read_text()}"
            assert time.monotonic() < deadline, f"nobody gets through:\n{bouncer.log_path.read_text()}"
            time.sleep(0.02)  # a poll with a deadline: another process starts
        else:
            return
