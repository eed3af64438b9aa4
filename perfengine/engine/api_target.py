"""The arguments of `perfengine.run` that say what is loaded: a server, and a sandbox or the tables that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.engine.api_values import word
from perfengine.engine.existing.asked import access_faults
from perfengine.engine.option_style import OptionStyle
from perfengine.engine.request import TargetRequest

if TYPE_CHECKING:
    from perfengine.engine.api_request import Asked

_EXISTING: Final = "existing"


def target_of(asked: Asked, faults: list[str]) -> TargetRequest:
    """Return what is to be loaded; what is wrong is added to `faults`."""
    said, schema = word("target", asked.target, ("sandbox", _EXISTING), faults), asked.schema
    if schema is not None and not isinstance(schema, str):
        faults.append(f"schema {schema!r}: write the name of a schema")
    target = TargetRequest(
        dsn=asked.dsn,
        direct_dsn=asked.direct_dsn,
        embedded=asked.embedded,
        allow_target=asked.allow_target,
        existing=None if said is None else said == _EXISTING,
        schema=schema,
        read_only=bool(asked.read_only),
    )
    faults += access_faults(target, rollback=bool(asked.rollback), style=OptionStyle.ARGUMENTS)
    return target
