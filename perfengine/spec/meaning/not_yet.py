"""What documents ask for that perfengine cannot do yet: one line each, never dropped silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.model.scenario import Performance, ReportRequest


def not_yet_notes(performances: Iterable[Performance]) -> Iterator[str]:
    """Yield a line for reports that cannot be written, and for options without effect."""
    reports = [report for one in performances for report in one.reports]
    unwritten = dict.fromkeys(_described(report) for report in reports if report.format != "json")
    if unwritten:
        yield f"reports: accepted, not written yet: {', '.join(unwritten)}"
    options = [
        option for report in reports if report.format == "json" for option, on in report.options.items() if on
    ]
    if "include_raw_data" in options:
        yield "reports: include_raw_data: json holds histograms and counts per second, single samples not yet"
    others = dict.fromkeys(option for option in options if option != "include_raw_data")
    if others:
        yield f"reports: accepted, without effect on json yet: {', '.join(others)}"


def _described(report: ReportRequest) -> str:
    options = [option for option, on in report.options.items() if on]
    return f"{report.format} ({', '.join(options)})" if options else report.format
