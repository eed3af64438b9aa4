"""The published JSON Schema against the results that are written."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from perfengine.model.load import Arrival, Spread
from perfengine.model.requirement import Metric
from perfengine.model.result import Ending, Standing
from perfengine.model.series import About
from perfengine.model.verdict import Reason, Verdict
from perfengine.model.workload import Mode
from perfengine.report.result_json import render_json
from perfengine.report.result_schema import result_schema
from tests.builders import make_result
from tests.load_results import make_mix_run, make_open_run
from tests.results import (
    make_guide_run,
    make_troubled_run,
)
from tests.stored_documents import latencies, repeated_text
from tests.stored_results import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult

VALIDATOR = Draft202012Validator(result_schema())


def load(result: RunResult) -> dict[str, Any]:
    """Return the rendered result, read back."""
    document: dict[str, Any] = json.loads(render_json(result, lambda _: "HISTFAAA"))
    return document


def test_schema_is_a_schema() -> None:
    """The schema itself is valid."""
    Draft202012Validator.check_schema(result_schema())


@pytest.mark.parametrize(
    "make_run",
    [*SAMPLES, make_result],  # the last one ran nothing
)
def test_results_are_valid(make_run: Callable[[], RunResult]) -> None:
    """Every result that is written fits the schema."""
    assert [error.message for error in VALIDATOR.iter_errors(load(make_run()))] == []


def test_repeats_are_valid() -> None:
    """What each repeat alone has come to, one of them without an answer of one operation."""
    document = json.loads(
        repeated_text({"a": latencies(10, 70), "b": latencies(9, 50)}, {"a": latencies(11, 70)})
    )
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert [list(repeat["results"]) for repeat in document["repeats"]] == [["a", "b"], ["a"]]
    del document["repeats"][1]["results"]["a"]["histograms"]["response"]
    assert [error.message for error in VALIDATOR.iter_errors(document)] == [
        "'response' is a required property"
    ]


def test_unknown_keys_are_allowed() -> None:
    """A later version may add keys anywhere."""
    document = load(make_troubled_run())
    document["novel"] = 1
    document["results"]["single_order_confirm"]["novel"] = {"a": [1]}
    document["judgements"][0]["novel"] = None
    assert VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.0"),
        (("version",), 1.0),
        (("timestamp",), "yesterday"),
        (("standing",), "GREAT"),
        (("results", "single_order_confirm", "mean"), "0.0234s"),
        (("results", "single_order_confirm", "metrics", "p95"), -1),
        (("results", "single_order_confirm", "samples"), 0),
        (("results", "single_order_confirm", "error_rate"), 1.5),
        (("results", "single_order_confirm", "outcomes", "ok"), 1.5),
        (("judgements", 0, "verdict"), "MAYBE"),
        (("judgements", 0, "reason"), "bad luck"),
        (("judgements", 0, "unit"), "parsec"),
        (("health", 0, "score"), 2),
        (("failed_operations", "order_create", "failures", 0, "count"), 0),
    ],
)
def test_wrong_values_are_found(path: tuple[str | int, ...], value: object) -> None:
    """A value that no result can have does not fit, and the error names its place."""
    document = load(make_troubled_run())
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert tuple(next(VALIDATOR.iter_errors(document)).absolute_path) == path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("mode",), "both"),
        (("processes",), 0),
        (("ceiling", "rate"), "fast"),
        (("watched", 0, "samples"), -1),
        (("series", 0, "about"), "weather"),
        (("series", 0, "columns", "ok", 0), "many"),
        (("results", "order_status_query", "load", "model"), "ajar"),
        (("results", "order_status_query", "load", "clients"), 0),
        (("results", "order_status_query", "load", "think", "spread"), "wide"),
        (("results", "order_status_query", "service", "mean"), None),
        (("results", "order_status_query", "retries", "tries"), -1),
        (("results", "order_status_query", "generator", "processes"), None),
    ],
)
def test_wrong_values_of_a_load_are_found(path: tuple[str | int, ...], value: object) -> None:
    """What the load, the processes and the series cannot be does not fit either."""
    document = load(make_mix_run())
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert tuple(next(VALIDATOR.iter_errors(document)).absolute_path) == path


def test_every_written_key_is_described_and_required() -> None:
    """The schema names exactly the keys that are written, at the top and in an operation."""
    schema, document = result_schema(), load(make_troubled_run())
    operation = schema["$defs"]["operation"]
    assert set(document) == set(schema["properties"]) == set(schema["required"])
    assert set(document["failed_operations"]["order_create"]) == set(operation["properties"])
    assert set(operation["properties"]) == set(operation["required"])
    assert set(document["judgements"][0]) == set(schema["$defs"]["judgement"]["required"])
    assert set(document["environment"]) == set(schema["$defs"]["environment"]["required"])


def test_every_written_key_of_a_load_is_required() -> None:
    """So are those of the load, the stages, what was watched and the series."""
    defs, mix, confirm = (
        result_schema()["$defs"],
        load(make_mix_run()),
        load(make_open_run())["results"]["single_order_confirm"],
    )
    written = {
        "load": confirm["load"],
        "stage": confirm["stages"][0],
        "part": confirm["service"],
        "delay": confirm["generator"]["loop_lag"],
        "watched": mix["watched"][0],
        "series": mix["series"][0],
    }
    assert {name: sorted(entry) for name, entry in written.items()} == {
        name: sorted(defs[name]["required"]) for name in written
    }
    operation = defs["operation"]["properties"]
    assert set(confirm["generator"]) == set(operation["generator"]["required"])
    assert set(confirm["retries"]) == set(operation["retries"]["required"])
    assert set(confirm["per_second"]) == set(operation["per_second"]["required"])


def test_missing_keys_are_found() -> None:
    """No key may be left out."""
    document = load(make_guide_run())
    for key in document:
        smaller = deepcopy(document)
        del smaller[key]
        assert not VALIDATOR.is_valid(smaller), key


def test_closed_sets_are_complete() -> None:
    """Every word that the model knows is in the schema, and no other."""
    schema = result_schema()
    judgement = schema["$defs"]["judgement"]["properties"]
    assert schema["properties"]["standing"]["enum"] == [str(standing) for standing in Standing]
    assert schema["properties"]["ended"]["enum"] == [str(ending) for ending in Ending]
    assert schema["properties"]["mode"]["enum"] == [str(mode) for mode in Mode]
    load_of, series = schema["$defs"]["load"]["properties"], schema["$defs"]["series"]["properties"]
    assert load_of["arrival"]["enum"] == [None, *(str(arrival) for arrival in Arrival)]
    assert load_of["think"]["properties"]["spread"]["enum"] == [str(spread) for spread in Spread]
    assert series["about"]["enum"] == [str(about) for about in About]
    assert judgement["verdict"]["enum"] == [str(verdict) for verdict in Verdict]
    assert judgement["reason"]["enum"] == [None, *(str(reason) for reason in Reason)]


def test_every_metric_of_a_limit_can_be_written() -> None:
    """The metric of a judgement is free text, so that a reader of this version meets later ones calmly."""
    metric = result_schema()["$defs"]["judgement"]["properties"]["metric"]
    assert all(Draft202012Validator(metric).is_valid(str(name)) for name in Metric)
