"""A page of metrics for Prometheus, served from a thread of the parent process. Alone imports prometheus_client."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from perfengine.errors import UsageError
from perfengine.exporters.buckets import BOUNDS_S
from perfengine.exporters.metrics import Buckets, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.exporters.metrics import Families, Family

_LOOPBACK: Final = "127.0.0.1"
_ADDRESS: Final = re.compile(r"(?:(?P<host>\[[^\]]+\]|[^:\[\]]*):)?(?P<port>[0-9]{1,5})")


def address_of(text: str) -> tuple[str, int]:
    """Return host and port of `127.0.0.1:9464`, `[::1]:9464`, `:9464` or `9464`; without a host the loopback.

    Raises: UsageError for anything else.
    """
    match = _ADDRESS.fullmatch(text.strip())
    if match is None or int(match["port"]) > 65_535:
        raise UsageError(f'--metrics-listen "{text}": no address, write 127.0.0.1:9464 or 9464')
    return (match["host"] or _LOOPBACK).strip("[]"), int(match["port"])


@contextmanager
def scrape_page(address: str, families: Families) -> Iterator[str]:
    """Serve the metrics for the block, and give the page's URL.

    Raises: UsageError for an address that is none or is taken, or without the libraries it takes.
    """
    host, port = address_of(address)
    try:
        import prometheus_client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "--metrics-listen takes prometheus_client: pip install 'perfengine[metrics]'"
        ) from error
    registry = prometheus_client.CollectorRegistry(auto_describe=False)
    registry.register(_Collector(families))
    try:
        server, thread = prometheus_client.start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise UsageError(f"--metrics-listen {address}: {error.strerror or error}") from error
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{server.server_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Collector:
    """Turns families into those of prometheus_client at each scrape."""

    def __init__(self, families: Families) -> None:
        self._families = families

    def describe(self) -> Iterable[Any]:
        """Say nothing before the first scrape."""
        return ()

    def collect(self) -> Iterator[Any]:
        """Yield the metrics as they are now."""
        return map(_exposed, self._families())


def _exposed(family: Family) -> Any:  # noqa: ANN401 - a class of an extra
    from prometheus_client import core  # noqa: PLC0415 - an extra

    kinds = {
        Kind.COUNTER: core.CounterMetricFamily,
        Kind.GAUGE: core.GaugeMetricFamily,
        Kind.HISTOGRAM: core.HistogramMetricFamily,
    }
    metric = family.metric
    found: Any = kinds[metric.kind](metric.name, metric.meaning, labels=metric.labels)
    for labels, value in family.values.items():
        if isinstance(value, Buckets):
            bounds = [*map(str, BOUNDS_S), "+Inf"]
            found.add_metric(labels, list(zip(bounds, (*value.up_to, value.count), strict=True)), value.sum_s)
        else:
            found.add_metric(labels, value)
    return found
