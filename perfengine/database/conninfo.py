"""Connection strings as text: libpq's `key=value` form, and the places where a password can hide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
#: Source: PostgreSQL documentation, "Keyword/Value Connection Strings".
_PAIR = re.compile(r"\s*([^\s=]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def is_uri(text: str) -> bool:
    """Return whether the text begins with a scheme, as a URI does."""
    return _SCHEME.match(text) is not None


def uri_of_keywords(text: str) -> str:
    """Return `host=a dbname=b` as a URI, which is what the driver reads.

    Raises: ValueError when the text is no such list; it repeats nothing of it.
    """
    pairs, end = {}, 0
    while text[end:].strip():
        match = _PAIR.match(text, end)
        if match is None:
            raise ValueError("not a list of key=value")
        key, quoted, plain = match.groups()
        pairs[key] = _ESCAPED.sub(r"\1", plain if quoted is None else quoted)
        end = match.end()
    if not pairs:
        raise ValueError("empty")
    return uri_of(pairs)


def uri_of(pairs: Mapping[str, str]) -> str:
    """Return a URI that has every part as a parameter."""
    texts = {key: _bracketed(value) if key == "host" else value for key, value in pairs.items()}
    return "postgresql://?" + "&".join(
        f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in texts.items()
    )


def _bracketed(hosts: str) -> str:
    """IPv6 addresses stand in brackets, so that the driver does not take their end for a port."""
    return ",".join(
        f"[{host}]" if host.count(":") > 1 and not host.startswith(("[", "/")) else host
        for host in hosts.split(",")
    )


def split_uri(uri: str) -> SplitResult:
    """Return the parts of a URI, each read alike by us and by the driver.

    A `/`, `?`, `#` or `@` inside a password moves its rest to where a host, a database or a parameter stands, and
    there it would be shown: any `@` but the one before the host is refused.

    Raises: ValueError; its text is not for showing, it may hold the password.
    """
    parts = urlsplit(uri)
    query = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    if parts.netloc.count("@") > 1 or "@" in f"{parts.path}{parts.query}{parts.fragment}":
        raise ValueError("an @ in another place than before the host")
    for hosts in (parts.netloc.rpartition("@")[2], *query.get("host", [])):
        _require_hosts(hosts)
    return parts


def _require_hosts(hosts: str) -> None:
    for host in hosts.split(",") if hosts else ():
        port = "" if host.startswith("/") else host.rpartition("]")[2].partition(":")[2]
        if not host or (port and not (port.isascii() and port.isdecimal())):
            raise ValueError("an empty host, or a port that is no number")
