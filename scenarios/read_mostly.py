"""Nineteen reads to a write, on rows of which some are asked for more than others.

Run it with `perfengine run scenarios/read_mostly.py`, or one operation with `scenarios/read_mostly.py:point_read`.
"""

import perfengine

ACCOUNTS = 10_000
#: A few accounts are asked for again and again; which ones, a permutation decides.
POPULARITY = perfengine.Zipf(s=1.1)


@perfengine.setup
async def open_accounts(client: perfengine.Client) -> None:
    """Make the accounts."""
    await client.execute(
        "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL, filler text NOT NULL)"
    )
    await client.execute(
        "INSERT INTO account SELECT n, 0, repeat('x', 84) FROM generate_series(1, $1::int) AS n", ACCOUNTS
    )
    await client.execute("ANALYZE account")


def some_account(client: perfengine.Client) -> int:
    """Return an account of the attempt: the same in every run with the same seed."""
    return client.draw.integer(1, ACCOUNTS, distribution=POPULARITY)


@perfengine.operation(weight=16, requirements={"p95": "100ms"}, read_only=True)
async def point_read(client: perfengine.Client) -> None:
    """Read a balance."""
    await client.fetchval("SELECT balance FROM account WHERE id = $1", some_account(client))


@perfengine.operation(weight=3, requirements={"p95": "200ms"}, read_only=True)
async def range_read(client: perfengine.Client) -> None:
    """Add up a hundred balances."""
    first = some_account(client)
    await client.fetchval("SELECT sum(balance) FROM account WHERE id BETWEEN $1::int AND $1::int + 99", first)


@perfengine.operation(weight=1, requirements={"p95": "200ms", "error_rate": 0})
async def deposit(client: perfengine.Client) -> None:
    """Change a balance."""
    await client.execute(
        "UPDATE account SET balance = balance + $2 WHERE id = $1",
        some_account(client),
        client.draw.integer(1, 1_000),
    )
