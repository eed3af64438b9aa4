"""How long the way to the server and back takes, with nothing to do there."""

from __future__ import annotations

from statistics import median
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final

from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.prepared_stmt import PreparedStatement

#: Left out: the first answers come from a session that has just been made.
_FIRST: Final = 5
_GROUP: Final = 20
#: What disturbs one group is over when another comes, or was there all the time.
_GROUPS: Final = 10
#: After that no more is asked: the run is to begin. A far server answers this often all the same.
_MOST_NS: Final = 20 * NS_PER_MS
_LEAST: Final = 5


async def round_trip_ns(connection: asyncpg.Connection) -> int:
    """Return the median time of a prepared `SELECT 1`: that of the fastest of ten groups of twenty.

    A server that is a millisecond away or more is asked less often, ten times at least.

    Raises: what the driver raises.
    """
    statement = await connection.prepare("SELECT 1")
    until_ns = perf_counter_ns() + _MOST_NS
    await _times_ns(statement, _FIRST, until_ns)
    medians = [median(await _times_ns(statement, _GROUP, until_ns))]
    while len(medians) < _GROUPS and perf_counter_ns() < until_ns:
        medians.append(median(await _times_ns(statement, _GROUP, until_ns)))
    return round(min(medians))


async def _times_ns(statement: PreparedStatement, count: int, until_ns: int) -> list[int]:
    times: list[int] = []
    while len(times) < _LEAST or (len(times) < count and perf_counter_ns() < until_ns):
        asked = perf_counter_ns()
        await statement.fetchval()
        times.append(perf_counter_ns() - asked)
    return times
