"""The workload class that dbworkload runs: a held psycopg connection, a prepared statement."""

from __future__ import annotations

import threading
from time import sleep
from typing import TYPE_CHECKING, ClassVar

from benchmarks.marks import Edge, print_mark
from benchmarks.scripts.psycopg_client import ORDERS, operation_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg  # type: ignore[import-not-found] # installed for `make bench` only


class DbworkloadPoint:
    """One instance a thread; the last one to be set up starts the clock. The name is that of the file, as it must."""

    ready: ClassVar[list[DbworkloadPoint]] = []
    lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, args: dict[str, str]) -> None:
        del args  # dbworkload's interface; the orders are read from their file instead
        self.operations = 0

    def setup(self, conn: psycopg.Connection, id: int, total_thread_count: int) -> None:  # noqa: A002 - dbworkload's signature
        """Get ready; called once a thread."""
        self.operation = operation_of(conn, id)
        with self.lock:
            self.ready.append(self)
            if len(self.ready) == total_thread_count:
                threading.Thread(target=self._print_edges, daemon=True).start()

    def loop(self) -> list[Callable[[psycopg.Connection], None]]:
        """Return what one cycle of dbworkload executes."""
        return [self.point]

    def point(self, conn: psycopg.Connection) -> None:  # noqa: ARG002 - dbworkload's signature
        """One operation."""
        self.operation()
        self.operations += 1

    def _print_edges(self) -> None:
        sleep(ORDERS.warmup_s)
        print_mark(Edge.START, sum(point.operations for point in self.ready))
        sleep(ORDERS.measured_s)
        print_mark(Edge.END, sum(point.operations for point in self.ready))
