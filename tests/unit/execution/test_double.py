"""The in-memory database behaves as the real one does; the same cases run over asyncpg in the integration tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.doubles.records import Column, ColumnType, Record
from tests.doubles.target import Act, FakeTarget, Hang, Refuse, Reply, answering
from tests.doubles.target_cases import (
    ADD,
    BROKEN,
    CHANGE,
    DIVIDE,
    NOBODY,
    ONE,
    RAISE,
    SLOW,
    TYPED,
    TargetCases,
)

if TYPE_CHECKING:
    from tests.doubles.clock import FakeClock


def behave(sql: str, arguments: tuple[Any, ...]) -> Act:
    """Return what a server with a table of numbers does."""
    (value,) = arguments or (None,)
    acts: dict[str, Act] = {
        ONE: Reply(rows=((value,),)),
        NOBODY: Reply(rows=(), tag="SELECT 0"),
        CHANGE: Reply(rows=(), tag=f"UPDATE {int(value == 1)}"),
        ADD: Refuse(sqlstate="23514", constraint="positive"),
        DIVIDE: Reply() if value else Refuse(sqlstate="22012"),
        RAISE: Refuse(sqlstate="P0001"),
        SLOW: Hang(),
        TYPED: Reply(rows=(Record(a=value, b="x"),)),
    }
    return acts.get(sql, Reply())


COLUMNS = {TYPED: (Column("a"), Column("b", ColumnType("text")))}


def prepare(sql: str) -> Act:
    """Return what a server does that is asked to prepare something."""
    return Refuse(sqlstate="42601") if sql == BROKEN else Reply()


@dataclass
class MemoryStage:
    """The double, and what a test does to its server."""

    target: FakeTarget
    closed: FakeTarget
    impatient: FakeTarget

    async def wait_until_busy(self) -> None:
        """Return when a statement hangs."""
        await self.target.hanging.wait()

    async def kill(self) -> None:
        """Break every connection."""
        self.target.kill()


class TestDouble(TargetCases):
    """The shared cases, over the double."""

    @pytest.fixture
    async def stage(self, clock: FakeClock) -> MemoryStage:
        """Return a server in memory."""
        return MemoryStage(
            target=FakeTarget(clock, behave, when_prepared=prepare, columns=COLUMNS),
            closed=FakeTarget(clock, refuses_sessions=1),
            impatient=FakeTarget(clock, answering(Refuse(sqlstate="57014"))),
        )
