"""Locust and dbworkload, both with psycopg, in an environment of their own."""

from __future__ import annotations

import json
import socket
import subprocess
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arms.arm import BenchmarkError, Launch, Load
from benchmarks.marks import Mark, parse_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCRIPTS: Final = Path(__file__).parent.parent / "scripts"
_ASK_VERSIONS: Final = (
    "import json, sys\nfrom importlib.metadata import version\n"
    "print(json.dumps({name: version(name) for name in sys.argv[1:]}))"
)
#: dbworkload stops by the clock; it must still be running when the last edge is due.
_SPARE_S: Final = 15


@dataclass(frozen=True, slots=True)
class Locust:
    """One Locust process without web interface, master or workers."""

    python: Path
    name: str = "Locust"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return what is installed. Raises: BenchmarkError when something is missing."""
        return _versions(self.python, "locust", "gevent", "psycopg", "psycopg-binary")

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        clients = str(load.orders.clients)
        return Launch(
            command=(
                str(self.python), "-m", "locust", "--headless", "--only-summary", "--loglevel=WARNING",
                "--users", clients, "--spawn-rate", clients, "--locustfile", str(_SCRIPTS / "locust_user.py"),
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dbworkload:
    """One dbworkload supervisor process with a thread for each client."""

    python: Path
    name: str = "dbworkload"

    @property
    def versions(self) -> Mapping[str, str]:
        """Return what is installed. Raises: BenchmarkError when something is missing."""
        return _versions(self.python, "dbworkload", "psycopg", "psycopg-binary")

    def launch(self, load: Load) -> Launch:
        """Return how to run the load."""
        orders = load.orders
        seconds = ceil(orders.warmup_s + orders.measured_s + _SPARE_S)
        return Launch(
            command=(
                str(self.python.with_name("dbworkload")), "run", "--workload", str(_SCRIPTS / "dbworkload_point.py"),
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


def _versions(python: Path, *names: str) -> Mapping[str, str]:
    try:
        answer = subprocess.run(
            [python, "-c", _ASK_VERSIONS, *names], capture_output=True, text=True, check=True, timeout=60
        )
    except (OSError, subprocess.CalledProcessError) as error:
        missing = getattr(error, "stderr", None) or error
        raise BenchmarkError(f"{', '.join(names)}: not all installed for {python}: {missing}") from error
    versions: Mapping[str, str] = json.loads(answer.stdout)
    return versions


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
