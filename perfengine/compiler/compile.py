"""The compiler: a scenario and settings in, the plan out. Pure: no clock, no chance, no wire."""

from __future__ import annotations

from decimal import Context, localcontext
from typing import TYPE_CHECKING, Final

from perfengine.compiler.benchmark_order import order_operations
from perfengine.compiler.checks import write_checks
from perfengine.compiler.crud import compile_crud
from perfengine.compiler.data_set import size_data_set
from perfengine.compiler.draft import Draft, Pass
from perfengine.compiler.entities import take_entities
from perfengine.compiler.key_ranges import lay_key_ranges
from perfengine.compiler.load import settle_load
from perfengine.compiler.names import resolve_names
from perfengine.compiler.selection import select_operations
from perfengine.compiler.state_machine import compile_state_machines
from perfengine.compiler.tables import lay_tables
from perfengine.compiler.validation import compile_validation
from perfengine.model.plan import Plan

if TYPE_CHECKING:
    from perfengine.model.scenario import Scenario
    from perfengine.model.settings import LoadSettings

#: What the compiler does, in order.
PASSES: Final[tuple[Pass, ...]] = (
    take_entities,
    lay_tables,
    write_checks,
    compile_state_machines,
    compile_crud,
    compile_validation,
    order_operations,
    resolve_names,
    select_operations,
    size_data_set,
    settle_load,
    lay_key_ranges,
)
#: Room for the widest numeric of PostgreSQL, 1000 digits, and the narrowest step beside it.
_EXACT: Final = Context(prec=2100)


def compile_scenario(scenario: Scenario, settings: LoadSettings) -> Plan:
    """Return the plan of `scenario` under `settings`; equal for equal arguments.

    With every entity disabled the plan has no operations, and a note says so.

    Raises: PlanError when no plan follows from the documents; UsageError when the command line selects nothing,
    names an unknown data set, or asks for an impossible load.
    """
    draft = Draft(scenario=scenario, settings=settings)
    with localcontext(_EXACT):
        for step in PASSES:
            draft = step(draft)
    return Plan(
        tables=draft.tables,
        functions=draft.functions,
        operations=draft.plans,
        available=draft.operations,
        data_set=draft.data_set,
        data_rows=dict(draft.data_rows),
        seed=settings.seed,
        notes=draft.notes,
    )
