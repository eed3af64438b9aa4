"""Which servers look like ones that others depend on, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.database.address import address_of
from perfengine.database.company import Company
from perfengine.database.preflight import ServerFacts
from perfengine.database.production import looks_like_production, signs_of_production

FACTS = ServerFacts(
    version_number=180001,
    version="18.1",
    database="shop",
    role="me",
    in_recovery=False,
    read_only=False,
    may_create=True,
    max_connections=100,
    reserved=3,
    connected=1,
    settings={},
)
ALONE = Company()
REMOTE = "postgresql://me@db.example.com/shop"
LOCAL = "postgresql://me@localhost/shop"


@pytest.mark.parametrize(
    "name",
    [
        "prod",
        "PROD",
        "production",
        "shop_prod",
        "shop-production-2",
        "prod1",
        "prod_eu",
        "db.prod.example.com",
        "db-prd-01",
        "pg-primary.internal",
        "master",
        "live",
        "shop (live)",
        "casino-prod",
        "spree-production",
        "test_of_production",
    ],
)
def test_names_of_production(name: str) -> None:
    """The word stands alone, or between signs and digits."""
    assert looks_like_production(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "shop",
        "product",
        "products_test",
        "reproduction",
        "delivery",
        "olive",
        "lively",
        "mastery",
        "primaryschool",
        "preprod",
        "pre-prod",
        "pre_production",
        "non-prod",
        "nonprod",
        "not_live",
        "no-prod",
        "staging",
        "shop_development",
    ],
)
def test_names_of_other_servers(name: str) -> None:
    """The word is a part of another one, or the word before it takes it back."""
    assert not looks_like_production(name)


@pytest.mark.parametrize(
    ("address", "facts", "company", "signs"),
    [
        pytest.param(REMOTE, {}, {}, (), id="nothing"),
        pytest.param(REMOTE, {"database": "prod"}, {}, ('the database is named "prod"',), id="database"),
        pytest.param(
            "postgresql://me@a.example.com,pg-prod-2.example.com/shop",
            {},
            {},
            ('the host is named "pg-prod-2.example.com"',),
            id="one of the hosts",
        ),
        pytest.param("postgresql:///shop?host=/srv/prod/run", {}, {}, (), id="a directory is no host"),
        pytest.param(REMOTE, {"role": "prod_rw"}, {}, ('the role is named "prod_rw"',), id="role"),
        pytest.param(
            REMOTE, {}, {"cluster_name": "main-live"}, ('the cluster is named "main-live"',), id="cluster"
        ),
        pytest.param(
            REMOTE,
            {},
            {"applications": ("psql", "puma: shop [production]")},
            ('there is a session of "puma: shop [production]"',),
            id="application",
        ),
        pytest.param(
            LOCAL,
            {},
            {"applications": ("Patroni", "pgBackRest [backup]", "barman_streaming_backup", "wal-g", "a")},
            ('there is a session of "Patroni", "pgBackRest [backup]", "barman_streaming_backup" and 1 more',),
            id="caretakers",
        ),
        pytest.param(REMOTE, {}, {"size_bytes": 10_000_000_000}, (), id="just not large"),
        pytest.param(
            REMOTE,
            {},
            {"size_bytes": 240_000_000_000},
            ("the database holds 240 GB, more than 10 GB",),
            id="large",
        ),
        pytest.param(LOCAL, {}, {"size_bytes": 240_000_000_000}, (), id="large, here"),
        pytest.param(LOCAL, {}, {"sessions_at_work": 5}, (), id="few sessions"),
        pytest.param(
            LOCAL,
            {},
            {"sessions_at_work": 6},
            ("6 sessions of others are at work in the database, more than 5",),
            id="sessions",
        ),
        pytest.param(
            LOCAL,
            {},
            {"standbys": 1, "slots": 2},
            ("1 standby or backup follows the server", "2 replication slots are on the server"),
            id="replication",
        ),
        pytest.param(
            "postgresql://me@prod/shop",
            {"database": "live"},
            {"standbys": 3},
            (
                'the database is named "live"',
                'the host is named "prod"',
                "3 standbys or backups follow the server",
            ),
            id="all that are seen",
        ),
        pytest.param(
            REMOTE, {"database": "prod\x1b[2J"}, {}, ('the database is named "prod\\x1b[2J"',), id="hostile"
        ),
    ],
)
def test_signs(
    address: str, facts: dict[str, object], company: dict[str, object], signs: tuple[str, ...]
) -> None:
    """Each in a clause with what was seen; a large database on this machine is a test's, most likely."""
    found = signs_of_production(
        address_of(address, "--dsn", {}),
        replace(FACTS, **facts),  # type: ignore[arg-type] # the values fit, one by one
        replace(ALONE, **company),  # type: ignore[arg-type] # likewise
    )
    assert found == signs


def test_a_service_is_a_name_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It may be all that the user has written."""
    path = tmp_path_factory.mktemp("service") / "pg_service.conf"
    path.write_text("[shop-prod]\nhost=10.0.0.7\ndbname=shop\n")
    address = address_of("postgresql://?service=shop-prod", "--dsn", {"PGSERVICEFILE": str(path)})
    assert signs_of_production(address, FACTS, ALONE) == ('the service is named "shop-prod"',)


def test_a_server_of_our_own_is_never_production() -> None:
    """Whatever it is called."""
    embedded = replace(address_of("postgresql:///prod?host=/tmp/live", "--dsn", {}), source="embedded")
    assert signs_of_production(embedded, replace(FACTS, database="prod"), Company(standbys=1)) == ()
