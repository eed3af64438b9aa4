"""What a server answers about itself, made into what may be written down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from perfengine.database.server_ground import ServerGround, read_ground

ANSWER: dict[str, Any] = {
    "settings": [
        ["TimeZone", "UTC", "configuration file", "string"],
        ["jit", "on", "default", "bool"],
        ["log_statement", "all", "database", "enum"],
        ["plan_cache_mode", "force_custom_plan", "user", "enum"],
        ["random_page_cost", "1.1", "database user", "real"],
        ["shared_preload_libraries", "", "default", "string"],
        ["synchronous_standby_names", "db-2.example.org", "configuration file", "string"],
    ],
    "extensions": {"plpgsql": "1.0"},
    "data_checksums": "on",
    "locale": ["UTF8", "C.UTF-8", "C.UTF-8", "b", "C.UTF-8"],
    "stats_reset": None,
    "data_directory": "/var/lib/postgresql/18/main",
    "address": "127.0.0.1",
}


def ground(**others: Any) -> ServerGround:
    """Return the ground of a server that answers so."""
    return read_ground(json.dumps({**ANSWER, **others}))


def test_settings() -> None:
    """All are kept, and those shown that people look for; names of others' machines are a digest."""
    found = ground()
    assert found.settings["random_page_cost"] == "1.1"
    assert found.settings["synchronous_standby_names"].startswith("sha256:")
    assert "example.org" not in str(found.settings)
    assert dict(found.shown_settings) == {
        "jit": "on",
        "random_page_cost": "1.1",
        "shared_preload_libraries": "",
    }
    assert ground(settings=[["synchronous_standby_names", "", "default", "string"]]).settings == {
        "synchronous_standby_names": ""
    }


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["UTF8", "C.UTF-8", "C.UTF-8", "b", "C.UTF-8"], "UTF8, builtin C.UTF-8"),
        (["UTF8", "en_US.UTF-8", "en_US.UTF-8", "i", "en-US"], "UTF8, icu en-US"),
        (["UTF8", "de_DE.UTF-8", "de_DE.UTF-8", "c", None], "UTF8, libc de_DE.UTF-8"),
        (["LATIN1", "C", "de_DE", None, None], "LATIN1, libc C, ctype de_DE"),
        (None, None),
    ],
    ids=["builtin", "icu", "libc", "version 13", "unknown"],
)
def test_locale(parts: list[str | None] | None, said: str | None) -> None:
    """By encoding, provider and name; older versions know one provider alone."""
    assert ground(locale=parts).locale == said


def test_what_a_role_may_not_see() -> None:
    """Nothing is known of it; statistics that were never reset are."""
    found = ground(settings=None, extensions=None, data_directory=None, address=None)
    assert (found.settings, found.extensions, found.data_directory, found.address) == ({}, {}, None, None)
    assert found.stats_reset == "never"


def test_the_path_is_in_no_text() -> None:
    """Where the files of a server lie is looked at, and not said."""
    assert "/var/lib" not in repr(ground())
