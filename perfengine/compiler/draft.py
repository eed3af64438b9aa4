"""The draft that the passes hand on: what is known of the plan so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan
    from perfengine.model.scenario import EntityScenario, Scenario
    from perfengine.model.settings import LoadSettings
    from perfengine.model.table import Function, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much of one operation is asked for; what it needs for that is not yet known."""

    operation: Operation
    concurrency: int  #: clients that will run, never more than iterations
    timeout_ns: int
    iterations: int | None
    duration_ns: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan in the making; each field is filled by the pass named beside it."""

    scenario: Scenario
    settings: LoadSettings
    entities: tuple[EntityScenario, ...] = ()  #: take_entities
    tables: tuple[Table, ...] = ()  #: lay_tables, write_checks
    functions: tuple[Function, ...] = ()  #: compile_state_machines
    operations: tuple[Operation, ...] = ()  #: compile_*, order_operations, resolve_names
    selected: tuple[Operation, ...] = ()  #: select_operations
    data_set: str = ""  #: size_data_set
    data_rows: Mapping[str, int] = field(default_factory=dict)  #: size_data_set
    loads: tuple[Load, ...] = ()  #: settle_load
    plans: tuple[OperationPlan, ...] = ()  #: lay_key_ranges
    notes: tuple[str, ...] = ()  #: any pass; a line each, for the user

    def table(self, name: str) -> Table:
        """Return the table of that bare name. Raises: KeyError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def adding(self, operations: list[Operation], notes: list[str]) -> Draft:
        """Return the draft with more operations and notes at the end."""
        return replace(self, operations=(*self.operations, *operations), notes=(*self.notes, *notes))


#: One step of the compiler. It reads what earlier passes filled and fills its own part.
Pass = Callable[[Draft], Draft]
