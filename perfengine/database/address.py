"""Which server a run speaks to: the first of --dsn and the environment that names one, and how it is shown."""

from __future__ import annotations

import configparser
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from perfengine.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Parts of a DSN that are never shown.
_SECRET_KEYS = frozenset({"password", "sslpassword", "passfile", "sslkey"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A server address. `dsn` may hold a password and stays out of every text; `shown` is what people see."""

    dsn: str = field(repr=False)
    source: str  #: "--dsn", "PERFENGINE_DATABASE_URL", "DATABASE_URL", "PG*" or "embedded"
    shown: str
    local: bool  #: every host is on loopback or a local socket

    @property
    def deliberate(self) -> bool:
        """Whether the user named it for perfengine, rather than perfengine finding it in the environment."""
        return self.source not in {"DATABASE_URL", "PG*"}


def choose_address(dsn: str | None, environ: Mapping[str, str]) -> Address | None:
    """Return the first address named, in the documented order; None when nothing names one.

    Raises: UsageError for a text that is no DSN.
    """
    if dsn is not None:
        return address_of(dsn, "--dsn", environ)
    for name in ("PERFENGINE_DATABASE_URL", "DATABASE_URL"):
        if environ.get(name):
            return address_of(environ[name], name, environ)
    if environ.get("PGHOST") or environ.get("PGSERVICE"):
        return address_of("postgresql://", "PG*", environ)
    return None


def address_of(text: str, source: str, environ: Mapping[str, str]) -> Address:
    """Return the address of a URI or a `key=value` connection string.

    Raises: UsageError naming the source, never the text (it may hold a password).
    """
    dsn = text.strip() if "://" in text else _uri_of_keywords(text, source)
    try:
        parts = urlsplit(dsn)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        _ = parts.port if "," not in parts.netloc and not _socket_in(parts.netloc) else None
    except ValueError as error:
        raise UsageError(f"{source} is not a connection string: {_without_text(error)}") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise UsageError(
            f"{source} is not a PostgreSQL address: it begins with another scheme than postgresql://\n"
            "   write postgresql://user@host:5432/database or host=... dbname=..."
        )
    service = _service(query.get("service") or environ.get("PGSERVICE"), environ)
    hosts = _hosts(parts.netloc, query, service, environ)
    return Address(
        dsn=dsn, source=source, shown=_shown(dsn, hosts, query, service, environ), local=_local(hosts)
    )


def _without_text(error: ValueError) -> str:
    return str(error).split(":", 1)[0]


def _socket_in(netloc: str) -> bool:
    return "%2F" in netloc.upper()


def _uri_of_keywords(text: str, source: str) -> str:
    """Return `host=a dbname=b` as a URI; asyncpg reads URIs only."""
    pairs = {}
    for word in text.split():
        key, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                f"{source} is not a connection string\n"
                "   write postgresql://user@host:5432/database or host=... dbname=..."
            )
        pairs[key] = value.strip("'")
    return "postgresql://?" + "&".join(f"{key}={quote(value, safe='')}" for key, value in pairs.items())


def _service(name: str | None, environ: Mapping[str, str]) -> Mapping[str, str]:
    if not name:
        return {}
    path = Path(environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf")
    services = configparser.ConfigParser(interpolation=None)
    try:
        services.read(path)
    except configparser.Error:
        return {}
    return dict(services[name]) if services.has_section(name) else {}


def _hosts(
    netloc: str, query: Mapping[str, str], service: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the hosts by libpq's order of precedence; none means the local socket."""
    spec = (
        netloc.rpartition("@")[2] or query.get("host") or service.get("host") or environ.get("PGHOST") or ""
    )
    return tuple(_host_alone(unquote(part)) for part in spec.split(",") if part)


def _host_alone(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    if host.startswith(("/", "@")) or host.count(":") > 1:
        return host
    return host.partition(":")[0]


def _local(hosts: tuple[str, ...]) -> bool:
    return all(_is_local(host) for host in hosts)


def _is_local(host: str) -> bool:
    if host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(
    dsn: str,
    hosts: tuple[str, ...],
    query: Mapping[str, str],
    service: Mapping[str, str],
    environ: Mapping[str, str],
) -> str:
    """Return user, host, port and database, whatever they came from; nothing else of the DSN is repeated."""
    parts = urlsplit(dsn)
    userinfo, _, hostspec = parts.netloc.rpartition("@")
    user = unquote(userinfo.partition(":")[0]) or _first("user", "PGUSER", query, service, environ)
    database = unquote(parts.path.lstrip("/")) or (
        query.get("dbname")
        or query.get("database")
        or service.get("dbname")
        or environ.get("PGDATABASE")
        or ""
    )
    port = _first("port", "PGPORT", query, service, environ)
    place = unquote(hostspec) or ",".join(hosts) or "local socket"
    if port and ":" not in place and hosts and not hosts[0].startswith("/"):
        place = f"{place}:{port}"
    return f"postgresql://{user + '@' if user else ''}{place}/{database}"


def _first(
    key: str, variable: str, query: Mapping[str, str], service: Mapping[str, str], environ: Mapping[str, str]
) -> str:
    return query.get(key) or service.get(key) or environ.get(variable) or ""


def secrets_of(address: Address) -> tuple[str, ...]:
    """Return the texts inside the address that must never be shown, for redaction and for tests."""
    parts = urlsplit(address.dsn)
    userinfo = parts.netloc.rpartition("@")[0]
    password = unquote(userinfo.partition(":")[2])
    query = parse_qs(parts.query)
    found = [password, *(value for key in _SECRET_KEYS for value in query.get(key, []))]
    return tuple(text for text in found if text)
