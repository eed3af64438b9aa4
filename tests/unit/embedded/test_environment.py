"""What our processes find in their environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.embedded.environment import server_environment

if TYPE_CHECKING:
    import pytest


def test_no_postgres_variable_and_no_secret_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither PG* nor anything else of the caller's arrives, except the loader's path."""
    for name in ("PGHOST", "PGPASSWORD", "PGDATA", "DATABASE_URL", "LANG"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/python/lib")
    assert server_environment() == {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C",
        "LD_LIBRARY_PATH": "/opt/python/lib",
    }
