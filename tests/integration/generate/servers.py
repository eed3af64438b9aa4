"""The servers that generated SQL must run on, each with a psql of its own: PostgreSQL 18, and 15 from Debian."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import connected

if TYPE_CHECKING:
    from collections.abc import Iterator

    import asyncpg

#: Set to 1 where PostgreSQL 15 was installed for these tests: then its absence is a failure, not a skip.
REQUIRED = "PERFENGINE_REQUIRE_POSTGRES15"
_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
_ROLE = "perfengine"


@dataclass(frozen=True)
class Server:
    """A server at work."""

    template: str  #: an address with {} for the name of a database
    psql: str

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of a new database for the block; it is dropped after it."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute("postgres", f'CREATE DATABASE "{name}"')
        try:
            yield self.template.format(name)
        finally:
            self.execute("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, database: str, statement: str) -> None:
        """Run a statement in the database of that name."""

        async def work(connection: asyncpg.Connection) -> None:
            await connection.execute(statement)

        connected(self.template.format(database), work)

    def run(self, dsn: str, text: str, directory: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a file as a user does: psql stops at the first error, and the user's own settings are left out."""
        path = directory / "generated.sql"
        path.write_bytes(text.encode())
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(
            [self.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(path), dsn],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=100,
        )


def find_fifteen() -> Path:
    """Return the programs of PostgreSQL 15. Without them skips the test, or fails it where they must be there."""
    if (_PROGRAMS / "initdb").is_file() and (_PROGRAMS / "psql").is_file():
        return _PROGRAMS
    why = "PostgreSQL 15 is not installed (Debian: apt-get install postgresql-15)"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{why}, and {REQUIRED}=1 says that it must be")
    pytest.skip(why)


@contextmanager
def fifteen_running(programs: Path) -> Iterator[Server]:
    """Give a PostgreSQL 15 for the block, in a directory of its own, as a user without rights."""
    # not pytest's own directory: the path of a socket must be short, and others may enter
    directory = Path(tempfile.mkdtemp(prefix="pg15-", dir="/var/tmp"))
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(directory, account.pw_uid, account.pw_gid)
    directory.chmod(0o755)  # psql comes as ourselves
    data = directory / "data"

    def call(program: str, *arguments: str) -> None:
        """Run a program as that user; its output goes to a file, which a server may keep open."""
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(programs / program), *arguments],
                user=account.pw_uid if os.geteuid() == 0 else None,
                group=account.pw_gid if os.geteuid() == 0 else None,
                cwd=directory,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                timeout=100,
            )
            output.seek(0)
            assert done.returncode == 0, output.read().decode()

    try:
        call("initdb", "-D", str(data), "-U", _ROLE, "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-k {directory} -c listen_addresses='' -c fsync=off"
        call("pg_ctl", "-D", str(data), "-w", "-l", str(directory / "log"), "-o", options, "start")
        try:
            template = f"postgresql://{_ROLE}@/{{}}?host={directory}&port=5432"
            yield Server(template=template, psql=str(programs / "psql"))
        finally:
            call("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory)
