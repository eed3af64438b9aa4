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
from perfengine.compiler.existing import access, machines, operations, rules
from perfengine.compiler.existing.tables import match_existing
from perfengine.compiler.existing.tables import open_questions as _open_questions
from perfengine.compiler.field_data import take_field_data
from perfengine.compiler.key_ranges import lay_key_ranges
from perfengine.compiler.load import settle_load
from perfengine.compiler.load_checks import check_load
from perfengine.compiler.mistakes import refuse_mistakes
from perfengine.compiler.mix import weigh_mix
from perfengine.compiler.names import resolve_names
from perfengine.compiler.own import compile_own
from perfengine.compiler.selection import select_operations
from perfengine.compiler.state_machine import compile_state_machines
from perfengine.compiler.statements import write_statements
from perfengine.compiler.tables import lay_tables
from perfengine.compiler.validation import compile_validation
from perfengine.model.plan import Plan
from perfengine.seeds import DEFAULT_SEED

if TYPE_CHECKING:
    from perfengine.model.existing import ExistingSchema
    from perfengine.model.existing_question import Question
    from perfengine.model.scenario import Scenario
    from perfengine.model.settings import LoadSettings

_SELECTING: Final[tuple[Pass, ...]] = (
    order_operations,
    resolve_names,
    weigh_mix,
    write_statements,
    check_load,
    refuse_mistakes,
    select_operations,
)
#: What the compiler does, in order.
PASSES: Final[tuple[Pass, ...]] = (
    take_entities,
    lay_tables,
    take_field_data,
    write_checks,
    compile_state_machines,
    compile_crud,
    compile_validation,
    compile_own,
    *_SELECTING,
    size_data_set,
    settle_load,
    lay_key_ranges,
)
#: The same on tables that are there.
EXISTING_PASSES: Final[tuple[Pass, ...]] = (
    take_entities,
    match_existing,
    take_field_data,
    rules.hold_existing_rules,
    machines.call_existing_functions,
    compile_crud,
    compile_validation,
    compile_own,
    operations.heed_rights,
    *_SELECTING,
    operations.refuse_unmatched,
    access.keep_to_own_rows,
    size_data_set,
    operations.size_no_rows,
    settle_load,
    lay_key_ranges,
)
#: Room for the widest numeric of PostgreSQL, 1000 digits, and the narrowest step beside it.
_EXACT: Final = Context(prec=2100)


def compile_scenario(
    scenario: Scenario,
    settings: LoadSettings,
    existing: ExistingSchema | None = None,
    *,
    read_only: bool = False,
) -> Plan:
    """Return the plan of `scenario` under `settings`; equal for equal arguments.

    `existing` is a server's schema, where its tables and functions are to be loaded instead of a sandbox; with
    `read_only` nothing is written there. With every entity disabled the plan has no operations, and a note says so.

    Raises: SpecError with every mistake that shows against tables and operations; PlanError when no plan follows from
    the documents; UsageError when the command line selects nothing, names an unknown data set, or asks for an
    impossible load.
    """
    draft = Draft(scenario=scenario, settings=settings, existing=existing, read_only=read_only)
    with localcontext(_EXACT):
        for step in PASSES if existing is None else EXISTING_PASSES:
            draft = step(draft)
    return _plan(draft)


def open_questions(
    scenario: Scenario, settings: LoadSettings, existing: ExistingSchema, *, read_only: bool = False
) -> tuple[Question, ...]:
    """Return what must be known of the rows in existing tables before a plan can be made, and is not yet answered.

    Raises: SpecError or PlanError when nothing is left to ask and something does not match.
    """
    draft = Draft(scenario=scenario, settings=settings, existing=existing, read_only=read_only)
    with localcontext(_EXACT):
        return _open_questions(take_entities(draft))


def _plan(draft: Draft) -> Plan:
    workload = draft.scenario.workload
    seed = workload.seed if draft.settings.seed is None else draft.settings.seed
    return Plan(
        tables=draft.tables,
        functions=draft.functions,
        phases=draft.phases,
        available=draft.operations,
        data_set=draft.data_set,
        data_rows=dict(draft.data_rows),
        seed=DEFAULT_SEED if seed is None else seed,
        notes=draft.notes,
        not_built=draft.not_built,
        mode=draft.mode,
        connections=draft.connections,
        processes=draft.processes,
        prepare=workload.prepare is not False,
        session=dict(workload.session),
        setup=draft.setup,
        teardown=draft.teardown,
        stop=workload.stop,
        safety=workload.safety,
        existing=operations.existing_plan(draft),
    )
