"""The draft that the passes hand on: what is known of the plan so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from perfengine.model.operation import Pick
from perfengine.model.workload import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.compiler.existing.matching import Matched
    from perfengine.model.entity import NotBuilt
    from perfengine.model.existing import ExistingSchema
    from perfengine.model.existing_plan import BoundFunction
    from perfengine.model.load import Load
    from perfengine.model.mistake import Mistake
    from perfengine.model.operation import Operation
    from perfengine.model.plan import PhasePlan
    from perfengine.model.scenario import EntityScenario, Scenario
    from perfengine.model.settings import LoadSettings
    from perfengine.model.table import Function, Table
    from perfengine.model.workload import OwnOperation


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An operation of a phase and its weight there."""

    operation: Operation
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLoad:
    """How much of the operations of one phase is asked for; what they need for that is not yet known."""

    name: str
    shares: tuple[Share, ...]
    load: Load
    timeout_ns: int
    iterations: int | None
    duration_ns: int | None
    warmup_ns: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan in the making; each field is filled by the pass named beside it."""

    scenario: Scenario
    settings: LoadSettings
    entities: tuple[EntityScenario, ...] = ()  #: take_entities
    tables: tuple[Table, ...] = ()  #: lay_tables, take_field_data, write_checks
    functions: tuple[Function, ...] = ()  #: compile_state_machines
    operations: tuple[Operation, ...] = ()  #: compile_*, order_operations, resolve_names
    own: Mapping[str, OwnOperation] = field(default_factory=dict)  #: compile_own; by full id
    weights: Mapping[str, float] = field(default_factory=dict)  #: weigh_mix; by operation name
    setup: tuple[str, ...] = ()  #: write_statements
    teardown: tuple[str, ...] = ()  #: write_statements
    selected: tuple[Operation, ...] = ()  #: select_operations
    data_set: str = ""  #: size_data_set
    data_rows: Mapping[str, int] = field(default_factory=dict)  #: size_data_set
    loads: tuple[PhaseLoad, ...] = ()  #: settle_load
    connections: int | None = None  #: settle_load
    processes: int = 1  #: settle_load
    phases: tuple[PhasePlan, ...] = ()  #: lay_key_ranges
    existing: ExistingSchema | None = None  #: what is on the server; None: all tables are made for the run
    read_only: bool = False  #: of existing tables: nothing is written
    matched: tuple[Matched, ...] = ()  #: match_existing; as `tables`
    bound: tuple[BoundFunction, ...] = ()  #: call_existing_functions
    unmatched: Mapping[str, str] = field(default_factory=dict)  #: operation to why the server cannot do it
    not_built: tuple[NotBuilt, ...] = ()  #: any pass before list_not_built
    mistakes: tuple[Mistake, ...] = ()  #: any pass before refuse_mistakes
    notes: tuple[str, ...] = ()  #: any pass; a line each, for the user

    @property
    def mode(self) -> Mode:
        """Each operation alone, or all together; a workload that says weights means a mix."""
        workload = self.scenario.workload
        return workload.mode or (Mode.MIX if workload.mix else Mode.BENCHMARK)

    @property
    def pick(self) -> Pick:
        """How operations that change rows find them."""
        return self.scenario.workload.pick or Pick.CLAIM

    def table(self, name: str) -> Table:
        """Return the table of that bare name. Raises: KeyError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def adding(self, operations: Sequence[Operation], notes: Sequence[str]) -> Draft:
        """Return the draft with more operations and notes at the end."""
        return replace(self, operations=(*self.operations, *operations), notes=(*self.notes, *notes))

    def lacking(self, not_built: Sequence[NotBuilt]) -> Draft:
        """Return the draft with more operations that cannot be built."""
        return replace(self, not_built=(*self.not_built, *not_built))

    def finding(self, mistakes: Sequence[Mistake]) -> Draft:
        """Return the draft with more mistakes, which one later pass raises all at once."""
        return replace(self, mistakes=(*self.mistakes, *mistakes))


#: One step of the compiler. It reads what earlier passes filled and fills its own part.
Pass = Callable[[Draft], Draft]
