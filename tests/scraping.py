"""A client of the page of metrics."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric


def scraped(url: str, accept: str = "text/plain") -> str:
    """Return what the page says."""
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - our own
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as answer:
        text: bytes = answer.read()
    return text.decode()


def parsed(page: str) -> Iterator[Metric]:
    """Yield the families of a page in the text format."""
    yield from text_string_to_metric_families(page)
