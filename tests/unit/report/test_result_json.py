"""The JSON result: its shape, its head, and what was asked of the run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.judging.judge import judge
from perfengine.model.requirement import Metric
from perfengine.model.result import Ending
from perfengine.report.result_json import render_json
from perfengine.units import NS_PER_MS
from tests.builders import (
    make_operation,
    make_requirement,
    make_result,
    make_service_level,
    make_summary,
)
from tests.load_results import make_mix_run, make_open_run
from tests.results import (
    make_guide_run,
    make_interrupted_run,
    make_troubled_run,
    make_two_entities_run,
)
from tests.stored_results import SAMPLES
from tests.unit.report.rendered import count_of, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult
    from tests.conftest import Golden

MS = NS_PER_MS
METRICS = [
    "mean",
    "median",
    "min",
    "max",
    "stdev",
    "p90",
    "p95",
    "p99",
    "p999",
    "error_rate",
    "availability",
    "throughput",
]  # in the order they are written
every_run = pytest.mark.parametrize(
    "make_run",
    SAMPLES,
)


@pytest.mark.parametrize(
    ("name", "make_run"),
    [
        ("guide", make_guide_run),
        ("troubled", make_troubled_run),
        ("open", make_open_run),
        ("mix", make_mix_run),
    ],
)
def test_golden(name: str, make_run: Callable[[], RunResult], golden: Golden) -> None:
    """The result of a run is what was read and approved."""
    golden(f"report/{name}.json", render_json(make_run(), count_of).decode())


def test_entry_of_the_guide() -> None:
    """The entry of an operation holds what the guide shows, flat and under metrics."""
    entry = load(make_guide_run())["results"]["single_order_confirm"]
    assert entry["test_name"] == "single_order_confirm"
    assert entry["iterations"] == 100
    promised = {
        "mean": 0.0234,
        "median": 0.0218,
        "min": 0.0189,
        "max": 0.0456,
        "stdev": 0.0056,
        "p95": 0.0321,
        "p99": 0.0412,
    }
    assert {name: entry["metrics"][name] for name in promised} == pytest.approx(promised)
    assert list(entry["metrics"]) == METRICS
    assert {name: entry[name] for name in METRICS} == entry["metrics"]
    assert entry["requirements"] == {"target_mean": 0.05, "max_p95": None, "status": "PASS"}


def test_head_of_the_document() -> None:
    """The document says what it is, when and where it was made, and from what."""
    document = load(make_guide_run())
    assert list(document)[:5] == ["version", "timestamp", "environment", "entity", "entities"]
    assert document["version"] == "1.0"
    assert document["timestamp"] == document["started"] == "2026-11-23T09:30:00.000Z"
    assert document["finished"] == "2026-11-23T09:30:12.500Z"
    assert (document["entity"], document["entities"]) == ("order", ["order"])
    assert document["environment"]["server_settings"] == {"shared_buffers": "128MB", "fsync": "on"}
    assert (document["standing"], document["ended"]) == ("PASS", "complete")


@every_run
def test_text_is_ascii_and_has_no_infinite_number(make_run: Callable[[], RunResult]) -> None:
    """A result can be read by any JSON reader under any locale."""
    text = render_json(make_run(), count_of).decode("ascii")

    def refuse(name: str) -> None:
        raise AssertionError(name)

    json.loads(text, parse_constant=refuse)


def test_infinite_percentile() -> None:
    """A percentile among failures is null, marked as unbounded, with the reason."""
    judgement = load(make_troubled_run())["judgements"][5]
    assert (judgement["operation"], judgement["metric"], judgement["verdict"]) == (
        "order_create",
        "p95",
        "FAIL",
    )
    assert (judgement["observed"], judgement["unbounded"]) == (None, True)
    assert judgement["detail"] == "100 of 100 attempts had no good answer and count as slower than any limit"


def test_run_as_a_whole() -> None:
    """Mode, processes, what was watched and the series stand at the top; no figure is not a number."""
    document = load(make_mix_run())
    assert (document["mode"], document["processes"], document["in_process"]) == ("mix", 2, True)
    assert document["ceiling"] == {"rate": 31200.4, "measured_at": "2026-11-20T08:00:00Z", "share": 0.41}
    assert document["watched"][0] == {
        "metric": "cpu_usage",
        "unit": "CPUs",
        "source": "/proc",
        "mean": 0.8,
        "max": 1.4,
        "samples": 12,
        "reason": "",
    }
    assert document["series"][0] == {
        "about": "operation",
        "subject": "order_status_query",
        "phase": "mix",
        "times": [1.0, 2.0],
        "columns": {"ok": [750, 748], "p99_s": [0.003, None]},
    }
    assert document["series"][1]["columns"] == {"cpu_usage": [0.8, None]}
    plain = load(make_guide_run())
    assert (plain["mode"], plain["processes"], plain["ceiling"]) == ("benchmark", 1, None)
    assert (plain["watched"], plain["series"]) == ([], [])


def test_tightest_limits_and_worst_verdict() -> None:
    """Of several limits the tightest is shown, and FAIL beats UNPROVEN beats PASS."""
    summary = make_summary([10 * MS] * 100, counted_limits_ns=[200 * MS])
    limits = [
        make_requirement(Metric.MEAN, 100 * MS),
        make_requirement(Metric.MEAN, 50 * MS),
        make_requirement(Metric.P95, 300 * MS),
    ]
    levels = [make_service_level(response_time_p95_ns=200 * MS)]

    def shown(*more: Metric) -> dict[str, object]:
        asked = [*limits, *(make_requirement(metric, 1) for metric in more)]
        judgements = judge(asked, levels, [summary], [summary.operation])
        entry = load(make_result([summary], judgements=judgements))["results"]["single_order_confirm"]
        requirements: dict[str, object] = entry["requirements"]
        return requirements

    assert shown() == {"target_mean": 0.05, "max_p95": 0.2, "status": "PASS"}
    assert shown(Metric.P99)["status"] == "UNPROVEN"
    assert shown(Metric.P99, Metric.MAX)["status"] == "FAIL"


def test_no_limit_asked() -> None:
    """Without a limit of its own an operation has no requirements."""
    entry = load(make_two_entities_run())["results"]["order_status_query"]
    assert entry["requirements"] is None


def test_every_limit_is_listed() -> None:
    """The judgements name what was asked where, in the unit that they say."""
    judgements = load(make_troubled_run())["judgements"]
    assert len(judgements) == 16
    rate = next(judged for judged in judgements if judged["metric"] == "requests_per_second")
    assert (rate["operation"], rate["subject"], rate["limit"], rate["unit"]) == (None, "run", 500.0, "1/s")
    assert (rate["floor"], rate["source"], rate["group"]) == (True, "requirements", "load")
    level = judgements[-1]
    assert (level["metric"], level["limit"], level["unit"]) == ("availability", 0.99, "fraction")
    assert (level["source"], level["group"], level["position"]) == (
        "service_level_agreements",
        "critical",
        "order.yaml:12:9",
    )
    assert level["lower"] == pytest.approx(0.05 ** (1 / 100))


def test_interrupted() -> None:
    """A partial result says that it is one."""
    document = load(make_interrupted_run())
    assert (document["ended"], document["standing"]) == ("interrupted", "interrupted")
    assert document["incomplete"] == "interrupted by Ctrl-C"


@given(st.text())
def test_any_name_can_be_written(name: str) -> None:
    """Whatever an operation is called, the result can be written and read."""
    summary = make_summary([MS], operation=make_operation(name))
    assert list(load(make_result([summary]))["results"]) == [name]


def test_ended_without_operations() -> None:
    """A run that failed before it measured anything is still a document."""
    document = load(make_result([], ended=Ending.FAILED, incomplete="the server was lost", entities=()))
    assert (document["results"], document["entity"], document["standing"]) == ({}, None, "run failed")
