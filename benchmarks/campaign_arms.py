"""The arms of the campaign: a function that burns a known share more processor time in one of them.

The latency of a call is measured as a line over the number of turns of a loop: what the round trip takes, and what a
turn takes. From it follows how many turns make the latency that is wanted, and how many make 5 % more.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter_ns
from typing import TYPE_CHECKING, Final

import asyncpg

if TYPE_CHECKING:
    from pathlib import Path

#: Of a call in arm A: long against the round trip, short enough for 200 calls in a tenth of a second.
WANTED_NS: Final = 4e5
SLOWDOWN: Final = 0.05
_CALLS: Final = 400
_TRIAL_TURNS: Final = 4_000

_TRIAL: Final = """
CREATE FUNCTION pg_temp.burn(turns int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE total bigint := 0;
BEGIN FOR turn IN 1..turns LOOP total := total + turn; END LOOP; RETURN total; END $$
"""

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION account_score(key bigint) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE total bigint := 0;
BEGIN
  FOR turn IN 1..{turns} LOOP total := total + turn; END LOOP;
  RETURN (SELECT balance FROM account WHERE id = key) + 0 * total;
END $$;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """How many turns the loop of each arm makes, and by how much that was seen to slow a call down."""

    turns: int
    turns_slow: int
    latency_ns: float  #: of a call with `turns`, by itself
    measured_slowdown: float

    def write(self, directory: Path) -> tuple[Path, Path]:
        """Write the SQL of both; return the file of the unchanged function and that of the slow one."""
        paths = directory / "as_it_was.sql", directory / "slower.sql"
        for path, turns in zip(paths, (self.turns, self.turns_slow), strict=True):
            path.write_text(_FUNCTION.format(turns=turns))
        return paths


def turns_for(wanted_ns: float, line: tuple[float, float]) -> int:
    """Return how many turns make a call last that long, by round trip and time a turn."""
    round_trip_ns, turn_ns = line
    return max(1, round((wanted_ns - round_trip_ns) / turn_ns))


async def calibrate_arms(dsn: str) -> Arms:
    """Return arms that differ by 5 % on this server, as it is now."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_TRIAL)
        few, many = await _latencies(connection, _TRIAL_TURNS, 3 * _TRIAL_TURNS)
        turn_ns = (many - few) / (2 * _TRIAL_TURNS)
        line = few - _TRIAL_TURNS * turn_ns, turn_ns
        turns = turns_for(WANTED_NS, line)
        turns_slow = turns_for(WANTED_NS * (1 + SLOWDOWN), line)
        unchanged, slow = await _latencies(connection, turns, turns_slow)
    finally:
        await connection.close()
    return Arms(
        turns=turns, turns_slow=turns_slow, latency_ns=unchanged, measured_slowdown=slow / unchanged - 1
    )


async def _latencies(connection: asyncpg.Connection, *turns: int) -> tuple[float, float]:
    """Return the latency in ns for either number of turns, measured in turn.

    The lower decile: what else the machine does makes calls longer, never shorter.
    """
    statement = await connection.prepare("SELECT pg_temp.burn($1)")
    seen: tuple[list[int], list[int]] = ([], [])
    for call in range(2 * _CALLS):
        arm = (call + call // 2) % 2  # ABBA
        began = perf_counter_ns()
        await statement.fetch(turns[arm])
        seen[arm].append(perf_counter_ns() - began)
    return quantiles(seen[0], n=10)[0], quantiles(seen[1], n=10)[0]
