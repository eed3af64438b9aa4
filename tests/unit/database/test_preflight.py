"""Which servers are refused before they are loaded, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.database.address import address_of
from perfengine.database.preflight import ServerFacts, connections_for, require_usable
from perfengine.errors import TargetError

ADDRESS = address_of("postgresql://me:s3cret@db/app", "--dsn", {})
HERE = address_of("postgresql://me@localhost/app", "--dsn", {})
SOUND = ServerFacts(
    version_number=180001,
    version="18.1",
    database="app",
    role="me",
    in_recovery=False,
    read_only=False,
    may_create=True,
    max_connections=100,
    reserved=3,
    connected=10,
    settings={},
)


def test_a_sound_server_is_taken() -> None:
    """So many connections are left: 100 - 3 reserved - 10 in use - 10 for others - 2 of ours; here 5 for others."""
    assert SOUND.available(ADDRESS) == 75
    assert SOUND.available(HERE) == 80
    require_usable(SOUND, ADDRESS)


@pytest.mark.parametrize(("most", "left"), [(20, 5), (100, 10), (1000, 100)])
def test_a_server_elsewhere_keeps_a_tenth_of_its_connections_for_others(most: int, left: int) -> None:
    """Five at least; on this machine the others are few."""
    facts = replace(SOUND, max_connections=most)
    assert facts.left_for_others(ADDRESS) == left
    assert facts.left_for_others(HERE) == 5


@pytest.mark.parametrize(("allowed", "available"), [(None, 75), (500, 75), (20, 18), (1, 0)])
def test_limits_of_the_role_and_the_database_hold(allowed: int | None, available: int) -> None:
    """Two of what they leave are the run's own session and the one that watches."""
    assert replace(SOUND, allowed=allowed).available(ADDRESS) == available


@pytest.mark.parametrize("version_number", [130000, 139999, 190000])
def test_every_version_from_13_on_is_taken(version_number: int) -> None:
    """Newer ones too."""
    require_usable(replace(SOUND, version_number=version_number), ADDRESS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"version_number": 120022, "version": "12.22"},
            "PostgreSQL 12.22 is too old, perfengine needs 13 or newer",
        ),
        (
            {"in_recovery": True, "read_only": True},
            "the server is a standby (in recovery) and cannot be written to; name its primary",
        ),
        (
            {"read_only": True},
            (
                "transactions are read-only there (default_transaction_read_only); name a database that can be "
                "written to"
            ),
        ),
        (
            {"may_create": False},
            (
                'role "me" may not create a schema in database "app"; grant it (GRANT CREATE ON DATABASE ... TO ...) '
                "or name another database"
            ),
        ),
    ],
)
def test_a_server_that_cannot_take_the_run_is_refused(changes: dict[str, object], words: str) -> None:
    """One line: address without password, cause, remedy."""
    facts: ServerFacts = replace(SOUND, **changes)  # type: ignore[arg-type] # the values fit, one by one
    with pytest.raises(TargetError) as caught:
        require_usable(facts, ADDRESS)
    assert str(caught.value) == f"postgresql://me@db/app: {words}"


def test_a_full_server_has_nothing_left_rather_than_less() -> None:
    """Superusers may have taken the reserve."""
    assert replace(SOUND, connected=100).available(ADDRESS) == 0


@pytest.mark.parametrize(
    ("clients", "asked", "connections"),
    [
        pytest.param(50, None, 50, id="one each"),
        pytest.param(75, None, 75, id="one each, just so"),
        pytest.param(1000, None, 75, id="what there is, shared"),
        pytest.param(1000, 20, 20, id="what was asked"),
        pytest.param(10, 20, 10, id="never more than clients"),
        pytest.param(10, 200, 10, id="nor is what no client needs a mistake"),
    ],
)
def test_clients_get_a_connection_each_or_share_what_there_is(
    clients: int, asked: int | None, connections: int
) -> None:
    """A server has a limit, and a user may set one below it."""
    assert connections_for(SOUND, ADDRESS, clients=clients, asked=asked, processes=1) == connections


SUM = "(max_connections 100, 3 reserved, 10 in use, 10 left for others, 2 of perfengine)"


def test_more_connections_than_the_server_has_are_refused() -> None:
    """In one line that has the whole sum and a way out."""
    with pytest.raises(TargetError) as caught:
        connections_for(SOUND, ADDRESS, clients=100, asked=76, processes=1)
    assert str(caught.value) == (
        f"postgresql://me@db/app: 76 connections were asked for and 75 can be had {SUM}; lower --connections or "
        "raise max_connections"
    )


def test_every_load_process_needs_a_connection() -> None:
    """Fewer of them leave one without any."""
    assert connections_for(SOUND, ADDRESS, clients=8, asked=4, processes=4) == 4
    with pytest.raises(TargetError, match="4 load processes need a connection each and 75 can be had"):
        connections_for(SOUND, ADDRESS, clients=8, asked=3, processes=4)


def test_a_limit_of_the_role_is_in_the_sum() -> None:
    """Or nobody would find the reason."""
    with pytest.raises(TargetError, match="2 of perfengine; limits of the role and the database allow 12"):
        connections_for(replace(SOUND, allowed=12), ADDRESS, clients=100, asked=50, processes=1)
