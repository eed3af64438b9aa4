"""What the parts of one SQL file share: the entity's table, those it refers to, and the names of the helpers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.generate.values_sql import KeysOf
from perfengine.model.generator import StateOf
from perfengine.model.sql import quote_identifier, shorten_identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.generated import GenerateInput
    from perfengine.model.operation import Group
    from perfengine.model.plan import OperationPlan
    from perfengine.model.table import Table

_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """One entity, one pattern."""

    given: GenerateInput
    table: Table
    pattern: Group
    operations: tuple[OperationPlan, ...]

    @property
    def schema(self) -> str:
        """The schema of the helpers, quoted where it must be."""
        return _quoted(shorten_identifier(f"perfengine_{self.table.name}_{self.pattern}"))

    @property
    def tables_schema(self) -> str:
        """The schema of the tables that the file brings itself, quoted where it must be."""
        return _quoted(shorten_identifier(f"perfengine_{self.table.name}_{self.pattern}_tables"))

    @property
    def parents(self) -> tuple[Table, ...]:
        """The tables that rows of the entity refer to, and those that these refer to: each after its own parents."""
        tables = self.given.tried.tables
        needed = _reached(self.table, tables)
        return tuple(tables[table.name] for table in self.given.plan.tables if table.name in needed)

    @property
    def keys(self) -> dict[str, KeysOf]:
        """Where the keys of the parents are, by table."""
        return {
            parent.name: KeysOf(function=self.helper(f"{parent.name}_key"), count=self.rows_of(parent))
            for parent in self.parents
        }

    def helper(self, name: str) -> str:
        """Return the name of something in the schema of the helpers, qualified, quoted where it must be."""
        return f"{self.schema}.{_quoted(shorten_identifier(name))}"

    def rows_of(self, table: Table) -> int:
        """Return how many rows the data set of a table has, at least one."""
        return max(1, self.given.plan.data_rows[table.name])


def key_type(table: Table) -> str:
    """Return the type of a table's key, without a length."""
    return table.key.sql_type.partition("(")[0]


def state_of(table: Table) -> tuple[str | None, tuple[str, ...]]:
    """Return the column of the state, and the states that rows of a data set have in turn; none of either without."""
    found = ((one.name, one.generator.states) for one in table.columns if isinstance(one.generator, StateOf))
    return next(found, (None, ()))


def states_of(table: Table) -> tuple[str, ...]:
    """Return the states that rows of a data set have in turn; empty without a state machine."""
    _, states = state_of(table)
    return states


def dollar_quoted(body: str, word: str = "body") -> str:
    """Return text between dollar quotes that do not occur in it, each on a line of its own."""
    tag, number = f"${word}$", 0
    while tag in body:
        number += 1
        tag = f"${word}{number}$"
    return f"{tag}\n{body}\n{tag}"


def _quoted(name: str) -> str:
    """Return a name of ours: it stands behind a dot or begins with our own, so that no word is reserved there."""
    return name if _PLAIN.match(name) else quote_identifier(name)


def _reached(table: Table, tables: Mapping[str, Table]) -> set[str]:
    reached: set[str] = set()
    waiting = [table]
    while waiting:
        for column in waiting.pop().columns:
            if column.references is not None and column.references not in reached:
                reached.add(column.references)
                waiting.append(tables[column.references])
    return reached
