"""Without the extras, what takes them says which to install; the rest of the command line works."""

from __future__ import annotations

import sys

import pytest

from perfengine.errors import UsageError
from perfengine.exporters.otlp import otlp_push
from perfengine.exporters.scrape import scrape_page


@pytest.mark.parametrize(
    ("module", "opened", "command"),
    [
        ("prometheus_client", scrape_page, r"pip install 'perfengine\[metrics\]'"),
        (
            "opentelemetry.exporter.otlp.proto.http.metric_exporter",
            otlp_push,
            r"pip install 'perfengine\[otel\]'",
        ),
    ],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, opened: object, command: str
) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, module, None)
    address = "127.0.0.1:0" if opened is scrape_page else "http://127.0.0.1:1"
    with pytest.raises(UsageError, match=command):
        opened(address, tuple).__enter__()  # type: ignore[operator]
