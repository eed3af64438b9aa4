"""`workload:` to a `Workload`: the worked example, what follows from what, and documents that are joined."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfengine.errors import UsageError
from perfengine.model.generator import Choice, NumberRange, NumberType, Recent, ReferenceTo, Zipf
from perfengine.model.load import Arrival, Spread, Stage, ThinkTime
from perfengine.model.operation import Expectation, Pick, Success
from perfengine.model.requirement import Metric
from perfengine.model.transaction import Isolation, Retry
from perfengine.model.workload import NOTHING_SAID, Mode, Model, OwnPause, StopRules, WhenExhausted, Workload
from perfengine.spec.read import read_scenario
from tests.documents import document, messages_of, scenario_of
from tests.seed import order_document
from tests.worked_example import WORKED_EXAMPLE

MS = 1_000_000
S = 1_000_000_000
ENTITY = "name: order\nfields: {id: uuid, customer_id: uuid, status: string}\n"
OPS = "  ops: {ping: {sql: SELECT 1}}\n"


def workload_of(*texts: str) -> Workload:
    """Return the workload of documents that have an operation, and so can be run."""
    return scenario_of(*texts).workload


def said(keys: str) -> Workload:
    """Return the workload of one document with these keys and an operation of its own."""
    return workload_of(f"workload:\n  {keys}\n{OPS}")


def test_the_load_of_the_worked_example() -> None:
    """Every key is there; what changes nothing is named."""
    scenario = scenario_of(order_document() + WORKED_EXAMPLE)
    workload = scenario.workload
    assert (workload.mode, workload.model, workload.seed) == (Mode.MIX, Model.CLOSED, 42)
    assert (workload.warmup_ns, workload.concurrency, workload.connections) == (5 * S, 50, 20)
    assert workload.think == ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=50 * MS)
    assert workload.stages == (
        Stage(duration_ns=30 * S, target=50),
        Stage(duration_ns=60 * S, target=50),
        Stage(duration_ns=10 * S, target=0),
    )
    assert [(share.name, share.weight) for share in workload.mix] == [
        ("order_status_query", 50),
        ("complex_order_search", 20),
        ("single_order_confirm", 20),
        ("order_create", 5),
        ("checkout", 5),
    ]
    assert (workload.pick, workload.when_exhausted) == (Pick.CLAIM, WhenExhausted.RECYCLE)
    assert workload.session == {"statement_timeout": "2s", "client_min_messages": "warning"}
    assert [one.sql for one in workload.setup] == [
        'CREATE INDEX ON {{order}} ("status", "created_at" DESC)',
        "",
    ]
    assert workload.setup[1].analyze == ("order",)
    assert workload.teardown == ()
    assert scenario.notes[:2] == (
        (
            "workload: pool: accepted, without effect: min, acquire_timeout, statement_cache_size: connections are"
            " opened before the load and kept"
        ),
        "workload: duration: without effect, the stages say how long the load takes",
    )
    assert workload.duration_ns is None


def test_the_operations_of_the_worked_example() -> None:
    """A transaction with a captured value and a pause, a statement with limits, a function."""
    scenario = scenario_of(order_document() + WORKED_EXAMPLE)
    checkout, recent, function = scenario.workload.operations
    insert, pause, confirm = checkout.steps
    assert checkout.explicit
    assert checkout.isolation is Isolation.SERIALIZABLE
    assert checkout.retry == Retry(max_retries=3, backoff_ns=5 * MS)
    assert [(one.name, one.generator) for one in checkout.parameters] == [
        ("customer", ReferenceTo(table="customer")),
        (
            "amount",
            NumberRange(low=Decimal(10), high=Decimal(1010), type=NumberType.DECIMAL, scale=2),
        ),
    ]
    assert insert.name == "order"  # type: ignore[union-attr]
    assert insert.expectation == Expectation(success=Success.ROWS)  # type: ignore[union-attr]
    assert pause == OwnPause(think=ThinkTime(spread=Spread.CONSTANT, mean_ns=10 * MS))
    assert confirm.expectation == Expectation(success=Success.NOT_NULL)  # type: ignore[union-attr]
    assert not recent.explicit
    assert recent.parameters[0].generator == ReferenceTo(table="customer", distribution=Zipf(s=1.1))
    assert [(one.subject, one.metric, one.limit, one.source) for one in recent.requirements] == [
        ("recent_orders", Metric.P95, 50 * MS, "workload"),
        ("recent_orders", Metric.MEAN, 25 * MS, "workload"),
        ("recent_orders", Metric.ERROR_RATE, 0.01, "workload"),
    ]
    assert scenario.requirements[-3:] == recent.requirements
    assert all(one.internal for one in recent.requirements)
    assert function.function == "test_complex_order_processing_performance"
    assert function.expectation == Expectation(success=Success.ACCEPTED)


def test_the_data_of_the_worked_example() -> None:
    """Weights are whole numbers that stand to each other as those written."""
    scenario = scenario_of(order_document() + WORKED_EXAMPLE)
    assert [(one.entity, one.field, one.generator) for one in scenario.data] == [
        (
            "order",
            "total_amount",
            NumberRange(low=Decimal(10), high=Decimal(1010), type=NumberType.DECIMAL, scale=2),
        ),
        ("order", "status", Choice(values=("pending", "confirmed", "shipped"), weights=(7, 2, 1))),
        ("order", "created_at", Recent(seconds=365 * 86_400)),
    ]


def test_a_document_without_a_workload_says_nothing() -> None:
    """The value that stands for it."""
    scenario = scenario_of(ENTITY)
    assert scenario.workload == NOTHING_SAID
    assert (scenario.name, scenario.data) == ("", ())


@pytest.mark.parametrize(
    ("keys", "name", "value"),
    [
        ("iterations: 500", "iterations", 500),
        ("timeout: 30 seconds", "timeout_ns", 30 * S),
        ("warmup: 0", "warmup_ns", 0),
        ("warmup: 0s", "warmup_ns", 0),
        ("processes: 2", "processes", 2),
        ("processes: auto", "processes", 0),
        ("rate: 500/s", "rate_per_s", 500.0),
        ("rate: 30/min", "rate_per_s", 0.5),
        ("rate: 12.5", "rate_per_s", 12.5),
        ("rate: 5, arrival: poisson", "arrival", Arrival.POISSON),
        ("rate: 5, max_in_flight: 200", "max_in_flight", 200),
        ("think_time: 50ms", "think", ThinkTime(spread=Spread.CONSTANT, mean_ns=50 * MS)),
        ("connections: 20", "connections", 20),
        ("pool: {max: 20}", "connections", 20),
        ("prepare: false", "prepare", False),
        ("pool: {statement_cache_size: 0}", "prepare", False),
        ("rows: {pick: lock}", "pick", Pick.LOCK),
        ("rows: {when_exhausted: stop}", "when_exhausted", WhenExhausted.STOP),
        ("session: {a.b: off}", "session", {"a.b": "off"}),
        ("stop: {abort_on_fail: true}", "stop", StopRules(abort_on_fail=True)),
        ("stop: {max_error_rate: 0.2}", "stop", StopRules(max_error_rate=0.2)),
        (
            "abort_on_fail: true, abort_delay: 10s",
            "stop",
            StopRules(abort_on_fail=True, abort_delay_ns=10 * S),
        ),
        (
            "stop: {max_error_rate: 20%}, abort_delay: 10s",
            "stop",
            StopRules(abort_delay_ns=10 * S, max_error_rate=0.2),
        ),
    ],
)
def test_a_key_is_one_value(keys: str, name: str, value: object) -> None:
    """Also in the words of others."""
    workload = workload_of(f"workload: {{{keys}, ops: {{ping: {{sql: SELECT 1}}}}}}")
    assert getattr(workload, name) == value


@pytest.mark.parametrize(
    ("keys", "mode", "model"),
    [
        ("seed: 1", None, None),
        ("mix: {ping: 1}", Mode.MIX, None),
        ("mode: mix", Mode.MIX, None),
        ("rate: 5", None, Model.OPEN),
        ("stages: [{duration: 1s, target: 5}]", None, None),
        ("stages: [{duration: 1s, target: 5/s}]", None, Model.OPEN),
        ("model: open", None, Model.OPEN),
        ("arrival: poisson", None, Model.OPEN),
        ("model: closed\n  stages: [{duration: 1s, target: 5}]", None, Model.CLOSED),
    ],
)
def test_what_follows_is_said(keys: str, mode: Mode | None, model: Model | None) -> None:
    """Weights make a mix, a rate makes the model open; nothing else is guessed."""
    workload = said(keys)
    assert (workload.mode, workload.model) == (mode, model)


@pytest.mark.parametrize(
    ("target", "value"), [("50/s", 50.0), ("30/min", 0.5), ("0/s", 0.0), ("2.5", 2.5), ("0", 0.0)]
)
def test_the_target_of_an_open_stage_is_a_rate(target: str, value: float) -> None:
    """With or without its unit, and down to nothing."""
    workload = said(
        f"model: open\n  stages: [{{duration: 1s, target: {target}}}, {{duration: 0, target: 1}}]"
    )
    assert workload.stages == (Stage(duration_ns=S, target=value), Stage(duration_ns=0, target=1))


def test_each_key_is_taken_from_the_last_document_that_says_it() -> None:
    """The places too, for mistakes that are found later."""
    workload = workload_of(
        "workload: {seed: 1, concurrency: 5, mix: {a: 1}, ops: {a: {sql: SELECT 1}, b: {sql: SELECT 2}}}",
        "workload: {seed: 2, mix: {b: 1}, ops: {b: {sql: SELECT 3}, c: {sql: SELECT 4}}}",
    )
    assert (workload.seed, workload.concurrency) == (2, 5)
    assert [share.name for share in workload.mix] == ["b"]
    assert [one.name for one in workload.operations] == ["a", "b", "c"]
    assert workload.operations[1].steps[0].sql == "SELECT 3"  # type: ignore[union-attr]
    assert {key: place.path for key, place in workload.places.items()} == {
        "seed": "2.yaml",
        "concurrency": "1.yaml",
        "mix": "2.yaml",
        "ops": "2.yaml",
    }


def test_documents_contradict_each_other() -> None:
    """As one document would."""
    text = "workload: {model: closed, ops: {ping: {sql: SELECT 1}}}"
    assert messages_of(text, "workload: {rate: 5}") == [
        "1:12 rate: belongs to the open model, and model says closed: write model: open, or remove this"
    ]


def test_an_operation_is_enough_for_a_run() -> None:
    """No entity is needed; without either there is nothing to do."""
    scenario = scenario_of(f"workload:\n{OPS}")
    assert scenario.entities == ()
    assert [one.name for one in scenario.workload.operations] == ["ping"]
    with pytest.raises(UsageError, match=r"there is no entity to run, only: 1\.yaml:1 a workload; give"):
        scenario_of("workload: {seed: 1}")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"workload:\n{OPS}", "checkout"),
        (f"name: shop\nworkload:\n{OPS}", "shop"),
        (f"{ENTITY}workload:\n{OPS}", "order"),
        (f"workload: {{seed: 1}}\n---\nname: shop\nworkload:\n{OPS}", "shop"),
    ],
)
def test_a_workload_has_a_name(text: str, name: str) -> None:
    """That of its document, or of its file."""
    assert read_scenario([document(text, "loads/checkout.yaml")]).name == name


def test_the_name_of_a_workload_need_not_be_that_of_an_entity() -> None:
    """Unless the document also says how an entity is loaded."""
    scenario_of(ENTITY, "name: shop\nworkload: {seed: 1}")
    assert messages_of(ENTITY, "name: shop\nworkload: {seed: 1}\nperformance: {iterations: 5}") == [
        '1:7 "shop" is no entity of this run'
    ]


def test_a_performance_configuration_without_an_entity_is_named() -> None:
    """It says how entities are loaded; its limits hold all the same."""
    scenario = scenario_of(
        f"workload:\n{OPS}performance: {{concurrency: 5, requirements: [{{operation: ping, target_p95: 1s}}]}}"
    )
    assert scenario.notes == (
        "performance: without effect, there is no entity: write its keys below workload:",
    )
    assert [one.subject for one in scenario.requirements] == ["ping"]


def test_a_workload_can_be_checked_without_the_entities_it_speaks_of() -> None:
    """Names of tables are looked up where there are entities, or where nothing else will come."""
    text = "workload: {setup: [{analyze: order}], ops: {ping: {sql: 'SELECT count(*) FROM {{order}}'}}}"
    read_scenario([document(text)], need_entity=False)
    assert messages_of(text) == [
        '1:30 "order" is no table of this run: there is no entity in it',
        '1:79 "order" is no table of this run: there is no entity in it',
    ]
