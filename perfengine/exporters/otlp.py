"""The same metrics pushed over OTLP/HTTP, every ten seconds and at the end. Alone imports opentelemetry.

A push that fails is counted and said at the end; it never slows a run down or fails it.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from perfengine import __version__
from perfengine.errors import UsageError
from perfengine.exporters.buckets import BOUNDS_S
from perfengine.exporters.metrics import Buckets, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from urllib.parse import SplitResult

    from perfengine.exporters.metrics import Families, Family

PERIOD_S: Final = 10.0
#: The last push may take so long, and a run no longer to end.
_TIMEOUT_S: Final = 4.0
_PATH: Final = "/v1/metrics"


class Push:
    """What became of the pushes."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.done = self.failed = 0
        self.reason = ""

    @property
    def note(self) -> str | None:
        """What to say at the end; None when all went well."""
        if not self.failed:
            return None
        why = f": {self.reason}" if self.reason else ""
        return f"otlp: {self.failed} of {self.done + self.failed} pushes to {self._where} failed{why}"


@contextmanager
def otlp_push(endpoint: str | None, families: Families, *, period_s: float = PERIOD_S) -> Iterator[Push]:
    """Push the metrics for the block, and once more after it.

    `endpoint` is the URL of a receiver; None: what the variables `OTEL_EXPORTER_OTLP_*` say, else the port 4318 of
    this machine. Raises: UsageError for a URL that is none, or without the libraries it takes.
    """
    exporter, where = _exporter(endpoint)
    push, over = Push(where), threading.Event()
    started_ns = time.time_ns()

    def keep_pushing() -> None:
        while True:
            ended = over.wait(period_s)
            _push_once(exporter, families, started_ns, push)
            if ended:
                return

    thread = threading.Thread(target=keep_pushing, name="otlp", daemon=True)
    with _heard(push):
        thread.start()
        try:
            yield push
        finally:
            over.set()
            thread.join(_TIMEOUT_S + 1)
            exporter.shutdown()


@contextmanager
def _heard(push: Push) -> Iterator[None]:
    """Keep what the exporter says for the block: it would write into the progress."""
    logger, reasons = logging.getLogger("opentelemetry"), _Reasons(push)
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(reasons)
    try:
        yield
    finally:
        logger.removeHandler(reasons)
        logger.propagate = propagates


class _Reasons(logging.Handler):
    """Keeps what the exporter says of a failure."""

    def __init__(self, push: Push) -> None:
        super().__init__(logging.WARNING)
        self._push = push

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the last words."""
        self._push.reason = " ".join(record.getMessage().split())[:200]


def _exporter(endpoint: str | None) -> tuple[Any, str]:
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415 - an extra
            OTLPMetricExporter,
        )
    except ImportError as error:
        raise UsageError("--otlp takes OpenTelemetry's libraries: pip install 'perfengine[otel]'") from error
    if endpoint is not None:
        endpoint = _full(endpoint)
    exporter: Any = OTLPMetricExporter(endpoint=endpoint, timeout=_TIMEOUT_S)
    return exporter, _shown(exporter._endpoint)  # noqa: SLF001 - what it makes of the environment


def _full(endpoint: str) -> str:
    """Return the URL with the path that metrics go to, where it has none."""
    parts = _split(endpoint)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f'--otlp-endpoint "{_shown(endpoint)}": no URL, write http://localhost:4318')
    return urlunsplit(parts._replace(path=_PATH)) if parts.path in {"", "/"} else endpoint


def _shown(endpoint: str) -> str:
    """Return the URL without what is secret in it."""
    parts = _split(endpoint)
    if parts is None:
        return endpoint.rpartition("@")[2].partition("?")[0]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def _split(endpoint: str) -> SplitResult | None:
    """Return the parts of a URL, None of a text that has none: an open bracket, a port that is none."""
    try:
        parts = urlsplit(endpoint)
        is_url = parts.port != 0
    except ValueError:
        return None
    return parts if is_url else None


def _push_once(exporter: Any, families: Families, started_ns: int, push: Push) -> None:  # noqa: ANN401 - of an extra
    try:
        result = exporter.export(
            _data(families(), started_ns, time.time_ns()), timeout_millis=_TIMEOUT_S * 1000
        )
        is_done = result.name == "SUCCESS"
    except Exception as error:  # noqa: BLE001 - whatever a library stumbles over must not end the run
        push.reason, is_done = f"{type(error).__name__}: {error}", False
    push.done += is_done
    push.failed += not is_done


def _data(families: Iterable[Family], started_ns: int, now_ns: int) -> Any:  # noqa: ANN401 - of an extra
    from opentelemetry.sdk.metrics import export  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415

    metrics = [_metric(family, started_ns, now_ns) for family in families if family.values]
    scope = export.ScopeMetrics(
        scope=InstrumentationScope("perfengine", __version__), metrics=metrics, schema_url=""
    )
    resource = Resource.create({"service.name": "perfengine", "service.version": __version__})
    return export.MetricsData(
        resource_metrics=[
            export.ResourceMetrics(resource=resource, scope_metrics=[scope], schema_url=resource.schema_url)
        ]
    )


def _metric(family: Family, started_ns: int, now_ns: int) -> Any:  # noqa: ANN401 - of an extra
    from opentelemetry.sdk.metrics import export  # noqa: PLC0415 - an extra

    metric, total = family.metric, export.AggregationTemporality.CUMULATIVE
    common = {"start_time_unix_nano": started_ns, "time_unix_nano": now_ns}
    points = [
        _point(value, {"attributes": dict(zip(metric.labels, labels, strict=True)), **common})
        for labels, value in family.values.items()
    ]
    data: Any
    if metric.kind is Kind.HISTOGRAM:
        data = export.Histogram(data_points=points, aggregation_temporality=total)
    elif metric.kind is Kind.COUNTER:
        data = export.Sum(data_points=points, aggregation_temporality=total, is_monotonic=True)
    else:
        data = export.Gauge(data_points=points)
    return export.Metric(name=metric.name, description=metric.meaning, unit=metric.unit, data=data)


def _point(value: float | Buckets, common: dict[str, Any]) -> Any:  # noqa: ANN401 - of an extra
    from opentelemetry.sdk.metrics import export  # noqa: PLC0415 - an extra

    if not isinstance(value, Buckets):
        return export.NumberDataPoint(value=value, **common)
    edges = (0, *value.up_to, value.count)
    return export.HistogramDataPoint(
        count=value.count,
        sum=value.sum_s,
        bucket_counts=[after - before for before, after in pairwise(edges)],
        explicit_bounds=list(BOUNDS_S),
        min=None,  # type: ignore[arg-type]  # not known of so few buckets; the protocol has it optional
        max=None,  # type: ignore[arg-type]
        **common,
    )
