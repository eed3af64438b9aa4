"""The JSON result: its shape, its figures, and the scripts that read it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from perfengine.judging.judge import judge
from perfengine.metrics.hdr_codec import encode
from perfengine.model.requirement import Metric
from perfengine.model.result import Ending
from perfengine.model.transaction import StatementStep, Transaction
from perfengine.report.result_json import render_json, result_document
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import (
    make_failure,
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
    make_saturated_run,
    make_troubled_run,
    make_two_entities_run,
)
from tests.stored_results import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.measurement import LatencyCounts
    from perfengine.model.result import RunResult
    from tests.conftest import Golden

REGRESSION_SCRIPT = Path(__file__).parents[2] / "fixtures" / "check_performance_regression.py"
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


def count_of(latency: LatencyCounts) -> str:
    """Stand for an encoded histogram in golden files: compression differs between versions of zlib."""
    return f"{latency.moments.count} values"


def load(result: RunResult) -> dict[str, Any]:
    """Return the rendered result, read back."""
    document: dict[str, Any] = json.loads(render_json(result, count_of))
    return document


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


def test_operation_without_an_ok_attempt() -> None:
    """It is no result, for it has no mean; it stands apart with its counts and causes."""
    document = load(make_troubled_run())
    assert "order_create" not in document["results"]
    assert list(document["failed_operations"]) == ["order_create"]
    entry = document["failed_operations"]["order_create"]
    assert not set(entry) & {"mean", "metrics", "p95", "throughput"}
    assert entry["outcomes"]["error"] == 100
    assert entry["failures"] == [
        {
            "outcome": "error",
            "sqlstate": "42P01",
            "error_class": "schema",
            "message": 'relation "order" does not exist',
            "count": 100,
        }
    ]
    assert entry["requirements"]["status"] == "FAIL"


def test_counts_add_up() -> None:
    """What was due is what became of it."""
    document = load(make_troubled_run())
    for entry in (*document["results"].values(), *document["failed_operations"].values()):
        outcomes = dict(entry["outcomes"])
        assert outcomes.pop("due") == sum(outcomes.values())


def test_row_counts_and_generator() -> None:
    """Row counts and the state of the generator stand beside the figures."""
    confirm = load(make_troubled_run())["results"]["single_order_confirm"]
    assert confirm["rows"] == {
        "at_start": 2000,
        "expected": 1000,
        "found": 998,
        "unexpected": 1,
        "in_doubt": 1,
        "verified": False,
    }
    generator = load(make_saturated_run())["results"]["single_order_confirm"]["generator"]
    assert (generator["saturated"], generator["share"]) == (True, 0.97)
    assert generator["delay"] == {"p50": 0.002, "p95": 0.012, "p99": 0.031, "p99.9": 0.04}


def test_load_of_an_operation() -> None:
    """How an operation was loaded stands in one place, whichever model it was."""
    confirm = load(make_open_run())["results"]["single_order_confirm"]
    assert (confirm["load_model"], confirm["concurrency"], confirm["connections"]) == ("open", 40, 20)
    assert confirm["load"] == {
        "model": "open",
        "clients": 40,
        "rate": None,
        "arrival": "constant",
        "max_in_flight": 200,
        "think": None,
        "stages": [
            {"duration": 10.0, "target": 400.0},
            {"duration": 20.0, "target": 400.0},
            {"duration": 0.0, "target": 0.0},
        ],
    }
    status = load(make_mix_run())["results"]["order_status_query"]
    assert (status["load_model"], status["phase"], status["weight"]) == ("closed", "mix", 75)
    assert status["load"]["think"] == {"spread": "exponential", "mean": 1.0, "low": 0.0, "high": 0.0}
    assert (status["load"]["rate"], status["load"]["arrival"]) == (None, None)


def test_parts_of_the_response_time() -> None:
    """Lateness, pool wait and service have figures like the response time, and a histogram each."""
    document = load(make_open_run())["results"]
    confirm, status = document["single_order_confirm"], document["order_status_query"]
    assert confirm["service"]["samples"] == 9900
    assert confirm["service"]["min"] == 0.004
    assert confirm["lateness"]["p99"] == pytest.approx(0.38, rel=1e-3)
    assert status["pool_wait"] is None
    assert list(confirm["histograms"]) == ["response", "lateness", "pool_wait", "service"]
    assert confirm["histograms"]["service"] == "9900 values"


def test_retries_and_stages() -> None:
    """Retries are counted by their cause, and every stage has what was due in it."""
    confirm = load(make_open_run())["results"]["single_order_confirm"]
    assert confirm["retries"] == {"tries": 14, "retried_ok": 12, "by_sqlstate": {"40001": 11, "40P01": 3}}
    assert confirm["records_processed"] == 9900
    stage = confirm["stages"][1]
    figures = stage.pop("latency")
    assert stage == {
        "number": 2,
        "duration": 20.0,
        "begin_level": 400,
        "target": 400.0,
        "ok": 7900,
        "bad": 4,
        "dropped": 90,
        "throughput": 395.0,
    }
    assert (figures["samples"], figures["mean"]) == (7900, 0.005)
    assert confirm["stages"][2]["latency"] is None


def test_load_processes() -> None:
    """Each load process has its cost; those at the top are the busiest one's, and so is the share."""
    generator = load(make_open_run())["results"]["single_order_confirm"]["generator"]
    assert [process["share"] for process in generator["processes"]] == pytest.approx([0.2, 0.4])
    assert (generator["wall"], generator["cpu"], generator["run_queue"]) == (30.0, 9.0, 3.0)
    assert generator["start_delay"] == {
        "samples": 9900,
        "median": pytest.approx(0.00006, rel=1e-3),
        "p99": 0.00024,
        "max": 0.00024,
    }
    assert generator["gc_pause"] is None


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


def test_statements_of_a_transaction() -> None:
    """An operation of several steps shows what it sends, a line each."""
    steps = tuple(StatementStep(sql=sql) for sql in ("SELECT 1", "SELECT 2"))
    operation = replace(make_operation(), sql="", transaction=Transaction(steps=steps))
    entry = load(make_result([make_summary([MS], operation=operation)]))["results"]["single_order_confirm"]
    assert entry["sql"] == "SELECT 1;\nSELECT 2"


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


def test_weak_percentiles() -> None:
    """Percentiles with too few samples are named."""
    results = load(make_guide_run())["results"]
    assert results["single_order_confirm"]["weak_percentiles"] == ["p99", "p999"]
    assert results["bulk_order_confirm"]["weak_percentiles"] == ["p90", "p95", "p99", "p999"]


def test_histograms_are_readable_by_hdrhistogram() -> None:
    """The histogram in a result is the one that the percentiles came from."""
    values = [n * MS for n in range(1, 101)]
    document: dict[str, Any] = result_document(make_result([make_summary(values)]), encode)
    entry = document["results"]["single_order_confirm"]
    histogram = HdrHistogram.decode(entry["histograms"]["response"])
    assert histogram.get_total_count() == 100
    assert histogram.get_value_at_percentile(95) / NS_PER_S == pytest.approx(entry["p95"])
    assert list(entry["histograms"]) == ["response"]


def test_per_second() -> None:
    """Attempts are listed by second."""
    entry = load(make_guide_run())["results"]["bulk_order_confirm"]
    assert entry["per_second"] == {"due": [10], "ok": [10], "bad": [0], "dropped": [0]}
    behind = load(make_open_run())["results"]["single_order_confirm"]
    assert behind["per_second"]["dropped"] == [0, 90]


@given(st.text())
def test_any_name_can_be_written(name: str) -> None:
    """Whatever an operation is called, the result can be written and read."""
    summary = make_summary([MS], operation=make_operation(name))
    assert list(load(make_result([summary]))["results"]) == [name]


def test_ended_without_operations() -> None:
    """A run that failed before it measured anything is still a document."""
    document = load(make_result([], ended=Ending.FAILED, incomplete="the server was lost", entities=()))
    assert (document["results"], document["entity"], document["standing"]) == ({}, None, "run failed")


# --- the guide's own script --------------------------------------------------------------------------------------


def check_regression(
    baseline: RunResult, current: RunResult, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run the guide's script on two rendered results."""
    paths = {"baseline": folder / "baseline.json", "current": folder / "current.json"}
    paths["baseline"].write_bytes(render_json(baseline, encode))
    paths["current"].write_bytes(render_json(current, encode))
    options = [part for name, path in paths.items() for part in (f"--{name}", str(path))]
    return subprocess.run(
        [sys.executable, "-X", "utf8", str(REGRESSION_SCRIPT), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_regression_script_finds_none(tmp_path: Path) -> None:
    """The guide's script reads two results as they are, and finds no regression in equal ones."""
    done = check_regression(make_guide_run(), make_guide_run(), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "✅ No performance regressions detected\n"


def test_regression_script_finds_one(tmp_path: Path) -> None:
    """The guide's script finds the operation whose mean rose by a fifth."""
    current = make_guide_run()
    slower = current.operations[1]
    assert slower.latency is not None
    slower = replace(slower, latency=replace(slower.latency, mean=slower.latency.mean * 1.2))
    current = replace(current, operations=(current.operations[0], slower))
    done = check_regression(make_guide_run(), current, tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == ("🚨 Performance regressions detected:\n  bulk_order_confirm: 20.0% degradation\n")


def test_regression_script_and_an_operation_that_never_answered(tmp_path: Path) -> None:
    """The guide's script does not stumble over an operation without figures."""
    current = make_guide_run()
    silent = make_summary(failures={make_failure(): 9}, operation=current.operations[1].operation)
    current = replace(current, operations=(current.operations[0], silent))
    assert check_regression(make_guide_run(), current, tmp_path).returncode == 0
