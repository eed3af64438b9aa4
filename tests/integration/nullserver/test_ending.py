"""How the null server ends: with whoever started it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import InternalError
from perfengine.nullserver.launch import null_server
from tests.integration.embedded.processes import wait_for_end
from tests.integration.nullserver.test_asyncpg import socket_path

if TYPE_CHECKING:
    from pathlib import Path

#: Starts a null server, says where it is, and waits to be killed.
OWNER = """
import asyncio, json, signal
from perfengine.nullserver.launch import null_server
async def main():
    async with null_server() as server:
        print(json.dumps([server.pid, server.dsn]), flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


def test_it_ends_with_its_owner() -> None:
    """A killed owner leaves no server and no socket."""
    with subprocess.Popen([sys.executable, "-P", "-c", OWNER], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pid, dsn = json.loads(owner.stdout.readline())
        directory = socket_path(dsn).parent
        assert directory.is_dir()
        owner.kill()
        wait_for_end(pid)
    assert not directory.exists()


def test_the_terminals_interrupt_is_not_for_it() -> None:
    """It has a session of its own and goes on; its owner decides."""

    async def run() -> None:
        async with null_server() as server:
            assert os.getsid(server.pid) != os.getsid(0)
            os.kill(server.pid, signal.SIGINT)
            assert (await server.cost()).cpu_ns > 0

    asyncio.run(run())


def test_a_server_that_is_gone_is_said() -> None:
    """Asked for its cost after it was killed, it is an error that says so; its socket is removed all the same."""
    directories: list[Path] = []

    async def run() -> None:
        async with null_server() as server:
            directories.append(socket_path(server.dsn).parent)
            os.kill(server.pid, signal.SIGKILL)
            wait_for_end(server.pid)
            await server.cost()

    with pytest.raises(InternalError, match="the null server ended with code -9"):
        asyncio.run(run())
    assert not directories[0].exists()


def test_one_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last words are in the exception."""
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit('no breakfast, no work')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def run() -> None:
        async with null_server():
            pytest.fail("it started")

    with pytest.raises(InternalError, match="no breakfast, no work"):
        asyncio.run(run())
