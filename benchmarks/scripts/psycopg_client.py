"""One client on psycopg: what the Locust user and the dbworkload class have in common."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import psycopg  # type: ignore[import-not-found] # installed for `make bench` only
from psycopg.types.numeric import Int8  # type: ignore[import-not-found] # as above

from benchmarks.scripts.orders import read_orders

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = read_orders()


def operation_of(connection: psycopg.Connection, client: int) -> Callable[[], None]:
    """Return the function that runs the statement once, with the next arguments of that client.

    `connection.execute` makes a cursor a call: so psycopg's manual, Locust's PostgreSQL client and the template of
    dbworkload do. The statement is prepared at its first execution; RawCursor takes `$1`, so its text is that of
    the other arms.
    """
    connection.prepare_threshold = 0
    connection.cursor_factory = psycopg.RawCursor
    # psycopg gives a small integer a smaller type, and with it another prepared statement: say what the column is.
    arguments = cycle(
        [tuple(Int8(v) if type(v) is int else v for v in row) for _, row in ORDERS.of_client(client)]
    )
    execute, sql = connection.execute, ORDERS.tasks[0].sql

    def read() -> None:
        execute(sql, next(arguments)).fetchall()

    def write() -> None:
        execute(sql, next(arguments))

    return read if sql.startswith("SELECT") else write
