"""Which servers are refused before they are loaded, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.database.address import address_of
from perfengine.database.preflight import ServerFacts, require_usable
from perfengine.errors import TargetError

ADDRESS = address_of("postgresql://me:s3cret@db/app", "--dsn", {})
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
    """As many clients as there are connections left: 100 - 3 reserved - 10 in use - 5 for others - 2 of ours."""
    assert SOUND.available == 80
    require_usable(SOUND, ADDRESS, 80)


@pytest.mark.parametrize("version_number", [130000, 139999, 190000])
def test_every_version_from_13_on_is_taken(version_number: int) -> None:
    """Newer ones too."""
    require_usable(replace(SOUND, version_number=version_number), ADDRESS, 1)


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
        (
            {"connected": 11},
            (
                "80 clients need 80 connections and 79 can be had (max_connections 100, 3 reserved, 11 in use, 5 "
                "left for others, 2 of perfengine); lower --concurrency or raise max_connections"
            ),
        ),
    ],
)
def test_a_server_that_cannot_take_the_run_is_refused(changes: dict[str, object], words: str) -> None:
    """One line: address without password, cause, remedy."""
    facts: ServerFacts = replace(SOUND, **changes)  # type: ignore[arg-type] # the values fit, one by one
    with pytest.raises(TargetError) as caught:
        require_usable(facts, ADDRESS, 80)
    assert str(caught.value) == f"postgresql://me@db/app: {words}"


def test_a_full_server_has_nothing_left_rather_than_less() -> None:
    """Superusers may have taken the reserve."""
    assert replace(SOUND, connected=100).available == 0
