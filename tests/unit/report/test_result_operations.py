"""The operations of a JSON result: their figures, and what became of their attempts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hdrh.histogram import HdrHistogram

from perfengine.metrics.hdr_codec import encode
from perfengine.model.transaction import StatementStep, Transaction
from perfengine.report.result_json import result_document
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_operation, make_result, make_summary
from tests.load_results import make_mix_run, make_open_run
from tests.results import make_guide_run, make_saturated_run, make_troubled_run
from tests.unit.report.rendered import load

MS = NS_PER_MS


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


def test_statements_of_a_transaction() -> None:
    """An operation of several steps shows what it sends, a line each."""
    steps = tuple(StatementStep(sql=sql) for sql in ("SELECT 1", "SELECT 2"))
    operation = replace(make_operation(), sql="", transaction=Transaction(steps=steps))
    entry = load(make_result([make_summary([MS], operation=operation)]))["results"]["single_order_confirm"]
    assert entry["sql"] == "SELECT 1;\nSELECT 2"


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
