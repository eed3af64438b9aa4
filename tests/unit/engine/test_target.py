"""Which server is loaded, and when it must be said twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from perfengine.database.address import address_of
from perfengine.database.preflight import ServerFacts
from perfengine.engine.request import TargetRequest
from perfengine.engine.target import named_target, require_consent, target_line
from perfengine.errors import ExitCode, SafetyError

FACTS = ServerFacts(
    version_number=180001,
    version="18.1",
    database="production",
    role="me",
    in_recovery=False,
    read_only=False,
    may_create=True,
    max_connections=100,
    reserved=3,
    connected=1,
    settings={},
)
REMOTE = "postgresql://me:s3cret@db.example.com/production"


@dataclass
class Person:
    """Somebody at a terminal who types one thing."""

    types: str
    asked: list[str] = field(default_factory=list)

    def __call__(self, question: str) -> str:
        """Answer a question."""
        self.asked.append(question)
        return self.types


@pytest.mark.parametrize("source", ["--dsn", "PERFENGINE_DATABASE_URL"])
def test_a_remote_server_that_was_named_for_us_is_loaded(source: str) -> None:
    """Nobody is asked."""
    person = Person("")
    require_consent(FACTS, address_of(REMOTE, source, {}), TargetRequest(confirm=person))
    assert person.asked == []


@pytest.mark.parametrize("source", ["DATABASE_URL", "PG*"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "%2Frun%2Fpg"])
def test_a_server_on_this_machine_is_loaded(source: str, host: str) -> None:
    """Wherever its address was found."""
    require_consent(FACTS, address_of(f"postgresql://{host}/production", source, {}), TargetRequest())


@pytest.mark.parametrize("source", ["DATABASE_URL", "PG*"])
def test_a_remote_server_that_was_only_found_is_refused(source: str) -> None:
    """The way to mean it, and the way around it, are in the message; the password is not."""
    with pytest.raises(SafetyError) as caught:
        require_consent(FACTS, address_of(REMOTE, source, {}), TargetRequest())
    message = str(caught.value)
    assert f"postgresql://me@db.example.com/production comes from {source}" in message
    assert "--allow-target production" in message
    assert "--embedded" in message
    assert "s3cret" not in message
    assert caught.value.exit_code is ExitCode.REFUSED


@pytest.mark.parametrize(
    ("allowed", "typed", "loaded"),
    [
        ("production", None, True),
        ("staging", None, False),
        ("staging", "production", False),
        (None, "production", True),
        (None, "staging", False),
        (None, "", False),
        (None, "yes", False),
    ],
)
def test_a_found_server_is_loaded_when_its_database_is_named(
    allowed: str | None, typed: str | None, loaded: bool
) -> None:
    """By the option or at the terminal; another name refuses, and an option that names another is not asked over."""
    person = None if typed is None else Person(typed)
    request = TargetRequest(allow_target=allowed, confirm=person)
    address = address_of(REMOTE, "DATABASE_URL", {})
    if loaded:
        require_consent(FACTS, address, request)
    else:
        with pytest.raises(SafetyError):
            require_consent(FACTS, address, request)
    assert person is None or len(person.asked) == (allowed is None)


SIGNS = ('the database is named "production"', "2 standbys or backups follow the server")


@pytest.mark.parametrize("source", ["--dsn", "PERFENGINE_DATABASE_URL", "DATABASE_URL", "PG*"])
@pytest.mark.parametrize("host", ["localhost", "db.example.com"])
def test_what_looks_like_production_is_refused_wherever_it_is(source: str, host: str) -> None:
    """A tunnel leads from this machine anywhere. Every sign is said, and the way out."""
    address = address_of(f"postgresql://me:s3cret@{host}/production", source, {})
    with pytest.raises(SafetyError) as caught:
        require_consent(FACTS, address, TargetRequest(), SIGNS)
    first, *lines = str(caught.value).splitlines()
    assert first == (
        f"postgresql://me@{host}/production comes from {source} and may be a server that others depend on: it is "
        "loaded only if you say so."
    )
    found = "it is not on this machine, and nobody named it for perfengine"
    is_found = host != "localhost" and source in {"DATABASE_URL", "PG*"}
    assert lines == [
        *([f"   - {found}"] if is_found else []),
        '   - the database is named "production"',
        "   - 2 standbys or backups follow the server",
        "   --allow-target production   loads it",
        "   --embedded       loads a private PostgreSQL instead",
    ]


@pytest.mark.parametrize(("typed", "loaded"), [("production", True), ("staging", False), ("", False)])
def test_the_question_has_the_signs(typed: str, loaded: bool) -> None:
    """So that whoever types knows why."""
    person = Person(typed)
    address = address_of("postgresql://me@localhost/production", "--dsn", {})
    if loaded:
        require_consent(FACTS, address, TargetRequest(confirm=person), SIGNS)
    else:
        with pytest.raises(SafetyError, match='what was typed is not "production"'):
            require_consent(FACTS, address, TargetRequest(confirm=person), SIGNS)
    assert len(person.asked) == 1
    assert all(f"\n   - {sign}\n" in person.asked[0] for sign in SIGNS)


def test_a_name_that_is_allowed_and_not_there_is_refused_everywhere() -> None:
    """Whoever says which database is meant does not mean another one; only a server of our own is nobody's."""
    request = TargetRequest(allow_target="shop_staging")
    address = address_of("postgresql://me@localhost/production", "--dsn", {})
    words = 'the database there is named "production", and --allow-target allows "shop_staging"'
    with pytest.raises(SafetyError, match=words):
        require_consent(FACTS, address, request)
    require_consent(FACTS, replace(address, source="embedded"), request, SIGNS)


def test_a_name_is_written_as_a_shell_reads_it() -> None:
    """And not as a terminal would obey it."""
    facts = replace(FACTS, database="it's live\x1b[2J")
    with pytest.raises(SafetyError) as caught:
        require_consent(facts, address_of(REMOTE, "--dsn", {}), TargetRequest(), SIGNS)
    assert "\x1b" not in str(caught.value)
    assert """--allow-target 'it'"'"'s live""" in str(caught.value)


def test_embedded_wins_over_everything_that_names_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the first line says what was taken, and where it was found, without the password."""
    monkeypatch.setenv("DATABASE_URL", REMOTE)
    assert named_target(TargetRequest(embedded=True, dsn=REMOTE)) is None
    found = named_target(TargetRequest())
    assert target_line(found) == "target: postgresql://me@db.example.com/production (from DATABASE_URL)"
    assert target_line(None) == "target: an embedded PostgreSQL, for this run only"
