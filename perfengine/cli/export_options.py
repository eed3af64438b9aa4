"""Option texts to what is told of a run beside its reports: raw attempts, and metrics while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.errors import UsageError
from perfengine.units import parse_duration_ns, parse_size_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.exporters.exporting import ExportRequest
    from perfengine.model.raw import RawRequest


def raw_request(path: Path | None, limit: str) -> RawRequest | None:
    """Return what is asked of raw attempts. Raises: UsageError for a file or a size that is none."""
    if path is None:
        return None
    from perfengine.engine.raw import check_raw_path
    from perfengine.model.raw import RawRequest

    check_raw_path(path)
    try:
        return RawRequest(path=path, limit_bytes=parse_size_bytes(limit))
    except ValueError as error:
        raise UsageError(f"--raw-limit: {error}") from error


def export_request(
    listen: str | None, linger: str | None, endpoint: str | None, *, otlp: bool
) -> ExportRequest:
    """Return what is exported. Raises: UsageError for a duration that is none, or that nothing listens for."""
    from perfengine.exporters.exporting import ExportRequest

    if linger is not None and listen is None:
        raise UsageError("--metrics-linger belongs to a page of metrics: add --metrics-listen 127.0.0.1:9464")
    try:
        linger_ns = 0 if linger is None else parse_duration_ns(linger)
    except ValueError as error:
        raise UsageError(f"--metrics-linger: {error}") from error
    return ExportRequest(
        listen=listen, otlp=otlp or endpoint is not None, otlp_endpoint=endpoint, linger_ns=linger_ns
    )
