"""Locust and dbworkload, both with psycopg."""

from __future__ import annotations

import socket
import sys
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError, Launch, Load
from benchmarks.marks import Mark, parse_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCRIPTS: Final = Path(__file__).parent.parent / "scripts"
#: dbworkload stops by the clock; it must still be running when the last edge is due.
_SPARE_S: Final = 15


class Locust:
    """One Locust process without web interface, master or workers."""

    name = "Locust"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return what is installed. Raises: BenchmarkError when something is missing."""
        return _versions("locust", "gevent", "psycopg", "psycopg-binary")

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        clients = str(load.orders.clients)
        return Launch(
            command=(
                sys.executable, "-m", "locust", "--headless", "--only-summary", "--loglevel=WARNING",
                "--users", clients, "--spawn-rate", clients, "--locustfile", str(_SCRIPTS / "locust_user.py"),
            )
        )  # fmt: skip


class Dbworkload:
    """One dbworkload supervisor process with a thread for each client."""

    name = "dbworkload"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return what is installed. Raises: BenchmarkError when something is missing."""
        return _versions("dbworkload", "psycopg", "psycopg-binary")

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        orders = load.orders
        seconds = ceil(orders.warmup_s + orders.measured_s + _SPARE_S)
        return Launch(
            command=(
                str(Path(sys.executable).with_name("dbworkload")), "run",
                "--workload", str(_SCRIPTS / "dbworkload_point.py"),
                "--driver", "postgres", "--uri", orders.dsn, "--procs", "1", "--concurrency", str(orders.clients),
                "--duration", str(seconds), "--port", str(_free_port()), "--quiet",
            ),
            read_mark=_read_dbworkload,
            # Its main process now and then waits for ever for a supervisor that has ended.
            ends_itself=False,
        )  # fmt: skip


def _read_dbworkload(line: str) -> Mark | None:
    """Return the mark of the line. Raises: BenchmarkError, because dbworkload logs an error, sleeps and goes on."""
    if "error_type=" in line:
        raise BenchmarkError(f"dbworkload met an error: {line.strip()}")
    return parse_mark(line)


def _versions(*names: str) -> Mapping[str, str]:
    try:
        return {name: version(name) for name in names}
    except PackageNotFoundError as error:
        raise BenchmarkError(
            f"{error.name} is not installed beside {sys.executable}: pip install '.[bench]'"
        ) from error


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
