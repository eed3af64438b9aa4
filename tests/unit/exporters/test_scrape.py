"""The page for Prometheus: what a real client reads from a real server."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from prometheus_client.openmetrics import parser as openmetrics

from perfengine.errors import UsageError
from perfengine.exporters.exporting import ExportRequest, exporting
from perfengine.exporters.metrics import METRICS
from perfengine.exporters.scrape import address_of, scrape_page
from perfengine.exporters.totals import RunTotals
from tests.run_events import OPERATION, make_phase, tell_a_run
from tests.scraping import parsed, scraped

if TYPE_CHECKING:
    from perfengine.engine.events import Event


def test_a_scrape_has_every_metric_with_its_values() -> None:
    """In the text format, and in OpenMetrics for those who ask for it."""
    totals = RunTotals()
    tell_a_run(totals, make_phase(rate_per_s=40.0))
    with scrape_page("127.0.0.1:0", totals.families) as url:
        plain, modern = scraped(url), scraped(url, "application/openmetrics-text; version=1.0.0")
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parsed(plain)
        for sample in family.samples
    }
    labels = (("entity", "order"), ("operation", OPERATION))
    assert samples["perfengine_operation_latency_seconds_count", labels] == 12
    assert (
        samples["perfengine_operation_latency_seconds_bucket", (labels[0], ("le", "0.002"), labels[1])] == 8
    )
    names = {name for name, _ in samples}
    assert {series for metric in METRICS for series in metric.series} - names == set()
    assert modern.endswith("# EOF\n")
    families = openmetrics.text_string_to_metric_families(modern)  # type: ignore[no-untyped-call]
    assert {family.name for family in families} == {metric.name for metric in METRICS}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("9464", ("127.0.0.1", 9464)),
        (":9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),  # noqa: S104 - asked for
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_without_a_host_it_is_the_loopback(text: str, address: tuple[str, int]) -> None:
    """Whoever wants more must say so."""
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["", "here", "127.0.0.1", "1:2:3", "127.0.0.1:99999"])
def test_other_texts_are_no_address(text: str) -> None:
    """And the message has one."""
    with pytest.raises(UsageError, match=r"no address, write 127\.0\.0\.1:9464"):
        address_of(text)


def test_a_port_in_use_is_said_in_one_line() -> None:
    """Before the load."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UsageError, match=f"--metrics-listen {address}: Address already in use") as caught:
            scrape_page(address, tuple).__enter__()
    assert "\n" not in str(caught.value)


def test_the_page_ends_with_the_block() -> None:
    """Its port is free again."""
    with scrape_page("127.0.0.1:0", tuple) as url:
        port = int(url.rpartition(":")[2].partition("/")[0])
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def test_two_watches_are_told_of_everything() -> None:
    """The terminal's, and that of the page; the last one is said where the page is."""
    seen: list[Event] = []
    said: list[str] = []
    with exporting(ExportRequest(listen="127.0.0.1:0", linger_ns=10**9), said.append) as exports:
        tell_a_run(exports.beside(seen.append))
        url = str(getattr(seen[0], "text", "")).removeprefix("metrics: ")
        assert "perfengine_operation_latency_seconds_count" in scraped(url)
        slept: list[float] = []
        exports.linger(slept.append)
    assert slept == [1.0]
    assert said == []
    assert len(seen) == 10


def test_nothing_is_exported_where_nothing_is_asked() -> None:
    """The watch is the one that was given, and nobody stays."""
    with exporting(ExportRequest(), lambda _: None) as exports:
        assert exports.beside(print) is print
        exports.linger(lambda _: pytest.fail("nobody asked to stay"))
