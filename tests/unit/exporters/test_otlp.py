"""Metrics over OTLP: what a receiver finds in the bytes that it is sent."""

from __future__ import annotations

import gzip
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from perfengine.errors import UsageError
from perfengine.exporters import otlp
from perfengine.exporters.buckets import BOUNDS_S
from perfengine.exporters.exporting import ExportRequest, exporting
from perfengine.exporters.metrics import METRICS
from perfengine.exporters.otlp import otlp_push
from perfengine.exporters.totals import RunTotals
from tests.run_events import OPERATION, make_phase, tell_a_run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("_directly")
SECRET = "s3cr3t"


class Receiver(BaseHTTPRequestHandler):
    """Takes what is posted, and answers with its server's status."""

    server: Any

    def do_POST(self) -> None:
        """Decode the body and keep it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.got.append((self.path, ExportMetricsServiceRequest.FromString(body)))
        self.server.came.set()
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def _directly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no proxy of this machine come between, and wait for a receiver that gets no processor."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(otlp, "_TIMEOUT_S", 60.0)


@contextmanager
def receiver(status: int = 200) -> Iterator[Any]:
    """Run a receiver for the block."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status, server.came = [], status, threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_every_metric_is_pushed_at_the_end() -> None:
    """Cumulative, with buckets that add up."""
    totals = RunTotals()
    tell_a_run(totals, make_phase(rate_per_s=40.0))
    with receiver() as server, otlp_push(f"http://127.0.0.1:{server.server_port}", totals.families) as push:
        pass
    assert (push.done, push.failed, push.note) == (1, 0, None)
    ((path, request),) = server.got
    assert path == "/v1/metrics"
    (resource,) = request.resource_metrics
    attributes = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert attributes["service.name"] == "perfengine"
    metrics = {metric.name: metric for metric in resource.scope_metrics[0].metrics}
    assert set(metrics) == {metric.name for metric in METRICS}
    (latency,) = metrics["perfengine_operation_latency_seconds"].histogram.data_points
    assert (latency.count, sum(latency.bucket_counts)) == (12, 12)
    assert list(latency.explicit_bounds) == list(BOUNDS_S)
    assert latency.sum == pytest.approx(4 * 0.033)
    assert {one.key: one.value.string_value for one in latency.attributes}["operation"] == OPERATION
    attempts = metrics["perfengine_attempts"].sum
    assert attempts.is_monotonic
    assert sum(point.as_double or point.as_int for point in attempts.data_points) == 20


def test_it_pushes_again_and_again() -> None:
    """While the run goes on."""
    totals = RunTotals()
    tell_a_run(totals)
    with receiver() as server:
        with otlp_push(
            f"http://127.0.0.1:{server.server_port}/v1/metrics", totals.families, period_s=0.01
        ) as push:
            assert server.came.wait(60)
        assert len(server.got) == push.done >= 2


def test_a_receiver_that_refuses_is_a_note() -> None:
    """Without what is secret in its address; nothing is raised."""
    said: list[str] = []
    with receiver(status=400) as server:
        endpoint = f"http://user:{SECRET}@127.0.0.1:{server.server_port}/v1/metrics?token={SECRET}"
        with exporting(ExportRequest(otlp=True, otlp_endpoint=endpoint), said.append) as exports:
            tell_a_run(exports.beside(lambda _: None))
    (note,) = said
    assert note.startswith(f"otlp: 1 of 1 pushes to http://127.0.0.1:{server.server_port}/v1/metrics failed")
    assert SECRET not in note


@pytest.mark.parametrize(
    "endpoint",
    ["localhost:4318", "ftp://host", "http://", "http://[::1:4318", "http://host:port", "http://h:0"],
)
def test_other_texts_are_no_url(endpoint: str) -> None:
    """And the message has one."""
    with pytest.raises(UsageError, match="no URL, write http://localhost:4318"):
        otlp_push(endpoint, tuple).__enter__()


def test_a_text_that_cannot_be_taken_apart_is_said_without_its_password() -> None:
    """A bracket that stayed open ended the command with a traceback, and the password in it."""
    with pytest.raises(UsageError, match=r'"\[::1:4318": no URL') as caught:
        otlp_push(f"http://user:{SECRET}@[::1:4318?token={SECRET}", tuple).__enter__()
    assert SECRET not in str(caught.value)
