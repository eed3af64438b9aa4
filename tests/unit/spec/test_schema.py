"""The JSON Schema of a document, as an editor uses it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from perfengine.spec.schema import scenario_schema
from perfengine.spec.starter import starter_scenario
from tests.documents import messages_of
from tests.seed import order_document, seed_blocks
from tests.worked_example import WORKED_EXAMPLE

ENTITY = "name: order\nfields: {id: uuid, status: string}\n"


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    """Return a validator of documents."""
    return Draft7Validator(scenario_schema())


class _EditorLoader(yaml.SafeLoader):
    """Reads YAML 1.2, as editors do: `on` is text, and so is a day."""


_NOT_IN_1_2 = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
_EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NOT_IN_1_2]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


def _text_keys(value: Any) -> Any:
    """Return a value whose keys are text, as those of JSON are."""
    if isinstance(value, dict):
        return {"null" if key is None else str(key): _text_keys(inner) for key, inner in value.items()}
    return [_text_keys(inner) for inner in value] if isinstance(value, list) else value


def _errors(validator: Draft7Validator, text: str) -> list[Any]:
    return list(validator.iter_errors(_text_keys(yaml.load(text, Loader=_EditorLoader))))  # noqa: S506 - a safe one


def test_the_schema_is_a_schema() -> None:
    """Of the draft it names, and it can be written as JSON."""
    schema = scenario_schema()
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("name", sorted(seed_blocks()))
def test_the_seeds_documents_are_valid(validator: Draft7Validator, name: str) -> None:
    """Each block as it stands."""
    assert _errors(validator, seed_blocks()[name]) == []


@pytest.mark.parametrize(
    "text",
    [
        order_document(),
        starter_scenario(),
        "name: order\nfields: {id: {type: uuid}, x: 'decimal(12,3)?'}\n",
        ENTITY + "patterns: [{name: state_machine, initial_state: on, states: [on, 10, {name: x}],"
        " transitions: [{from: [on, 10], to: x, trigger: go}, {from: any, to: on, trigger: back}]}]\n",
        "version: 1.0\nrequirements: {mine: {x: {p99.9: 1.5s, error_rate: 1%}}}\n",
        order_document() + WORKED_EXAMPLE,
        "workload: {rate: 500, arrival: poisson, processes: auto, stages: [{duration: 0s, target: 5/s}]}\n",
        "workload: {think_time: 50ms, warmup: 0, setup: [SELECT 1, {analyze: order}], prepare: false}\n",
        "workload: {ops: {a: {sql: 'SELECT :x', params: {x: uuid}, retry: {on: 40001}, expect: {error: 23505}}}}\n",
        "workload: {ops: {a: {transaction: {steps: [{sql: SELECT 1}, {think: {min: 1ms, max: 2ms}}]}}}}\n",
        "data: {order: {a: {choice: [1, a, true, null]}, b: {choice: {a: 0.5}}, c: {int: {min: -1, max: 1}}}}\n",
        "data: {order: {a: {ref: customer, dist: zipf, null: 10%}, b: {const: 5}, c: {ago: {max: 30 days}}}}\n",
        "requirements: {load: {requests_per_second: 30/min}, resources: {memory_per_request: 10MiB}}\n",
    ],
)
def test_what_is_read_is_valid(validator: Draft7Validator, text: str) -> None:
    """An editor shows no error where perfengine sees none."""
    assert _errors(validator, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: order\n",
        "fields: {id: uuid}\n",
        "name: order\nfields: {id: uid}\n",
        "name: order\nfields: [id]\n",
        "name: order\nfeilds: {id: uuid}\n",
        "name: order\nfields: {id: {nullable: true}}\n",
        "name: order\npatterns: []\n",
        ENTITY + "patterns: [{name: states}]\n",
        ENTITY + "patterns: [{name: state_machine}]\n",
        ENTITY + "patterns: [{name: validation, rules: [{field: a, rule: x}]}]\n",
        "performance: {iterations: 0}\n",
        "performance: {iterations: 1.5}\n",
        "performance: {concurrency: 5001}\n",
        "performance: {timeout: 30}\n",
        "performance: {timeout: 30 parsecs}\n",
        "performance: {metrics: [memory]}\n",
        "performance: {reports: [{format: pdf}]}\n",
        "performance: {reports: [{format: json, colour: red}]}\n",
        "performance: {data_sets: [{orders: 1}]}\n",
        "performance: {data_sets: [{name: a, orders: -1}]}\n",
        "performance: {requirements: [{target_p95: 1s}]}\n",
        "performance: {requirements: [{operation: x, p95: 1s}]}\n",
        "test_config: {}\n",
        "requirements: {load: {error_rate: 5}}\n",
        "requirements: {api: {x: {p95: 100}}}\n",
        "service_level_agreements: {gold: [{operation: x, availability: 99.9}]}\n",
        "service_level_agreements: {gold: [{operation: x, error_budget: 0}]}\n",
        "version: 2.0\nperformance: {iterations: 5}\n",
        "workload: {}\n",
        "workload: {mode: both}\n",
        "workload: {target: everything}\n",
        "workload: {rate: 0}\n",
        "workload: {duration: 30}\n",
        "workload: {mix: {a: 0}}\n",
        "workload: {stages: [{duration: 1s}]}\n",
        "workload: {think_time: fast}\n",
        "workload: {setup: [{sql: SELECT 1, analyze: order}]}\n",
        "workload: {ops: {a: {}}}\n",
        "workload: {ops: {a: {sql: SELECT 1, function: f}}}\n",
        "workload: {ops: {a: {sql: SELECT 1, expect: {rows: 1, affected: 1}}}}\n",
        "workload: {ops: {a: {transaction: {steps: [{as: a}]}}}}\n",
        "workload: {ops: {a: {function: f, params: {x: int}}}}\n",
        "workload: {ops: {a: {function: f, params: {x: {int: {min: 1}}}}}}\n",
        "workload: {ops: {a: {function: f, params: {x: {uuid: {}, text: {}}}}}}\n",
        "data: {order: {a: {choice: []}}}\n",
        "data: {order: {a: {null: 0.5}}}\n",
        "[]\n",
    ],
)
def test_what_is_a_mistake_is_invalid(validator: Draft7Validator, text: str) -> None:
    """An editor underlines what perfengine refuses."""
    assert _errors(validator, text) != []
    assert messages_of(text) != []


def test_every_key_says_what_it_is_for(validator: Draft7Validator) -> None:
    """An editor has something to show when a key is hovered over."""
    schema = validator.schema
    assert isinstance(schema, dict)
    assert all("description" in value for value in schema["properties"].values())
    assert "iterations" in schema["definitions"]["PerformancePart"]["properties"]
    for name in ("WorkloadPart", "OwnOperationPart", "StagePart"):
        properties = schema["definitions"][name]["properties"]
        assert [key for key, value in properties.items() if "description" not in value] == []
