"""The settings of the embedded server: few, near stock, each with its reason.

They stay near stock so that a figure measured here says something about PostgreSQL and not about our tuning. A
larger `shared_buffers` or a lazier `fsync` would flatter; a server of one's own is one `--dsn` away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.embedded.access import PORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.embedded.home import Home

DEFAULT_MAX_CONNECTIONS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A line of postgresql.conf and why it is there."""

    name: str
    value: str
    reason: str


def server_settings(max_connections: int) -> tuple[Setting, ...]:
    """Return the settings that bear on what is measured."""
    rows = (
        ("max_connections", str(max_connections), "stock is 100; as many as the run asks for"),
        ("shared_buffers", "128MB", "stock; said here so that every machine has the same"),
        ("fsync", "on", "stock; without it a commit costs nothing and the figures are untrue"),
        ("synchronous_commit", "on", "stock; the same"),
        ("full_page_writes", "on", "stock; the same"),
        ("shared_preload_libraries", "pg_stat_statements", "what the server did, statement by statement"),
        ("track_io_timing", "on", "how long it waited for the disk; two clock reads an I/O"),
        ("timezone", "UTC", "dates mean the same on every machine"),
        ("default_text_search_config", "pg_catalog.english", "what initdb writes for this locale"),
    )
    return tuple(Setting(name=name, value=value, reason=reason) for name, value, reason in rows)


def wiring_settings(home: Home) -> tuple[Setting, ...]:
    """Return the settings that only place the server: paths, socket, names."""
    rows = (
        ("listen_addresses", "", "no network"),
        ("port", str(PORT), "names the socket file"),
        ("unix_socket_directories", str(home.socket_dir), "the only way in"),
        ("unix_socket_permissions", "0700", "for its owner alone"),
        ("hba_file", str(home.hba_path), "outside the data directory, where the server cannot change it"),
        ("ident_file", str(home.ident_path), "the same"),
        ("cluster_name", home.directory.name[:63], "shown in the titles of its processes"),
        ("log_timezone", "UTC", "as timezone"),
    )
    return tuple(Setting(name=name, value=value, reason=reason) for name, value, reason in rows)


def render_settings(settings: Iterable[Setting]) -> str:
    """Return the text of postgresql.conf."""
    lines = (f"{setting.name} = {_quote(setting.value)}  # {setting.reason}" for setting in settings)
    return "\n".join(
        ("# Written by perfengine at every start; ALTER SYSTEM is the place for your own.", *lines, "")
    )


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
