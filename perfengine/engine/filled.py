"""Tables ready to be loaded: those of a sandbox, or existing ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from perfengine.database.address import Address
    from perfengine.database.connect import Connection
    from perfengine.database.sandbox import Sandbox
    from perfengine.datagen.layout import RowSource
    from perfengine.engine.rules import RuleValues
    from perfengine.model.table import Table
    from perfengine.ports.row_keeper import RowKeeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Tables ready to be loaded."""

    connection: Connection  #: the run's own
    address: Address
    source: RowSource
    anchor: datetime
    rows: RowKeeper
    rule_values: RuleValues
    guarded: Mapping[str, RowSource]  #: the rows of guarded operations, by operation name
    seeding_s: Mapping[str, float]  #: table to seconds

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, with generators that heed the rules."""
        return tuple(self.source.tables.values())

    @property
    def schema(self) -> str | None:
        """The sandbox, alone on the search path of sessions; None: they keep the server's own path."""
        return None

    async def adopt(self) -> None:
        """Mark what the workload's own set-up has made, so that it goes with a sandbox; elsewhere nothing is ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledSandbox(Filled):
    """A sandbox ready to be loaded."""

    sandbox: Sandbox

    @property
    def schema(self) -> str | None:
        """The bare name of the sandbox."""
        return self.sandbox.schema

    async def adopt(self) -> None:
        """Mark what the workload's own set-up has made. Raises: TargetError when the server refuses."""
        await self.sandbox.adopt()
