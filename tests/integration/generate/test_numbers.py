"""Numbers in a range as the server makes them, also where a double precision has no room for them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.generate.numbers_sql import number_sql
from perfengine.model.generator import Exponential, Normal, Uniform, Zipf
from tests.sandbox import connected

if TYPE_CHECKING:
    import asyncpg

    from perfengine.model.generator import Distribution

BIG = 9 * 10**18


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [
        ("-3", "4", 0),
        ("10", "10.07", 2),
        (f"{BIG}", f"{BIG + 7}", 0),
        (f"-{BIG + 7}", f"-{BIG}", 0),
        ("90000000000000", "90000000000000.07", 2),
    ],
)
@pytest.mark.parametrize(
    "distribution", [Uniform(), Normal(mean=0.0, stdev=1e20), Exponential(mean=3.0), Zipf(s=1.0), Zipf(s=0.5)]
)
def test_numbers_are_those_of_their_range(
    dsn: str, distribution: Distribution, low: str, high: str, digits: int
) -> None:
    """The ends among them. Of eight numbers beyond 2^53 only one was made, and some with decimals beyond an end."""
    made = number_sql(distribution, Decimal(low), Decimal(high), digits)
    found: list[Any] = []

    async def look(connection: asyncpg.Connection) -> None:
        query = f"SELECT DISTINCT ({made})::numeric AS number FROM generate_series(1, 5000) ORDER BY number"
        found.extend(row["number"] for row in await connection.fetch(query))

    connected(dsn, look)
    numbers = [Decimal(low) + Decimal(n).scaleb(-digits) for n in range(8)]
    assert set(found) <= set(numbers)
    if not isinstance(distribution, Exponential):  # nearly all of it lies below the high end
        assert (found[0], found[-1]) == (numbers[0], numbers[-1])
