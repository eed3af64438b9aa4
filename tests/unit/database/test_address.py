"""Which server is meant, how it is shown, and that its password never is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.database.address import address_of, choose_address
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = {
    "PERFENGINE_DATABASE_URL": "postgresql://ours/x",
    "DATABASE_URL": "postgresql://theirs/x",
    "PGHOST": "libpq",
}


@pytest.mark.parametrize(
    ("dsn", "missing", "source", "shown"),
    [
        ("postgresql://named/x", (), "--dsn", "postgresql://named/x"),
        (None, (), "PERFENGINE_DATABASE_URL", "postgresql://ours/x"),
        (None, ("PERFENGINE_DATABASE_URL",), "DATABASE_URL", "postgresql://theirs/x"),
        (None, ("PERFENGINE_DATABASE_URL", "DATABASE_URL"), "PG*", "postgresql://libpq/"),
    ],
)
def test_the_first_that_is_named_is_taken(
    dsn: str | None, missing: tuple[str, ...], source: str, shown: str
) -> None:
    """The command line, our own variable, the usual one, libpq's: in this order."""
    environ = {name: value for name, value in EVERYTHING.items() if name not in missing}
    address = choose_address(dsn, environ)
    assert address is not None
    assert (address.source, address.shown) == (source, shown)


@pytest.mark.parametrize("environ", [{}, {"PGUSER": "me", "PGDATABASE": "app"}, {"DATABASE_URL": ""}])
def test_nothing_named_means_no_address(environ: dict[str, str]) -> None:
    """A user or a database alone names no server, and an empty variable names nothing."""
    assert choose_address(None, environ) is None


@pytest.mark.parametrize(
    ("source", "deliberate"),
    [("--dsn", True), ("PERFENGINE_DATABASE_URL", True), ("DATABASE_URL", False), ("PG*", False)],
)
def test_what_was_named_for_perfengine_is_deliberate(source: str, deliberate: bool) -> None:
    """What other programs use too was perhaps not meant."""
    assert address_of("postgresql://h/x", source, {}).deliberate is deliberate


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:secret@db.example.com:5433/app", "postgresql://me@db.example.com:5433/app"),
        ("postgres://me@db/app?sslmode=require", "postgresql://me@db/app"),
        ("  postgresql://db/app\n", "postgresql://db/app"),
        ("POSTGRESQL://db/app", "postgresql://db/app"),
        ("postgresql://me%40corp@db/my%20app", "postgresql://me@corp@db/my app"),
        ("postgresql://h1:1,h2:2/app", "postgresql://h1:1,h2:2/app"),
        ("postgresql://[::1]:5433/app", "postgresql://[::1]:5433/app"),
        ("postgresql://me@/app?host=/run/pg&port=5433", "postgresql://me@/run/pg/app"),
        ("postgresql://%2Frun%2Fpg/app", "postgresql:///run/pg/app"),
        ("postgresql:///app", "postgresql://local socket/app"),
        ("postgresql://", "postgresql://local socket/"),
        ("postgresql://?host=db&port=5433&user=me&dbname=app", "postgresql://me@db:5433/app"),
        ("host=db port=5433 user=me password=secret dbname=app", "postgresql://me@db:5433/app"),
        ("host = db dbname = 'my app' password = 'it\\'s secret'", "postgresql://db/my app"),
        ("host=/run/pg dbname=app", "postgresql:///run/pg/app"),
        ("host=h1,h2 dbname=app", "postgresql://h1,h2/app"),
        ("host=::1 port=5433 dbname=app", "postgresql://[::1]:5433/app"),
        ("host=db password=a://b dbname=app", "postgresql://db/app"),
        ("postgresql://h/line%0Abreak", "postgresql://h/line\\nbreak"),
    ],
)
def test_an_address_is_shown_in_one_line(text: str, shown: str) -> None:
    """User, host, port and database, from a URI or from key=value."""
    assert address_of(text, "--dsn", {}).shown == shown


def test_what_the_dsn_leaves_open_comes_from_the_environment() -> None:
    """As the driver does it, so that what is shown is what is loaded."""
    environ = {"PGHOST": "db", "PGPORT": "5433", "PGUSER": "me", "PGDATABASE": "app", "PGPASSWORD": "secret"}
    assert address_of("postgresql://", "PG*", environ).shown == "postgresql://me@db:5433/app"
    assert address_of("postgresql://other/x", "--dsn", environ).shown == "postgresql://me@other:5433/x"


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("postgresql:///app", True),
        ("postgresql://localhost/app", True),
        ("postgresql://LocalHost:5433/app", True),
        ("postgresql://127.0.0.1/app", True),
        ("postgresql://127.1.2.3/app", True),
        ("postgresql://[::1]:5433/app", True),
        ("postgresql://me@/app?host=/run/pg", True),
        ("postgresql://%2Frun%2Fpg:5433/app", True),
        ("host=/run/pg", True),
        ("host=::1", True),
        ("host=localhost,127.0.0.1", True),
        ("postgresql://db.example.com/app", False),
        ("postgresql://10.0.0.1/app", False),
        ("postgresql://0.0.0.0/app", False),
        ("postgresql://[2001:db8::1]/app", False),
        ("postgresql://localhost.example.com/app", False),
        ("postgresql://localhost,db.example.com/app", False),
        ("postgresql://localhost@db.example.com/app", False),
        ("postgresql://?host=db.example.com", False),
        ("host=localhost,db.example.com", False),
    ],
)
def test_local_means_every_host_is_this_machine(text: str, local: bool) -> None:
    """Loopback and sockets are local; one host that is not makes the address remote."""
    assert address_of(text, "--dsn", {}).local is local


def test_the_host_of_the_environment_decides_where_the_dsn_names_none() -> None:
    """An address without a host is as remote as PGHOST."""
    assert not address_of("postgresql:///app", "--dsn", {"PGHOST": "db.example.com"}).local
    assert address_of("postgresql://localhost/app", "--dsn", {"PGHOST": "db.example.com"}).local


@pytest.fixture
def services(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a service file."""
    path = tmp_path / "services.conf"
    path.write_text("[prod]\nhost=db.example.com\nport=5433\nuser=me\ndbname=app\npassword=s3cret%x\n")
    return {"PGSERVICEFILE": str(path)}


def test_a_service_is_looked_up(services: dict[str, str]) -> None:
    """PGSERVICE alone names a server; what it stands for is shown, and asked of the driver by name."""
    address = choose_address(None, {**services, "PGSERVICE": "prod", "PGHOST": "localhost"})
    assert address is not None
    assert address.shown == "postgresql://me@db.example.com:5433/app"
    assert (address.source, address.local) == ("PG*", False)
    assert "service=prod" in address.dsn
    assert "s3cret" not in repr(address)


def test_a_dsn_names_a_service_too(services: dict[str, str]) -> None:
    """What the DSN says itself comes first."""
    address = address_of("postgresql://localhost/?service=prod", "--dsn", services)
    assert (address.shown, address.local) == ("postgresql://me@localhost:5433/app", True)


def test_a_service_that_is_not_there_is_a_mistake(services: dict[str, str]) -> None:
    """Without it the driver would go to the local socket, and nobody asked for that."""
    with pytest.raises(UsageError, match=r'PG\*: service "staging" is not in .*services\.conf'):
        choose_address(None, {**services, "PGSERVICE": "staging"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "db.example.com",
        "host=db dbname",
        "host='db",
        "postgresql://db:port/app",
        "postgresql://h1,,h2/app",
        "postgresql://[::1/app",
        "postgresql://h1:1,h2:x/app",
        "postgresql://db/app?sslmode",
        "postgresql://me:p@ss@db/app",
        "postgresql://me:1/2@db/app",
        "postgresql://me:1?2@db/app",
        "postgresql://me:1#2@db/app",
        "host=a,,b",
    ],
)
def test_a_text_that_is_no_connection_string_is_a_mistake(text: str) -> None:
    """The message names where it came from and what to write, and repeats nothing."""
    with pytest.raises(UsageError) as caught:
        address_of(text, "DATABASE_URL", {})
    message = str(caught.value)
    assert message.startswith("DATABASE_URL is not a connection string\n")
    assert "write postgresql://user@host:5432/database" in message
    assert text.strip() == "" or text not in message


@pytest.mark.parametrize(
    "text", ["mysql://me:secret@db/app", "https://db/app", "postgresql+asyncpg://db/app"]
)
def test_another_scheme_is_a_mistake(text: str) -> None:
    """It is another program's address."""
    with pytest.raises(UsageError, match="begins with another scheme"):
        address_of(text, "--dsn", {})
