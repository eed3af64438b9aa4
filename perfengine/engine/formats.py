"""The formats of a result: one table for what `run` writes and what `report` renders from a stored result."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from perfengine.engine.html_report import html_of
from perfengine.errors import UsageError
from perfengine.metrics.hdr_codec import encode
from perfengine.report.benchmark_action import render_bigger_is_better, render_smaller_is_better
from perfengine.report.gitlab import render_openmetrics
from perfengine.report.hgrm import distributions
from perfengine.report.hlog import render_hlog
from perfengine.report.html.options import HtmlOptions
from perfengine.report.junit import render_junit
from perfengine.report.markdown import render_markdown
from perfengine.report.result_json import document_text
from perfengine.report.series_csv import render_series_csv
from perfengine.report.summary_csv import render_summary_csv
from perfengine.report.text import render_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from perfengine.model.result import RunResult
    from perfengine.model.trend import TrendSeries


@dataclass(frozen=True, kw_only=True)
class Written:
    """A result as it is stored, and the run that comes out of it again.

    `run` makes its reports from what it has just written, so that they are those that `report` makes of the file.
    """

    document: Mapping[str, Any]
    result: RunResult
    strict: bool = False  #: an unproven limit is an error
    trends: tuple[TrendSeries, ...] = ()  #: over earlier runs and this one; only a page shows them
    html: HtmlOptions = field(default_factory=HtmlOptions)

    @cached_property
    def text(self) -> bytes:
        """The document as it is written, which takes its time. Raises: UsageError for NaN or infinity in it."""
        try:
            return document_text(self.document)
        except ValueError as error:
            raise UsageError(f"the result holds what JSON has no word for: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: its word on the command line, the ending of its files, and how it is rendered."""

    word: str
    ending: str
    render: Callable[[Written], bytes]
    #: where a file holds one operation only: the files by operation; `render` gives all in one
    parts: Callable[[Written], Mapping[str, bytes]] | None = None


def _distributions(written: Written) -> Mapping[str, bytes]:
    return distributions(written.result)


def _all_distributions(written: Written) -> bytes:
    found = _distributions(written)
    return b"\n".join(f"#[Operation = {name}]\n".encode() + data for name, data in found.items())


FORMATS = (
    Format(word="json", ending=".json", render=lambda written: written.text),
    Format(word="text", ending=".txt", render=lambda written: render_text(written.result).encode()),
    Format(
        word="junit",
        ending=".xml",
        render=lambda written: render_junit(written.result, strict=written.strict),
    ),
    Format(word="markdown", ending=".md", render=lambda written: render_markdown(written.result).encode()),
    Format(
        word="html",
        ending=".html",
        render=lambda written: html_of(written.document, options=written.html, trends=written.trends),
    ),
    Format(word="openmetrics", ending=".prom", render=lambda written: render_openmetrics(written.result)),
    Format(word="csv", ending=".csv", render=lambda written: render_summary_csv(written.result)),
    Format(word="series-csv", ending=".series.csv", render=lambda written: render_series_csv(written.result)),
    Format(word="hlog", ending=".hlog", render=lambda written: render_hlog(written.result, encode)),
    Format(word="hgrm", ending=".hgrm", render=_all_distributions, parts=_distributions),
    Format(
        word="smaller-is-better",
        ending=".smaller.json",
        render=lambda written: render_smaller_is_better(written.result),
    ),
    Format(
        word="bigger-is-better",
        ending=".bigger.json",
        render=lambda written: render_bigger_is_better(written.result),
    ),
)


def format_of(path: Path) -> Format | None:
    """Return the format of the longest ending that fits, None where none does."""
    fitting = (one for one in FORMATS if path.name.endswith(one.ending) and path.name != one.ending)
    return max(fitting, key=lambda one: len(one.ending), default=None)


def files_of(path: Path, written: Written) -> list[tuple[Path, bytes]]:
    """Return the files that a report of this name is: one, or one an operation, named after the operations."""
    form = format_of(path) or FORMATS[0]
    parts = form.parts(written) if form.parts else {}
    if len(parts) < 2:
        return [(path, next(iter(parts.values()), None) or form.render(written))]
    stem = path.name.removesuffix(form.ending)
    return [(path.with_name(f"{stem}-{name}{form.ending}"), data) for name, data in parts.items()]
