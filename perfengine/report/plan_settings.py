"""The lines of a plan about the run as a whole: how it is loaded, by what, and when it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.load_words import duration_text, stages_text
from perfengine.report.measures import FRACTION, value_text
from perfengine.report.plan_words import load_text
from perfengine.report.safety_words import safety_lines
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.plan import PhasePlan, Plan
    from perfengine.model.workload import StopRules


def is_mix(phase: PhasePlan) -> bool:
    """Return whether the operations of the phase are loaded together, under a name that is not theirs."""
    return [item.operation.name for item in phase.operations] != [phase.name]


def setting_lines(plan: Plan) -> Iterator[str]:
    """Yield the settings that are not those of every run."""
    lines = [
        f"   {plan.processes} load processes" if plan.processes > 1 else "",
        f"   {plan.connections} connections for all clients" if plan.connections is not None else "",
        "" if plan.prepare else "   statements are not prepared, for a pooler in transaction mode",
        *(f"   {plain(name)} = {plain(value)}" for name, value in plan.session.items()),
        *_stop_lines(plan.stop),
        *(f"   {line}" for line in safety_lines(plan.safety)),
    ]
    if any(lines):
        yield "Settings"
        yield from filter(None, lines)


def statement_lines(title: str, statements: Sequence[str]) -> list[str]:
    """Return statements under their title; nothing without any."""
    return [title, *(f"   {plain(statement)}" for statement in statements)] if statements else []


def phase_lines(phase: PhasePlan) -> Iterator[str]:
    """Yield the lines above the operations of a phase: those of a mix, and the stages of any."""
    if is_mix(phase):
        count = len(phase.operations)
        yield f"Mix of {count} operation{'' if count == 1 else 's'}"
        yield f"   {load_text(phase)}"
    elif phase.load.stages:
        yield f"Stages of {plain(phase.name)}"
    if phase.load.stages:
        yield f"   from {stages_text(phase.load.stages, phase.load)}"


def _stop_lines(stop: StopRules) -> Iterator[str]:
    if stop.abort_on_fail:
        delay = f", looked at after {duration_text(stop.abort_delay_ns)}" if stop.abort_delay_ns else ""
        yield f"   stops when a requirement is violated{delay}"
    if stop.max_error_rate is not None:
        yield f"   stops when more than {value_text(stop.max_error_rate, FRACTION)} of the attempts are bad"
