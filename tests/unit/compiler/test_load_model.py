"""The load model, when it ends, and what clients share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import PlanError, SpecError, UsageError
from perfengine.model.load import Arrival, ClosedLoad, OpenLoad, Spread, Stage, ThinkTime
from perfengine.model.mistake import Position
from perfengine.model.scenario import Performance
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import Mode, Model, Workload
from perfengine.seeds import DEFAULT_SEED
from perfengine.units import NS_PER_S
from tests.entities import compile_entities, make_entity, make_order

if TYPE_CHECKING:
    from perfengine.model.load import Load
    from perfengine.model.plan import PhasePlan, Plan

S = NS_PER_S
MIX = Workload(mode=Mode.MIX)
THINK = ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=50)
STAGES = (Stage(duration_ns=30 * S, target=49.5), Stage(duration_ns=10 * S, target=0))
#: The settings of the original document.
DOCUMENT = Performance(iterations=1000, concurrency=10, timeout_ns=300 * S)


def planned(
    workload: Workload,
    settings: LoadSettings | None = None,
    performance: Performance | None = None,
) -> Plan:
    """Return the plan of one query."""
    settings = replace(settings or LoadSettings(), filters=("order_query",))
    return compile_entities(make_order(), workload=workload, settings=settings, performance=performance)


def phase_of(
    workload: Workload,
    settings: LoadSettings | None = None,
    performance: Performance | None = None,
) -> PhasePlan:
    """Return the one phase of that plan."""
    (phase,) = planned(workload, settings, performance).phases
    return phase


@pytest.mark.parametrize(
    ("workload", "settings", "load"),
    [
        (Workload(), LoadSettings(), ClosedLoad(users=1)),
        (Workload(concurrency=7, think=THINK), LoadSettings(), ClosedLoad(users=7, think=THINK)),
        (Workload(concurrency=7), LoadSettings(concurrency=9), ClosedLoad(users=9)),
        # the stages say how many users there are
        (Workload(stages=STAGES), LoadSettings(), ClosedLoad(users=50, stages=STAGES)),
        (Workload(stages=STAGES, concurrency=7), LoadSettings(), ClosedLoad(users=50, stages=STAGES)),
        # a rate makes it open
        (Workload(rate_per_s=20.0, duration_ns=S), LoadSettings(), OpenLoad(rate_per_s=20.0)),
        (
            Workload(
                model=Model.OPEN, rate_per_s=20.0, arrival=Arrival.POISSON, max_in_flight=200, concurrency=8
            ),
            LoadSettings(),
            OpenLoad(rate_per_s=20.0, arrival=Arrival.POISSON, max_in_flight=200, clients=8),
        ),
        # nobody needs more clients than may be in flight
        (
            Workload(rate_per_s=20.0, max_in_flight=5),
            LoadSettings(),
            OpenLoad(rate_per_s=20.0, max_in_flight=5, clients=5),
        ),
        (
            Workload(model=Model.OPEN, stages=STAGES),
            LoadSettings(),
            OpenLoad(rate_per_s=49.5, stages=STAGES),
        ),
        # and on the command line it stands before everything
        (
            Workload(stages=STAGES, think=THINK),
            LoadSettings(rate_per_s=30.0, duration_ns=S),
            OpenLoad(rate_per_s=30.0),
        ),
        (
            Workload(model=Model.OPEN, rate_per_s=20.0, arrival=Arrival.POISSON),
            LoadSettings(rate_per_s=30.0),
            OpenLoad(rate_per_s=30.0, arrival=Arrival.POISSON),
        ),
        # a model that was named stands
        (Workload(model=Model.CLOSED, rate_per_s=20.0), LoadSettings(), ClosedLoad(users=1)),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_the_load_model(workload: Workload, settings: LoadSettings, load: Load, mode: Mode) -> None:
    """The same in a mix and for each operation alone."""
    phase = phase_of(replace(workload, mode=mode), settings)
    assert phase.load == load
    assert phase.clients == load.clients == phase.operations[0].concurrency


@pytest.mark.parametrize(
    ("workload", "performance", "settings", "iterations", "duration_s"),
    [
        # the workload stands before the entity
        (Workload(iterations=50), DOCUMENT, LoadSettings(), 50, None),
        (Workload(duration_ns=9 * S), DOCUMENT, LoadSettings(), None, 9),
        # both from one place: whichever ends first
        (Workload(iterations=50, duration_ns=9 * S), DOCUMENT, LoadSettings(), 50, 9),
        # the command line stands before the workload
        (Workload(iterations=50), DOCUMENT, LoadSettings(duration_ns=7 * S), None, 7),
        (Workload(duration_ns=9 * S), DOCUMENT, LoadSettings(iterations=5), 5, None),
        (Workload(duration_ns=9 * S), DOCUMENT, LoadSettings(iterations=5, duration_ns=S), 5, 1),
        # stages end with themselves, or before
        (Workload(stages=STAGES), DOCUMENT, LoadSettings(), None, 40),
        (Workload(stages=STAGES, iterations=50), DOCUMENT, LoadSettings(), 50, 40),
        (Workload(stages=STAGES), DOCUMENT, LoadSettings(iterations=5), 5, 40),
        (Workload(stages=STAGES), DOCUMENT, LoadSettings(duration_ns=7 * S), None, 7),
        (Workload(stages=STAGES), DOCUMENT, LoadSettings(duration_ns=70 * S), None, 40),
        # a mix does not hear what entities say about iterations
        (MIX, DOCUMENT, LoadSettings(), None, 60),
        (MIX, Performance(), LoadSettings(), None, 60),
        (replace(MIX, iterations=50), DOCUMENT, LoadSettings(), 50, None),
        (replace(MIX, duration_ns=9 * S), DOCUMENT, LoadSettings(iterations=5), 5, None),
        (replace(MIX, stages=STAGES), DOCUMENT, LoadSettings(), None, 40),
    ],
)
def test_what_ends_a_phase(
    workload: Workload,
    performance: Performance,
    settings: LoadSettings,
    iterations: int | None,
    duration_s: int | None,
) -> None:
    """Command line, workload, entity, the operation's default; a mix without any end lasts a minute."""
    phase = phase_of(workload, settings, performance)
    assert phase.iterations == iterations
    assert phase.duration_ns == (None if duration_s is None else duration_s * S)


@pytest.mark.parametrize(
    ("workload", "settings", "warmup_ns", "attempts"),
    [
        (Workload(concurrency=3), LoadSettings(), None, 18),
        # by time: no more than a round, or six calls a client
        (Workload(concurrency=3, warmup_ns=2 * S), LoadSettings(), 2 * S, 1000),
        (Workload(concurrency=300, warmup_ns=2 * S), LoadSettings(), 2 * S, 1800),
        (Workload(warmup_ns=2 * S), LoadSettings(warmup_ns=S), S, 1000),
        (Workload(warmup_ns=2 * S), LoadSettings(warmup_ns=0), 0, 0),
        (MIX, LoadSettings(), 5 * S, 131_072),
        (replace(MIX, warmup_ns=0), LoadSettings(), 0, 0),
        (replace(MIX, iterations=500), LoadSettings(warmup_ns=S), S, 500),
    ],
)
def test_the_warm_up(
    workload: Workload, settings: LoadSettings, warmup_ns: int | None, attempts: int
) -> None:
    """Six calls of every client, or by time where somebody said one, and in a mix."""
    phase = phase_of(workload, settings)
    assert (phase.warmup_ns, phase.warmup_attempts) == (warmup_ns, attempts)


def test_a_mix_of_entities_takes_the_largest_of_their_settings() -> None:
    """The seconds of a timeout are for a phase, and a mix is one."""
    order, note = make_order(), make_entity("note")
    plan = compile_entities(order, note, performance=DOCUMENT, workload=MIX)
    (phase,) = plan.phases
    assert (phase.clients, phase.timeout_ns) == (10, 300 * S)
    plan = compile_entities(order, note, workload=replace(MIX, timeout_ns=S * 90), performance=DOCUMENT)
    assert plan.phases[0].timeout_ns == 90 * S


@pytest.mark.parametrize(
    ("workload", "settings", "connections", "processes"),
    [
        (Workload(), LoadSettings(), None, 1),
        (Workload(concurrency=20, connections=5, processes=2), LoadSettings(), 5, 2),
        (
            Workload(concurrency=20, connections=5, processes=2),
            LoadSettings(connections=8, processes=4),
            8,
            4,
        ),
        # auto is for the machine to say
        (Workload(concurrency=20), LoadSettings(processes=0), None, 0),
    ],
)
def test_what_clients_share(
    workload: Workload, settings: LoadSettings, connections: int | None, processes: int
) -> None:
    """Command line before workload; a connection each and one process unless said."""
    plan = planned(workload, settings)
    assert (plan.connections, plan.processes, plan.notes) == (connections, processes, ())


def test_more_than_clients_need_is_noted() -> None:
    """Connections and processes without a client would stand idle."""
    plan = planned(Workload(concurrency=4), LoadSettings(connections=9, processes=7))
    assert (plan.connections, plan.processes) == (4, 4)
    assert plan.notes == (
        "4 clients have no use for 9 connections: they have one each",
        "4 connections have no use for 7 load processes: there are 4",
    )
    plan = planned(Workload(concurrency=4), LoadSettings(processes=7))
    assert plan.notes == ("4 clients have no use for 7 load processes: there are 4",)


@pytest.mark.parametrize(
    ("workload", "settings", "note"),
    [
        (
            Workload(stages=STAGES, think=THINK),
            LoadSettings(rate_per_s=5.0),
            "--rate says how many attempts a second: think_time and stages of the workload: not used",
        ),
        (
            Workload(stages=STAGES),
            LoadSettings(concurrency=9),
            "the stages say how many users there are: --concurrency 9 is not used",
        ),
        (
            Workload(stages=STAGES, concurrency=9),
            LoadSettings(),
            "the stages say how many users there are: concurrency 9 is not used",
        ),
        (
            Workload(stages=STAGES),
            LoadSettings(duration_ns=7 * S),
            "--duration 7s ends the load within its stages, which take 40s in all",
        ),
        (
            Workload(stages=STAGES),
            LoadSettings(duration_ns=70 * S),
            "--duration 70s is longer than the stages, which take 40s in all",
        ),
        (
            replace(MIX, iterations=5, concurrency=9),
            LoadSettings(),
            "5 of 9 clients have something to do in mix: 5 iterations",
        ),
        (
            replace(MIX, timeout_ns=S),
            LoadSettings(),
            "the timeout ends these before their duration is over: mix",
        ),
    ],
)
def test_what_is_not_used_is_noted(workload: Workload, settings: LoadSettings, note: str) -> None:
    """Nothing that somebody said is dropped in silence."""
    assert planned(workload, settings).notes == (note,)


def test_the_rest_of_the_workload_is_in_the_plan() -> None:
    """Seed, session settings and whether statements are prepared."""
    plan = planned(Workload(seed=7, session={"work_mem": "1MB"}, prepare=False))
    assert (plan.seed, plan.session, plan.prepare) == (7, {"work_mem": "1MB"}, False)
    assert planned(Workload(seed=7), LoadSettings(seed=0)).seed == 0
    plan = planned(Workload())
    assert (plan.seed, plan.session, plan.prepare) == (DEFAULT_SEED, {}, True)


def test_all_impossible_settings_are_told_at_once() -> None:
    """Each names its option."""
    settings = LoadSettings(connections=0, processes=-1, warmup_ns=-5, rate_per_s=0.0, concurrency=0)
    with pytest.raises(UsageError) as caught:
        planned(Workload(), settings)
    assert str(caught.value).splitlines() == [
        "--concurrency 0: it is at least 1",
        "--connections 0: it is at least 1",
        "--warmup -5: it is at least 0",
        "--processes -1: it is at least 0",
        "--rate 0: it is above 0",
    ]


NO_TIME = (Stage(duration_ns=0, target=5),)
NO_LEVEL = (Stage(duration_ns=S, target=0),)


@pytest.mark.parametrize(
    ("workload", "key", "message"),
    [
        (
            Workload(model=Model.OPEN),
            "model",
            "an open model needs a rate or stages: rate: 500/s, or --rate 500",
        ),
        (Workload(rate_per_s=-1.0), "rate", "a rate of -1 is no load: it is above 0"),
        (
            Workload(stages=NO_TIME),
            "stages",
            "the stages have no end: give at least one of them a duration",
        ),
        (
            Workload(stages=NO_LEVEL),
            "stages",
            "the stages never ask for any users: give one of them a target above 0",
        ),
        (
            Workload(model=Model.OPEN, stages=NO_LEVEL),
            "stages",
            "the stages never ask for any attempts a second: give one of them a target above 0",
        ),
    ],
)
def test_an_impossible_load_is_a_mistake_at_its_place(workload: Workload, key: str, message: str) -> None:
    """At the key, else at the workload; without any place it is told as it is."""
    place, whole = Position(path="w.yaml", line=3, column=3), Position(path="w.yaml", line=1, column=1)
    for places, expected in (({key: place}, place), ({}, whole)):
        with pytest.raises(SpecError) as caught:
            planned(replace(workload, position=whole, places=places))
        assert [(one.position, one.message) for one in caught.value.mistakes] == [(expected, message)]
    with pytest.raises(PlanError) as told:
        planned(workload)
    assert str(told.value) == message


def test_a_rate_on_the_command_line_mends_an_open_model() -> None:
    """It only lacked a rate."""
    phase = phase_of(Workload(model=Model.OPEN), LoadSettings(rate_per_s=5.0))
    assert phase.load == OpenLoad(rate_per_s=5.0)
