"""The lines of the text report about how steady a run was, how much its repeats differ, and what was done for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from perfengine.model.stability import Steadiness
from perfengine.model.verdict import Verdict
from perfengine.report.measures import SECONDS, value_text
from perfengine.report.signs import folded, plain
from perfengine.report.stability_words import outlier_words, stability_words
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.repeats import OperationRepeats
    from perfengine.model.result import RunResult
    from perfengine.model.stabilising import StabilisingStep
    from perfengine.model.stability import SteadyState
    from perfengine.report.signs import Signs

HEADING: Final = "Stability (decides no verdict):"


def stability_lines(result: RunResult, signs: Signs) -> Iterator[str]:
    """Yield, for each operation, how much its repeats differ and whether each came to rest.

    A run that was not repeated has no spread, and one that was too short to tell no steady state: then nothing.
    """
    for repeats in result.stability:
        if result.repeats > 1:
            yield from folded(_between_line(repeats, signs))
            for outlier in outlier_words(repeats):
                yield from folded(f"   {outlier}")
        yield from _steady_lines(repeats, repeated=result.repeats > 1)


def stabilising_lines(steps: Sequence[StabilisingStep]) -> Iterator[str]:
    """Yield a line for each step that was taken before the load, the first time, and where another time differed."""
    first = {step.step: step for step in reversed(steps)}
    for step in reversed(first.values()):
        again = [other for other in steps if other.step is step.step and other is not step]
        yield from folded(_step_line(step, again), "  ")


def _step_line(step: StabilisingStep, again: Sequence[StabilisingStep]) -> str:
    took = value_text(step.took_s * NS_PER_S, SECONDS)
    state = "done" if step.done else "not done"
    detail = f": {plain(step.detail)}" if step.detail else ""
    otherwise = sum(other.done != step.done for other in again)
    state_then = "not done" if step.done else "done"
    differently = f"; {state_then} before {otherwise} of {len(again)} later repeats" if otherwise else ""
    return f"- {step.step}: {state} in {took}{detail}{differently}"


def _between_line(repeats: OperationRepeats, signs: Signs) -> str:
    between = repeats.between
    sign = {
        Verdict.PASS: signs.held,
        Verdict.FAIL: signs.violated,
        Verdict.UNPROVEN: signs.unproven,
    }[between.verdict]
    return f"{sign}{plain(repeats.operation)}: {stability_words(between)}"


def _steady_lines(repeats: OperationRepeats, *, repeated: bool) -> Iterator[str]:
    kinds = Counter(state.steadiness for state in repeats.steady)
    if not kinds or (not repeated and set(kinds) == {Steadiness.TOO_SHORT}):
        return
    owner = "   " if repeated else f"{plain(repeats.operation)}: "
    for kind, count in kinds.items():
        states = [state for state in repeats.steady if state.steadiness is kind]
        of_all = f" in {count} of {len(repeats.steady)} repeats" if repeated else ""
        yield from folded(f"{owner}{kind}{of_all}: {_what_of(states)}")


def _what_of(states: Sequence[SteadyState]) -> str:
    """Return why, or how much belongs to settling; nothing is cut from any figure."""
    worst = max(states, key=lambda state: (state.cut_s, abs(state.drift or 0.0), state.thirds or 0.0))
    if worst.steadiness is not Steadiness.STEADY:
        return worst.detail
    if not worst.cut_s:
        return "from its first second on"
    return f"the first {worst.cut_s} s belong to settling, and are in all figures: a longer warm-up leaves them out"
