"""A result from what a paired comparison gathered, and the exit code that it answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfengine.comparison.families import apply_families
from perfengine.engine.environment import describe_environment
from perfengine.engine.progress import Progress
from perfengine.errors import ExitCode
from perfengine.metrics.summary import SATURATED_SHARE
from perfengine.model.ab import AbArm, AbResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.engine.ab.planning import PlannedAb, PlannedArm
    from perfengine.engine.ab.unit import Unit
    from perfengine.errors import PerfengineError


@dataclass(slots=True, kw_only=True)
class AbState:
    """What is known so far; whatever ends the comparison loses nothing of it."""

    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    arms: tuple[Progress, Progress] = field(default_factory=lambda: (Progress(), Progress()))
    units: list[Unit] = field(default_factory=list)
    failure: PerfengineError | None = None


def ab_result(planned: PlannedAb, state: AbState, signal: ExitCode | None) -> AbResult:
    """Return what the pairs say, all rows judged together as the families that they are."""
    # a unit whose time was over before its first pair has rows too: an open question is no success
    rows = [row for unit in state.units for row in unit.compare()]
    _, others = planned.units
    arms = [_arm(arm, progress) for arm, progress in zip(planned.arms, state.arms, strict=True)]
    return AbResult(
        started_at=state.started_at,
        finished_at=datetime.now(UTC),
        seed=planned.arms[0].planned.plan.seed,
        rule=planned.settings.rule,
        arms=(arms[0], arms[1]),
        units=tuple(unit.result for unit in state.units if unit.pairs),
        operations=apply_families([*rows, *others]),
        notes=(*planned.notes, *_notes(state)),
        incomplete="interrupted" if signal else str(state.failure) if state.failure else None,
        signal=signal,
    )


def _arm(arm: PlannedArm, progress: Progress) -> AbArm:
    if progress.address is None or progress.facts is None:
        return AbArm(letter=arm.letter, label=arm.label)
    environment = describe_environment(progress.address, progress.facts)
    return AbArm(
        letter=arm.letter,
        label=arm.label,
        server=environment.target,
        version=environment.server_version,
        run_id=progress.run_id,
    )


def _notes(state: AbState) -> Iterator[str]:
    yield from dict.fromkeys(note for progress in state.arms for note in progress.notes)
    for unit in state.units:
        yield from unit.notes
        share = unit.result.generator_share
        if share > SATURATED_SHARE:
            yield f"{unit.name}: the load generator was the bottleneck, busy or waiting {share:.0%} of its time"


def ab_exit_code(result: AbResult) -> ExitCode:
    """Return the exit code: a signal, a run that failed, a regression, a question left open, success."""
    if result.signal is not None:
        return result.signal
    if result.incomplete:
        return ExitCode.RUN
    if result.fails:
        return ExitCode.FAILED
    return ExitCode.UNPROVEN if result.is_open else ExitCode.OK
