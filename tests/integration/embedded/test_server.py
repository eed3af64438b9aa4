"""An ephemeral server, from start to stop."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from perfengine.embedded.home import SOCKET_PATH_BYTES_MAX
from perfengine.embedded.postmaster import running_postmaster
from perfengine.embedded.server import start_ephemeral
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.server import EmbeddedServer


#: What the caller may have set for another server.
LIBPQ = {"PGPORT": "1", "PGHOST": "nowhere.invalid", "PGDATABASE": "nothing", "PGUSER": "no_such_user"}


def query(dsn: str, sql: str) -> Any:
    """Return the one value that the query gives."""

    async def ask() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_we_are_its_superuser_in_a_database_of_our_name(server: EmbeddedServer) -> None:
    """The address alone suffices to connect, without a password."""
    who = query(server.dsn, "SELECT current_database() || ' ' || rolname || ' ' || rolsuper FROM pg_roles "
                            "WHERE rolname = current_user")  # fmt: skip
    assert who == "perfengine perfengine true"


def test_pg_stat_statements_counts_from_the_start(server: EmbeddedServer, database: str) -> None:
    """Every database has the view, those made later too."""
    for dsn in (server.dsn, database):
        assert query(dsn, "SELECT count(*) FROM pg_stat_statements") > 0


def test_it_tells_its_version_and_settings(server: EmbeddedServer) -> None:
    """What is reported is what the server says."""
    assert server.version == query(server.dsn, "SHOW server_version")
    for name, value in server.settings.items():
        assert value == query(server.dsn, f"SELECT current_setting('{name}')")
    assert server.settings["fsync"] == "on"
    assert server.settings["shared_preload_libraries"] == "pg_stat_statements"


def test_settings_hold_no_path(server: EmbeddedServer) -> None:
    """They are printed with every result, which travels."""
    assert not [value for value in server.settings.values() if "/" in value.replace("Etc/", "")]


def test_it_sorts_by_code_point_and_folds_case_beyond_ascii(server: EmbeddedServer) -> None:
    """The built-in C.UTF-8 does the same on every machine."""
    assert (
        query(server.dsn, "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['b','a','B','ä']) x")
        == "Babä"
    )
    assert query(server.dsn, "SELECT upper('ä')") == "Ä"


def test_nothing_of_it_listens_on_the_network(server: EmbeddedServer) -> None:
    """The socket is the only way in, for its owner alone."""
    assert query(server.dsn, "SHOW listen_addresses") == ""
    socket = server.socket_dir / f".s.PGSQL.{server.port}"
    assert stat.S_ISSOCK(socket.stat().st_mode)
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700


def test_stopping_leaves_nothing_and_repeats_without_harm() -> None:
    """After `stop` neither process nor directory is left; a second call does nothing."""
    running = start_ephemeral()
    directory = running.server.directory
    assert running_postmaster(directory / "data") is not None
    running.stop()
    running.stop()
    assert not directory.exists()


def test_a_with_block_ends_the_server_whatever_happens_in_it() -> None:
    """An exception passes, the directory is gone."""
    with pytest.raises(LookupError), start_ephemeral() as server:
        raise LookupError
    assert not server.directory.exists()


def test_parents_keep_their_modes() -> None:
    """No directory that is not ours is opened to anybody: every parent is as before."""

    def parents() -> dict[Path, int]:
        return {place: place.stat().st_mode for place in watched}

    binaries = Path(asyncpg.__file__).parent
    watched = {*binaries.parents, *Path("/var/tmp/x").parents, *Path("/tmp/x").parents}  # noqa: S108 - names
    before = parents()
    with start_ephemeral() as server:
        assert parents() == before
        assert stat.S_IMODE(server.directory.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)
    assert parents() == before


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Yield a server that was started under odd circumstances, each of which a test below looks for."""
    deep = tmp_path_factory.mktemp("odd") / ("x" * SOCKET_PATH_BYTES_MAX)
    deep.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(deep))
        for name, value in LIBPQ.items():
            patch.setenv(name, value)
        running = start_ephemeral(max_connections=17)
    with running as server:
        yield server


def test_it_admits_as_many_clients_as_asked_for(odd_server: EmbeddedServer) -> None:
    """The argument reaches the server."""
    assert query(odd_server.dsn, "SHOW max_connections") == "17"


def test_a_tmpdir_too_long_for_a_socket_is_passed_over(odd_server: EmbeddedServer) -> None:
    """The next place is taken instead."""
    assert not any("x" * SOCKET_PATH_BYTES_MAX in part for part in odd_server.directory.parts)


def test_variables_of_libpq_do_not_lead_astray(
    odd_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PGPORT, PGHOST and the like of the caller change neither the start nor the address."""
    for name, value in LIBPQ.items():
        monkeypatch.setenv(name, value)
    assert query(odd_server.dsn, "SELECT current_user") == "perfengine"


def test_a_server_that_cannot_start_says_why_and_leaves_nothing() -> None:
    """The end of its log is in the error, its directory is gone."""
    with pytest.raises(TargetError, match="outside the valid range") as caught:
        start_ephemeral(max_connections=10_000_000)
    directory = str(caught.value).split()[4]
    assert directory.startswith("/")
    assert not Path(directory).exists()
    assert "--dsn" in str(caught.value)
