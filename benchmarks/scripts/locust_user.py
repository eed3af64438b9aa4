"""A Locust user as lean as Locust allows: no HTTP, no wait time, a held psycopg connection, a prepared statement."""

from __future__ import annotations

from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING

import gevent  # type: ignore[import-untyped] # installed for `make bench` only
import psycopg  # type: ignore[import-not-found] # as above
from locust import User, events, task  # type: ignore[import-not-found] # as above

from benchmarks.marks import Edge, print_mark
from benchmarks.scripts.psycopg_client import ORDERS, operation_of

if TYPE_CHECKING:
    from locust.env import Environment  # type: ignore[import-not-found] # as above

_INDEXES = count()


class PointUser(User):  # type: ignore[misc] # a class without types here
    """Runs the statement again and again and reports each run to Locust's own statistics."""

    def on_start(self) -> None:
        """Connect and get ready."""
        self.connection = psycopg.connect(ORDERS.dsn, autocommit=True)
        self.operation = operation_of(self.connection, next(_INDEXES))

    def on_stop(self) -> None:
        """Say good-bye."""
        self.connection.close()

    @task  # type: ignore[untyped-decorator] # as above
    def point(self) -> None:
        """One operation; an exception becomes a failure of Locust's, and the run is refused for it."""
        started = perf_counter()
        error = None
        try:
            self.operation()
        except psycopg.Error as caught:
            error = caught
        self.environment.events.request.fire(
            request_type="sql",
            name=ORDERS.name,
            response_time=(perf_counter() - started) * 1000,
            response_length=0,
            exception=error,
            context={},
        )


@events.init.add_listener  # type: ignore[untyped-decorator] # as above
def _watch(environment: Environment, **_: object) -> None:
    def measure(user_count: int, **_: object) -> None:
        if user_count == ORDERS.clients:
            gevent.spawn(_print_edges, environment)

    environment.events.spawning_complete.add_listener(measure)


def _print_edges(environment: Environment) -> None:
    total = environment.stats.total
    gevent.sleep(ORDERS.warmup_s)
    print_mark(Edge.START, total.num_requests, total.num_failures)
    gevent.sleep(ORDERS.measured_s)
    print_mark(Edge.END, total.num_requests, total.num_failures)
    if environment.runner:
        environment.runner.quit()
