"""A stored result as an HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.metrics.hdr_codec import decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
