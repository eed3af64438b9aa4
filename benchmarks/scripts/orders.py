"""What a load process is told to do, as a JSON file that it finds by an environment variable."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: The environment variable that holds the path of the file.
VARIABLE: Final = "PERFENGINE_BENCH_ORDERS"

_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "int": int,
    "str": str,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """One load: the statement, its argument table, and how long."""

    dsn: str
    operation: str
    sql: str
    key: int  #: which placeholder of the statement is the key; 1 is `$1`
    clients: int
    warmup_s: float
    measured_s: float
    arguments: Sequence[tuple[Any, ...]]

    def of_client(self, index: int) -> Sequence[tuple[Any, ...]]:
        """Return the arguments of client `index`, to be used in turn, again and again."""
        return self.arguments[index % self.clients :: self.clients]


def write_orders(orders: Orders, path: Path) -> None:
    """Write the file; arguments are integers, texts, decimals and timestamps."""
    types = [type(value).__name__ for value in orders.arguments[0]]
    document = asdict(orders) | {"types": types}
    path.write_text(json.dumps(document, default=str))


def read_orders() -> Orders:
    """Return what the file says that the environment names. Raises: KeyError without the variable."""
    document = json.loads(Path(os.environ[VARIABLE]).read_text())
    readers = [_READERS[name] for name in document.pop("types")]
    document["arguments"] = [
        tuple(read(value) for read, value in zip(readers, row, strict=True)) for row in document["arguments"]
    ]
    return Orders(**document)
