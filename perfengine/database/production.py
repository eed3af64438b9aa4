"""Whether a server looks like one that others depend on, and by which sign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.mistake import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.database.address import Address
    from perfengine.database.company import Company
    from perfengine.database.preflight import ServerFacts

#: A word of its own: `shop_prod`, `prod-db-1`, `Production`, `live2`; not `product`, `olive`, `delivery`.
_WORD: Final = re.compile(
    r"(?<![^\W\d_])(?:prod|prd|production|live|primary|master)(?![^\W\d_])", re.IGNORECASE
)
#: `preprod`, `pre-prod`, `non_production` and `not-live` say the opposite.
_OPPOSITE: Final = re.compile(r"(?<![^\W\d_])(?:non|not|no|pre)[\W_]*$", re.IGNORECASE)
#: Programs that look after a server because it matters: fail-over, backup, paid monitoring.
_CARETAKERS: Final = re.compile(
    r"\b(?:patroni|repmgrd?|pg_auto_failover|pgautofailover|stolon|pgbackrest|barman|wal-g|pg_receivewal|pganalyze)",
    re.IGNORECASE,
)
#: A database for tests is smaller; on this machine size says nothing, for those who test there keep large ones.
LARGE_BYTES: Final = 10_000_000_000
#: So many sessions may be a developer's own.
FEW_SESSIONS: Final = 5
_NAMES_SHOWN: Final = 3


def looks_like_production(name: str) -> bool:
    """Return whether a name has a word in it that says so, and no word before it that takes it back."""
    return any(not _OPPOSITE.search(name[: found.start()]) for found in _WORD.finditer(name))


def signs_of_production(address: Address, facts: ServerFacts, company: Company) -> tuple[str, ...]:
    """Return every sign that others depend on the server, a clause each; none for an embedded server."""
    if address.source == "embedded":
        return ()
    return (
        *_by_name(address, facts, company),
        *_by_application(company),
        *_by_use(address, company),
        *_by_replication(company),
    )


def _by_name(address: Address, facts: ServerFacts, company: Company) -> Iterator[str]:
    named = [
        ("the database is", facts.database),
        *(("the host is", host) for host in address.hosts if not host.startswith(("/", "@"))),
        ("the service is", address.service),
        ("the role is", facts.role),
        ("the cluster is", company.cluster_name),
    ]
    for what, name in named:
        if looks_like_production(name):
            yield f'{what} named "{printable(name)}"'


def _by_application(company: Company) -> Iterator[str]:
    found = [
        f'"{printable(name)}"'
        for name in company.applications
        if looks_like_production(name) or _CARETAKERS.search(name)
    ]
    if found:
        more = f" and {len(found) - _NAMES_SHOWN} more" if len(found) > _NAMES_SHOWN else ""
        yield f"there is a session of {', '.join(found[:_NAMES_SHOWN])}{more}"


def _by_use(address: Address, company: Company) -> Iterator[str]:
    if company.size_bytes > LARGE_BYTES and not address.local:
        yield f"the database holds {company.size_bytes / 1e9:.0f} GB, more than {LARGE_BYTES / 1e9:.0f} GB"
    if company.sessions_at_work > FEW_SESSIONS:
        yield f"{company.sessions_at_work} sessions of others are at work in the database, more than {FEW_SESSIONS}"


def _by_replication(company: Company) -> Iterator[str]:
    for count, one, many in (
        (company.standbys, "standby or backup follows", "standbys or backups follow"),
        (company.slots, "replication slot is on", "replication slots are on"),
    ):
        if count:
            yield f"{count} {one if count == 1 else many} the server"
