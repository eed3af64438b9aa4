"""The documents of a run to a scenario."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from perfengine.errors import SpecError, UsageError
from perfengine.model.entity import Entity, Field, FieldType, Reference, Rule, StateMachine, Transition
from perfengine.model.requirement import Metric
from perfengine.model.scenario import DataSet, Performance, ReportRequest
from perfengine.spec.read import read_scenario
from tests.documents import document, messages_of, scenario_of
from tests.seed import order_document, seed_blocks

MS = 1_000_000
SCENARIOS = Path(__file__).parents[3] / "scenarios"
ENTITY = "name: order\nfields: {id: uuid}\n"
REQUIREMENTS = "requirements: {api: {x: {p95: 1s}}}\n"
SLAS = "service_level_agreements: {gold: [{operation: x, availability: 0.9}]}\n"


def test_the_seeds_entity_is_read_verbatim() -> None:
    """Fields, state machine and rules as they stand in the seed."""
    scenario = scenario_of(seed_blocks()["Entity"])
    expected = Entity(
        name="order",
        fields=(
            Field(name="id", type=FieldType.UUID),
            Field(name="customer_id", type=FieldType.UUID),
            Field(name="status", type=FieldType.STRING),
            Field(name="total_amount", type=FieldType.DECIMAL),
            Field(name="created_at", type=FieldType.TIMESTAMP),
            Field(name="updated_at", type=FieldType.TIMESTAMP),
        ),
        machine=StateMachine(
            field="status",
            initial_state="pending",
            states=("pending", "confirmed", "shipped", "delivered"),
            transitions=(
                Transition(trigger="confirm", sources=("pending",), target="confirmed"),
                Transition(trigger="ship", sources=("confirmed",), target="shipped"),
                Transition(trigger="deliver", sources=("shipped",), target="delivered"),
            ),
        ),
        rules=(Rule(name="positive_total", field="total_amount", expression="total_amount > 0"),),
    )
    assert [one.entity for one in scenario.entities] == [expected]
    assert expected.references == (Reference(field="customer_id", table="customer"),)
    assert scenario.notes == ()


def test_limits_of_what_is_not_loaded_are_none() -> None:
    """Nothing runs of an entity with `enabled: false`: its limits once named operations that were not there."""
    limits = "requirements: [{operation: order_query, target_mean: 10ms}]"
    assert scenario_of(f"{ENTITY}performance: {{enabled: false, {limits}}}").requirements == ()
    assert len(scenario_of(f"{ENTITY}performance: {{enabled: true, {limits}}}").requirements) == 1


def test_the_seeds_test_configuration_is_read_verbatim() -> None:
    """Settings, data sets and reports; what cannot be had yet is named."""
    scenario = scenario_of(order_document())
    assert scenario.entities[0].performance == Performance(
        enabled=True,
        iterations=1000,
        concurrency=10,
        timeout_ns=300_000 * MS,
        data_sets=(
            DataSet(name="small_dataset", rows={"order": 100, "customer": 10}),
            DataSet(name="large_dataset", rows={"order": 10_000, "customer": 1000}),
        ),
        metrics=("query_execution_time", "memory_usage", "lock_wait_time", "connection_count"),
        reports=(
            ReportRequest(format="html", options={"include_charts": True, "include_trends": True}),
            ReportRequest(format="json", options={"include_raw_data": True}),
        ),
    )
    assert [(one.subject, one.metric, one.limit) for one in scenario.requirements] == [
        ("order_confirm", Metric.P95, 200 * MS),
        ("order_confirm", Metric.MEAN, 100 * MS),
        ("order_confirm", Metric.ERROR_RATE, 0.01),
        ("bulk_order_update", Metric.P95, 2000 * MS),
        ("bulk_order_update", Metric.MEAN, 1000 * MS),
    ]
    assert scenario.notes == (
        "reports: include_raw_data: json holds histograms and counts per second, --raw single attempts",
    )


def test_the_seeds_configuration_may_be_a_document_of_its_own() -> None:
    """It names the entity that another document describes."""
    blocks = seed_blocks()
    apart = scenario_of(blocks["Entity"], blocks["Test configuration"])
    assert apart.entities == scenario_of(order_document()).entities


def test_the_seeds_performance_block_is_read_verbatim() -> None:
    """Without an entity of its own it speaks of every entity of the run."""
    scenario = scenario_of(seed_blocks()["Entity"], seed_blocks()["Performance configuration"])
    assert scenario.entities[0].performance == Performance(
        enabled=True,
        iterations=1000,
        concurrency=10,
        timeout_ns=30_000 * MS,
        metrics=("query_execution_time", "memory_usage", "connection_pool_utilization"),
    )


def test_the_seeds_requirements_are_read_verbatim() -> None:
    """Groups, limits of the run without a subject, units."""
    scenario = scenario_of(seed_blocks()["Entity"], seed_blocks()["Performance requirements"])
    assert [(one.group, one.subject, one.metric, one.limit) for one in scenario.requirements] == [
        ("api", "order_create", Metric.P95, 200 * MS),
        ("api", "order_create", Metric.MEAN, 100 * MS),
        ("api", "order_update", Metric.P95, 150 * MS),
        ("api", "order_update", Metric.MEAN, 75 * MS),
        ("api", "order_query", Metric.P95, 100 * MS),
        ("api", "order_query", Metric.MEAN, 50 * MS),
        ("database", "simple_select", Metric.P95, 50 * MS),
        ("database", "simple_select", Metric.MEAN, 25 * MS),
        ("database", "complex_join", Metric.P95, 200 * MS),
        ("database", "complex_join", Metric.MEAN, 100 * MS),
        ("database", "bulk_update", Metric.P95, 1000 * MS),
        ("database", "bulk_update", Metric.MEAN, 500 * MS),
        ("state_machine", "single_transition", Metric.P95, 100 * MS),
        ("state_machine", "single_transition", Metric.MEAN, 50 * MS),
        ("state_machine", "bulk_transition", Metric.P95, 500 * MS),
        ("state_machine", "bulk_transition", Metric.MEAN, 250 * MS),
        ("load", None, Metric.CONCURRENT_USERS, 1000),
        ("load", None, Metric.THROUGHPUT, 500.0),
        ("load", None, Metric.ERROR_RATE, 0.01),
        ("resources", None, Metric.MEMORY_PER_REQUEST, 10_000_000),
        ("resources", None, Metric.CPU_PER_REQUEST, 5 * MS),
        ("resources", None, Metric.CONNECTIONS, 100),
    ]


def test_the_seeds_service_levels_are_read_verbatim() -> None:
    """Availability is a fraction, the error budget percent; the tier that contradicts itself is noted."""
    scenario = scenario_of(seed_blocks()["Entity"], seed_blocks()["Service level agreements"])
    assert [
        (one.tier, one.operation, one.availability, one.response_time_p95_ns, one.error_budget)
        for one in scenario.service_levels
    ] == [
        ("critical", "order_create", Decimal("0.999"), 200 * MS, Decimal("0.001")),
        ("important", "order_update", Decimal("0.995"), 500 * MS, Decimal("0.005")),
        ("standard", "order_query", Decimal("0.99"), 1000 * MS, Decimal("0.02")),
    ]
    assert scenario.notes == (
        (
            "2.yaml:19: order_query: availability 0.99 allows 1 % of failures, error_budget 2 %:"
            " the stricter is judged too"
        ),
    )


def test_the_order_scenario_is_the_seeds() -> None:
    """`scenarios/order.yaml` is the entity and its test configuration, word for word."""
    text = (SCENARIOS / "order.yaml").read_text(encoding="utf-8")
    assert text == order_document()
    blocks = seed_blocks()
    entity, configuration = yaml.safe_load(blocks["Entity"]), yaml.safe_load(blocks["Test configuration"])
    assert yaml.safe_load(text) == {**entity, **configuration}


@pytest.mark.parametrize("name", ["checkout_mix.yaml", "rate.yaml"])
def test_the_other_scenarios_are_read_without_a_note(name: str) -> None:
    """They have operations of their own, with limits."""
    scenario = scenario_of((SCENARIOS / name).read_text(encoding="utf-8"))
    assert scenario.notes == ()
    assert len(scenario.workload.operations) == 2
    assert {limit.source for limit in scenario.requirements} == {"workload"}


def test_documents_may_share_a_file() -> None:
    """Apart by lines of ---, they are the same as in files of their own."""
    one = scenario_of(f"{ENTITY}---\n{REQUIREMENTS}---\n{SLAS}")
    apart = scenario_of(ENTITY, REQUIREMENTS, SLAS)
    assert one.entities == apart.entities
    assert len(one.requirements) == len(apart.requirements) == 1
    assert len(one.service_levels) == len(apart.service_levels) == 1


def test_one_document_may_be_several_things() -> None:
    """An entity with its requirements and service levels in one mapping."""
    scenario = scenario_of(ENTITY + REQUIREMENTS + SLAS)
    assert (len(scenario.entities), len(scenario.requirements), len(scenario.service_levels)) == (1, 1, 1)


def test_a_scenario_knows_its_files_and_their_digest() -> None:
    """Paths in the order given, and SHA-256 over all bytes."""
    scenario = read_scenario(
        [document(ENTITY, "a.yaml")],
        requirements=[document(REQUIREMENTS, "r.yaml")],
        slas=[document(SLAS, "s.yaml")],
    )
    assert scenario.paths == ("a.yaml", "r.yaml", "s.yaml")
    assert scenario.text_sha256 == sha256((ENTITY + REQUIREMENTS + SLAS).encode()).hexdigest()


def test_the_same_documents_give_the_same_scenario() -> None:
    """Nothing depends on when or how often it is read."""
    assert scenario_of(order_document(), SLAS) == scenario_of(order_document(), SLAS)


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        ([REQUIREMENTS], "1.yaml:1 requirements"),
        (
            [REQUIREMENTS + SLAS, "# mine\nperformance: {iterations: 5}"],
            "1.yaml:1 requirements, 1.yaml:1 service level agreements, 2.yaml:2 a performance configuration",
        ),
        ([], "no document was given"),
    ],
)
def test_a_run_needs_an_entity(texts: list[str], kinds: str) -> None:
    """The message says what the documents were taken for."""
    with pytest.raises(UsageError) as caught:
        scenario_of(*texts)
    expected = f"there is no entity to run, only: {kinds}; give the file that describes it too"
    assert str(caught.value) == expected


def test_a_check_needs_none() -> None:
    """A file of requirements can be checked alone."""
    scenario = read_scenario([document(REQUIREMENTS)], need_entity=False)
    assert scenario.entities == ()
    assert len(scenario.requirements) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1 there is no document in this file"),
        ("# nothing\n---\n", "1:1 there is no document in this file"),
        ("- a\n", "1:1 a document is a mapping of keys, found a list"),
        ("just text\n", '1:1 a document is a mapping of keys, found "just text"'),
        ("version: '1.0'\n", "1:1 nothing here says what this document is"),
        ("{}\n", "1:1 nothing here says what this document is"),
        ("foo: 1\n", '1:1 unknown key "foo" in a document'),
        ("baselines: {}\n", "1:1 baselines: this is a baseline, not a scenario: give it with --baseline"),
    ],
)
def test_what_is_no_document_is_told_so(text: str, message: str) -> None:
    """One message, with the keys that a document may have."""
    assert messages_of(text) == [message]


@pytest.mark.parametrize(
    ("requirements", "slas", "message"),
    [
        (SLAS, None, 'r.yaml:1:1: --requirements needs a document with "requirements"'),
        (None, REQUIREMENTS, 's.yaml:1:1: --sla needs a document with "service_level_agreements"'),
        (
            REQUIREMENTS + ENTITY,
            None,
            'r.yaml:2:1: --requirements takes "requirements" only: give this file as FILE, it is known by its keys',
        ),
    ],
)
def test_an_option_takes_its_kind_of_document_only(
    requirements: str | None, slas: str | None, message: str
) -> None:
    """Nothing that was given is left out silently."""
    with pytest.raises(SpecError) as caught:
        read_scenario(
            [document(ENTITY)],
            requirements=[document(requirements, "r.yaml")] if requirements else [],
            slas=[document(slas, "s.yaml")] if slas else [],
        )
    assert str(caught.value).splitlines()[0] == message


def test_the_mistakes_of_all_files_come_together() -> None:
    """In the order of the files, and of the lines in them."""
    with pytest.raises(SpecError) as caught:
        read_scenario(
            [document("name: order\nfields: {id: uid}\n---\na: [", "b.yaml"), document(b"\xff", "a.yaml")],
            slas=[document("service_level_agreements: 5", "c.yaml")],
        )
    assert [str(mistake.position) for mistake in caught.value.mistakes] == [
        "b.yaml:2:14",
        "b.yaml:4:5",
        "a.yaml:1:1",
        "c.yaml:1:27",
    ]


def test_the_words_of_a_mistake_are_the_contracts() -> None:
    """The example that the contract shows, letter by letter."""
    text = "name: order\n" + "#\n" * 11 + "fields:\n    id: {type: uid}\n"
    with pytest.raises(SpecError) as caught:
        read_scenario([document(text, "scenarios/order.yaml")])
    assert str(caught.value) == (
        'scenarios/order.yaml:14:16: unknown field type "uid" in entity "order"\n'
        "   14 |     id: {type: uid}\n"
        "      |                ^^^\n"
        "   one of: bigint, boolean, date, decimal, float, integer, json, string, text, timestamp, uuid,"
        " enum, list, ref, ...\n"
        '   did you mean "uuid"?'
    )


def test_the_spec_room_is_imported_only_when_a_document_is_read() -> None:
    """`--help` must not wait for pydantic and yaml."""
    code = "import sys, perfengine.cli.app; sys.exit('pydantic' in sys.modules or 'yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
