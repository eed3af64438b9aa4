"""A stored result as an HTML page on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.engine.whole_file import write_whole
from perfengine.errors import PerfengineError
from perfengine.metrics.hdr_codec import decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from perfengine.model.trend import TrendSeries
    from perfengine.report.html.options import HtmlOptions


def html_of(
    document: Mapping[str, Any],
    *,
    options: HtmlOptions | None = None,
    trends: Sequence[TrendSeries] = (),
    comparison: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the page of a result document; `comparison` takes the place of the one that the result holds."""
    from perfengine.report.html.render import render_html  # noqa: PLC0415 - jinja2 only where a page is asked for

    return render_html(document, decode, options=options, trends=trends, comparison=comparison).encode()


def write_html(
    document: Mapping[str, Any],
    path: Path,
    *,
    options: HtmlOptions | None = None,
    trends: Sequence[TrendSeries] = (),
    comparison: Mapping[str, Any] | None = None,
) -> None:
    """Write the page of a result document. Raises: PerfengineError naming a file that cannot be written."""
    page = html_of(document, options=options, trends=trends, comparison=comparison)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, page, mode=0o644)
    except OSError as error:
        raise PerfengineError(f"{path} cannot be written: {error.strerror}") from error
