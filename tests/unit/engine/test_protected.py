"""Databases that are never loaded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.database.address import address_of
from perfengine.engine.protected import require_unprotected
from perfengine.errors import ExitCode, SafetyError

ADDRESS = address_of("postgresql://me:s3cret@db.example.com,b.example.com:5433/Shop", "--dsn", {})


@pytest.mark.parametrize(
    ("protected", "is_protected"),
    [
        (None, False),
        ("", False),
        (" , ", False),
        ("shop", True),
        ("sho?", True),
        ("other, shop*", True),
        ("shop_*", False),
        ("*.example.com", True),
        ("b.example.com/shop", True),
        ("db.example.com/other", False),
        ("example.com", False),
    ],
)
def test_patterns_of_databases_and_hosts(protected: str | None, is_protected: bool) -> None:
    """Without regard to case; the password is in no message."""
    environ = {} if protected is None else {"PERFENGINE_PROTECTED": protected}
    if not is_protected:
        require_unprotected("Shop", ADDRESS, environ)
        return
    with pytest.raises(SafetyError, match='no option loads database "Shop"') as caught:
        require_unprotected("Shop", ADDRESS, environ)
    assert caught.value.exit_code is ExitCode.REFUSED
    assert "s3cret" not in str(caught.value)


def test_a_server_of_our_own_is_not_protected() -> None:
    """It is nobody else's."""
    require_unprotected("shop", replace(ADDRESS, source="embedded"), {"PERFENGINE_PROTECTED": "*"})
