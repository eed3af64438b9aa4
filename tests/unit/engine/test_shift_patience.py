"""How long an attempt is waited for: its statements by the server's timeout, its pauses by their own length."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.engine.load_shape import LoadShape
from perfengine.engine.messages import Shard
from perfengine.engine.shift_patience import PYTHON_STATEMENTS, patience_of
from perfengine.execution.alarm import Alarm
from perfengine.model.load import ClosedLoad
from perfengine.model.python_call import PythonCall
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_S
from tests.documents import scenario_of
from tests.doubles.clock import FakeClock
from tests.doubles.timer import HandTimer
from tests.unit.pgbench.scripts import settled

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan

LIMIT_S, GRACE_S = 2, 5


def phase_of(operation: str) -> PhasePlan:
    """Return the phase of an operation of the author's."""
    document = f"workload: {{warmup: 0, ops: {{own: {operation}}}}}"
    (phase,) = compile_scenario(scenario_of(document), LoadSettings()).phases
    return phase


def answer_s(phase: PhasePlan) -> float:
    """Return after how many seconds an attempt is given up, where the server ends a statement after two."""
    clock = FakeClock()
    shape, alarm = LoadShape(ClosedLoad(users=1), Shard(), 7, clock), Alarm(clock, HandTimer(clock))
    patience = patience_of(phase, LIMIT_S * NS_PER_S, lambda operation: shape.rests(operation, alarm))
    return patience.answer_ns / NS_PER_S


def with_operation(phase: PhasePlan, **parts: Any) -> PhasePlan:
    """Return the phase with an operation that was written in another way."""
    (plan,) = phase.operations
    return replace(phase, operations=(replace(plan, operation=replace(plan.operation, **parts)),))


STEPS = "steps: [{sql: SELECT 1}, {think: PAUSE}, {sql: SELECT 2}, {think: 1s}]"


@pytest.mark.parametrize(
    ("operation", "longest_s"),
    [
        ("{sql: SELECT 1}", LIMIT_S),
        (f"{{transaction: {{{STEPS.replace('PAUSE', '60s')}}}}}", 4 * LIMIT_S + 61),
        (
            f"{{transaction: {{retry: {{max: 2}}, {STEPS.replace('PAUSE', '60s')}}}}}",
            3 * (4 * LIMIT_S + 61),
        ),
        ("{sql: SELECT 1, retry: {max: 3, backoff: 10s}}", 4 * 3 * LIMIT_S + 10 + 20 + 40),
    ],
)
def test_pauses_and_back_offs_are_waited_for(operation: str, longest_s: int) -> None:
    """A pause counted as a statement.

    Longer than the timeouts of an attempt's statements together, it made every attempt one that "the server did not
    answer", and each had a new connection.
    """
    assert answer_s(phase_of(operation)) == longest_s + GRACE_S


def test_the_longest_pause_that_is_drawn_is_waited_for() -> None:
    """Those that are drawn around a mean are several times as long, at times."""
    steps = STEPS.replace("PAUSE", "{dist: exponential, mean: 10s}")
    answered_s = answer_s(phase_of(f"{{transaction: {{{steps}}}}}"))
    assert 4 * LIMIT_S + 1 + GRACE_S + 40 < answered_s < 4 * LIMIT_S + 1 + GRACE_S + 367


def test_python_and_scripts_have_time_for_their_statements() -> None:
    """Nobody knows how many an operation in Python makes; a pause of a script is told in statements of 30 s."""
    phase = phase_of("{sql: SELECT 1}")
    python = with_operation(phase, python=PythonCall(path="shop.py", name="own"))
    assert answer_s(python) == PYTHON_STATEMENTS * LIMIT_S + GRACE_S
    (script,) = settled("SELECT 1;\n\\sleep 100 s\nSELECT 2;\n")
    assert answer_s(with_operation(phase, pgbench=script)) > 100 + GRACE_S
