"""What a load process is told to do, as a JSON file that it finds by an environment variable."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Values = tuple[Any, ...]
    #: What one attempt is: the number of its operation, and its arguments.
    Item = tuple[int, Values]

#: The environment variable that holds the path of the file.
VARIABLE: Final = "PERFENGINE_BENCH_ORDERS"

_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "int": int,
    "str": str,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement, and for each placeholder which of the attempt's arguments it takes, from 0."""

    sql: str
    bindings: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An operation: one statement that commits itself, or several between BEGIN and COMMIT."""

    name: str
    statements: tuple[Statement, ...]
    explicit: bool = False

    @property
    def sql(self) -> str:
        """Return the text of the one statement, which takes the arguments as they come."""
        (statement,) = self.statements
        return statement.sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """One load: the operations, the attempts with their arguments, and how long."""

    dsn: str
    name: str
    tasks: tuple[Task, ...]
    clients: int
    warmup_s: float
    measured_s: float
    items: Sequence[Item]

    def of_client(self, index: int) -> Sequence[Item]:
        """Return the attempts of client `index`, to be made in turn, again and again."""
        return self.items[index % self.clients :: self.clients]


def write_orders(orders: Orders, path: Path) -> None:
    """Write the file; arguments are integers, texts, decimals and timestamps, alike in all attempts of a task."""
    document = {field.name: getattr(orders, field.name) for field in fields(orders)} | {
        "tasks": [asdict(task) for task in orders.tasks],
        "types": {number: [type(value).__name__ for value in values] for number, values in orders.items},
    }
    path.write_text(json.dumps(document, default=str))


def read_orders() -> Orders:
    """Return what the file says that the environment names. Raises: KeyError without the variable."""
    document = json.loads(Path(os.environ[VARIABLE]).read_text())
    types = {int(number): names for number, names in document.pop("types").items()}
    document["items"] = [(number, _values(types[number], values)) for number, values in document["items"]]
    document["tasks"] = tuple(map(_task, document["tasks"]))
    return Orders(**document)


def _values(types: Sequence[str], values: Iterable[Any]) -> Values:
    return tuple(_READERS[name](value) for name, value in zip(types, values, strict=True))


def _task(document: dict[str, Any]) -> Task:
    statements = (
        Statement(sql=each["sql"], bindings=tuple(each["bindings"])) for each in document["statements"]
    )
    return Task(name=document["name"], statements=tuple(statements), explicit=document["explicit"])
