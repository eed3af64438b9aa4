"""Which server a run speaks to: the first of --dsn and the environment that names one, and how it is shown."""

from __future__ import annotations

import configparser
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from perfengine.database.conninfo import is_uri, split_uri, uri_of, uri_of_keywords
from perfengine.errors import UsageError
from perfengine.model.mistake import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_REMEDY = (
    "   write postgresql://user@host:5432/database or host=... dbname=...\n"
    "   in a user name or password write / ? # @ [ ] % as %2F %3F %23 %40 %5B %5D %25"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A server address. `dsn` may hold a password and stays out of every text; `shown` is what people see."""

    dsn: str = field(repr=False)
    source: str  #: "--dsn", "PERFENGINE_DATABASE_URL", "DATABASE_URL", "PG*" or "embedded"
    shown: str
    local: bool  #: every host is on loopback or a local socket
    socket: bool = False  #: every host is a local socket
    hosts: tuple[str, ...] = ()  #: names, addresses or socket directories; none: the local socket
    service: str = ""  #: the name in the service file, where one was given

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
    if environ.get("PGSERVICE"):  # the driver looks for it in a DSN only
        return address_of(uri_of({"service": environ["PGSERVICE"]}), "PG*", environ)
    if environ.get("PGHOST"):
        return address_of("postgresql://", "PG*", environ)
    return None


def address_of(text: str, source: str, environ: Mapping[str, str]) -> Address:
    """Return the address of a URI or a `key=value` connection string.

    Raises: UsageError naming the source, never the text (it may hold a password).
    """
    text = text.strip()
    try:
        dsn = text if is_uri(text) else uri_of_keywords(text)
        parts = split_uri(dsn)
    except ValueError:
        raise UsageError(f"{source} is not a connection string\n{_REMEDY}") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise UsageError(
            f"{source} is not a PostgreSQL address: it begins with another scheme than postgresql://\n{_REMEDY}"
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    service = _service(query.get("service"), source, environ)
    hosts = _hosts(parts.netloc, query, service, environ)
    shown = printable(_shown(dsn, hosts, query, service, environ))
    socket = all(host.startswith(("/", "@")) for host in hosts)
    return Address(
        dsn=dsn,
        source=source,
        shown=shown,
        local=_local(hosts),
        socket=socket,
        hosts=hosts,
        service=query.get("service", ""),
    )


def _service(name: str | None, source: str, environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a service file says. Raises: UsageError when it does not know the service."""
    if not name:
        return {}
    path = Path(environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf")
    services = configparser.ConfigParser(interpolation=None)
    try:
        services.read(path)
    except (configparser.Error, UnicodeDecodeError):
        raise UsageError(f"{source}: the service file {path} cannot be read") from None
    if not services.has_section(name):
        raise UsageError(f'{source}: service "{printable(name)}" is not in {path}') from None
    return dict(services[name])


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
    place = unquote(hostspec) or ",".join(map(_bracketed, hosts)) or "local socket"
    if port and hosts and not hosts[0].startswith("/") and ":" not in place.rpartition("]")[2]:
        place = f"{place}:{port}"
    return f"postgresql://{user + '@' if user else ''}{place}/{database}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _first(
    key: str, variable: str, query: Mapping[str, str], service: Mapping[str, str], environ: Mapping[str, str]
) -> str:
    return query.get(key) or service.get(key) or environ.get(variable) or ""
