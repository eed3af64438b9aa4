"""What a server is made of, as far as it bears on figures: its settings, extensions, locale, where its files lie.

Nothing here may be a secret: of settings that are texts only those are read that are known to hold none.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Settings that explain a figure, shown whatever their value.
_TELLING: Final = (
    "autovacuum",
    "checkpoint_timeout",
    "effective_cache_size",
    "fsync",
    "full_page_writes",
    "jit",
    "max_connections",
    "max_wal_size",
    "shared_buffers",
    "shared_preload_libraries",
    "synchronous_commit",
    "wal_level",
    "work_mem",
)
#: Read whatever their value, and not shown: what must be the same, and texts that bear on the work.
_SILENT: Final = (
    "TimeZone",
    "default_table_access_method",
    "default_tablespace",
    "default_text_search_config",
    "lc_monetary",
    "lc_numeric",
    "lc_time",
    "local_preload_libraries",
    "plan_cache_mode",
    "session_preload_libraries",
    "synchronous_standby_names",
    "temp_tablespaces",
)
#: They name machines of others: a digest tells whether they are the same ones.
_DIGESTED: Final = frozenset({"synchronous_standby_names"})
#: Somebody's doing, and not that of a session of ours.
_SOURCES: Final = (
    "configuration file",
    "command line",
    "environment variable",
    "global",
    "database",
    "user",
    "database user",
)

#: One object; $1 are names of settings, $2 their sources. Columns that not every version has are looked up by name.
GROUND_SQL: Final = """
SELECT json_build_object(
  'settings', (
    SELECT json_agg(json_build_array(name, current_setting(name), source, vartype) ORDER BY name)
    FROM pg_settings WHERE name = ANY($1::text[]) OR (source = ANY($2::text[]) AND vartype <> 'string')),
  'extensions', (SELECT json_object_agg(extname, extversion) FROM pg_extension),
  'data_checksums', current_setting('data_checksums', true),
  'locale', (
    SELECT json_build_array(
      pg_encoding_to_char(encoding), datcollate, datctype,
      to_jsonb(d) ->> 'datlocprovider', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
    FROM pg_database d WHERE datname = current_database()),
  'stats_reset', (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()),
  'data_directory', (SELECT setting FROM pg_settings WHERE name = 'data_directory'),
  'address', host(inet_server_addr()))
"""
GROUND_ARGUMENTS: Final = ([*_TELLING, *_SILENT], list(_SOURCES))

_PROVIDERS: Final = {"c": "libc", "i": "icu", "b": "builtin"}
_NEVER: Final = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerGround:
    """A server as it bears on figures; None is what it does not tell this role."""

    settings: Mapping[str, str] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()  #: the names of those settings that people see
    extensions: Mapping[str, str] = field(default_factory=dict)  #: name to version
    data_checksums: str | None = None  #: "on" or "off"
    locale: str | None = None  #: of the database: encoding, provider, collation
    stats_reset: str | None = None  #: when its statistics began anew, or "never"
    data_directory: str | None = field(default=None, repr=False)
    address: str | None = None  #: that the server was reached at; None: by a socket

    @property
    def shown_settings(self) -> Mapping[str, str]:
        """Those that explain a figure, and what is not the default."""
        return {name: value for name, value in self.settings.items() if name in self.shown}


class _Setting(NamedTuple):
    name: str
    value: str
    source: str
    vartype: str

    @property
    def is_shown(self) -> bool:
        """Whether people see it: what is not the default, but for how the server writes its log."""
        is_changed = self.source in _SOURCES and self.vartype != "string" and not self.name.startswith("log")
        return self.name in _TELLING or (is_changed and self.name not in _SILENT)

    @property
    def told(self) -> str:
        """The value as it may be written down."""
        if self.name in _DIGESTED and self.value:
            return "sha256:" + hashlib.sha256(self.value.encode()).hexdigest()[:16]
        return self.value


def read_ground(text: str) -> ServerGround:
    """Return the ground from the answer to `GROUND_SQL`."""
    found = json.loads(text)
    settings = [_Setting(*each) for each in found["settings"] or ()]
    return ServerGround(
        settings={each.name: each.told for each in settings},
        shown=frozenset(each.name for each in settings if each.is_shown),
        extensions=found["extensions"] or {},
        data_checksums=found["data_checksums"],
        locale=_locale(found["locale"]),
        stats_reset=found["stats_reset"] or _NEVER,
        data_directory=found["data_directory"],
        address=found["address"],
    )


def _locale(parts: Sequence[str | None] | None) -> str | None:
    """Return "UTF8, libc C.UTF-8"; what characters are follows where it is another locale."""
    if not parts:
        return None
    encoding, collate, ctype, provider, own = parts
    name = _PROVIDERS.get(provider or "c", provider)
    characters = "" if ctype == collate else f", ctype {ctype}"
    return f"{encoding}, {name} {own or collate}{characters}"
