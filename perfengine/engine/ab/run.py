"""The order of things of a paired comparison: targets, arms, units one after the other. And cleaning up."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio

from perfengine.engine.ab.gating import gating_of_unit
from perfengine.engine.ab.outcome import AbState, ab_result
from perfengine.engine.ab.pairs import UnitPairs
from perfengine.engine.ab.renewable import renewable_load
from perfengine.engine.ab.staged_arm import staged_arm
from perfengine.engine.ab.time_budget import TimeBudget
from perfengine.engine.ab.unit import Unit
from perfengine.engine.events import Note, PhaseBegan, RunBegan
from perfengine.engine.interrupt import Interrupt
from perfengine.engine.load_group import LoadGroup
from perfengine.engine.planning import scenario_name
from perfengine.engine.safely import safely
from perfengine.engine.target import named_target, reachable, target_line
from perfengine.errors import PerfengineError, RunAborted, leaf

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.engine.ab.arm import Arm
    from perfengine.engine.ab.matching import Phases
    from perfengine.engine.ab.planning import PlannedAb
    from perfengine.engine.events import Watch
    from perfengine.model.ab import AbResult


async def run_ab(planned: PlannedAb, watch: Watch) -> AbResult:
    """Return what was found; partial and marked when it was interrupted or something failed on the way.

    Raises: TargetError, SafetyError or PlanError when no pair was measured, RunAborted when a signal came before.
    """
    state, interrupt = AbState(), Interrupt(watch)
    if not planned.units[0]:
        return ab_result(planned, state, None)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(interrupt.listen)
            with interrupt.preparing:
                await _run(planned, watch, state, interrupt)
            tasks.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        raise leaf(group) from group
    for progress in state.arms:
        if progress.left_behind:
            progress.notes.append(progress.left_behind)
            watch(Note(text=progress.left_behind))
    is_empty = not any(unit.pairs for unit in state.units)
    if interrupt.requested and is_empty:
        raise RunAborted("interrupted before a pair was measured", interrupt.requested)
    if state.failure and is_empty:
        raise state.failure
    return ab_result(planned, state, interrupt.requested)


async def _run(planned: PlannedAb, watch: Watch, state: AbState, interrupt: Interrupt) -> None:
    for note in planned.notes:
        watch(Note(text=f"note: {note}"))
    named = [named_target(arm.target) for arm in planned.arms]
    targets = dict.fromkeys(one.shown if one else "embedded PostgreSQL" for one in named)
    watch(RunBegan(scenario=scenario_name(planned.arms[0].planned), target=" and ".join(targets)))
    watch(PhaseBegan(phase="prepare"))
    async with AsyncExitStack() as stack:
        addresses = await _addresses(planned, stack, watch, state)
        loads = [await stack.enter_async_context(renewable_load()) for _ in planned.arms]
        arms = []
        for arm, address, load, progress in zip(planned.arms, addresses, loads, state.arms, strict=True):
            arms.append(await stack.enter_async_context(staged_arm(arm, address, load, progress)))
        interrupt.loading(LoadGroup(loads))
        try:
            async with AsyncExitStack() as watched:
                for arm, address, progress in zip(planned.arms, addresses, state.arms, strict=True):
                    await watched.enter_async_context(safely(arm.planned, address, progress))
                await _load(planned, (arms[0], arms[1]), watch, state, interrupt)
        except PerfengineError as error:  # what was measured so far is kept, whoever is to blame
            state.failure = error
        watch(PhaseBegan(phase="clean up"))
        for ready in arms:
            await ready.close()  # its connections must be gone before the sandbox can go


async def _addresses(
    planned: PlannedAb, stack: AsyncExitStack, watch: Watch, state: AbState
) -> list[Address]:
    """Return where each arm is: the same server for both, unless two were named."""
    addresses: list[Address] = []
    for arm, progress in zip(planned.arms, state.arms, strict=True):
        if addresses and planned.one_server:
            addresses.append(addresses[0])
            break
        named = named_target(arm.target)
        watch(Note(text=target_line(named) if planned.one_server else f"{arm.letter}: {target_line(named)}"))
        addresses.append(await stack.enter_async_context(reachable(named, planned.connections, progress)))
    return addresses


async def _load(
    planned: PlannedAb, arms: tuple[Arm, Arm], watch: Watch, state: AbState, interrupt: Interrupt
) -> None:
    budget = TimeBudget(planned.settings.time_budget_ns)
    for arm in arms:
        await arm.introduce()
    units, _ = planned.units
    for number, phases in enumerate(units, start=1):
        if interrupt.requested:
            return
        watch(PhaseBegan(phase="pairs", plan=phases[0], number=number, total=len(units)))
        budget.begin_unit(left=len(units) - number + 1)
        unit = _unit(planned, phases, arms, budget, watch, interrupt)
        state.units.append(unit)
        await unit.run()


def _unit(
    planned: PlannedAb,
    phases: Phases,
    arms: tuple[Arm, Arm],
    budget: TimeBudget,
    watch: Watch,
    interrupt: Interrupt,
) -> Unit:
    first, name = planned.arms[0].planned, phases[0].name
    operations = tuple(plan.operation.name for plan in phases[0].operations)
    return Unit(
        phases,
        arms,
        planned.settings,
        UnitPairs(
            name=name,
            operations=operations,
            gating=gating_of_unit(first, name, operations),
            rule=planned.settings.rule,
            seed=first.plan.seed,
        ),
        arms_here=2 if planned.one_server else 1,
        budget=budget,
        interrupt=interrupt,
        watch=watch,
    )
