"""Databases that are never loaded, whatever is asked: `PERFENGINE_PROTECTED` of the environment."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from perfengine.errors import SafetyError
from perfengine.model.mistake import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.database.address import Address

PROTECTED: Final = "PERFENGINE_PROTECTED"


def require_unprotected(database: str, address: Address, environ: Mapping[str, str]) -> None:
    """Refuse a database that the environment protects: no option and no answer loads it.

    The variable holds patterns (`shop_*`), with commas between them, of databases, hosts, or `host/database`.

    Raises: SafetyError with the pattern.
    """
    if address.source == "embedded":
        return
    names = [database, *address.hosts, *(f"{host}/{database}" for host in address.hosts)]
    for pattern in filter(None, map(str.strip, environ.get(PROTECTED, "").split(","))):
        if any(fnmatchcase(name.casefold(), pattern.casefold()) for name in names):
            raise SafetyError(
                f'{address.shown}: {PROTECTED} protects "{printable(pattern)}": no option loads database '
                f'"{printable(database)}" while it does'
            )
