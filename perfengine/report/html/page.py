"""What the page says, part by part: values that the template writes down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.report.html.changes import Comparison, comparison_of
from perfengine.report.html.generator_charts import generator_charts
from perfengine.report.html.generator_table import generator_table
from perfengine.report.html.headline import footer_of, line_of, standing_of, summary_of, title_of
from perfengine.report.html.limits import MOST_OPERATIONS, most_for
from perfengine.report.html.operations import OperationPart, operation_parts
from perfengine.report.html.operations_table import OperationsTable, failures_table, operations_table
from perfengine.report.html.plan_part import PlanPart, plan_parts
from perfengine.report.html.read import operations_of, text, texts
from perfengine.report.html.run_facts import facts_of
from perfengine.report.html.server_charts import server_charts, watched_table
from perfengine.report.html.steadiness import (
    budgets_table,
    canary_table,
    repeats_table,
    stabilised_table,
    steady_table,
)
from perfengine.report.html.trend_charts import trend_charts
from perfengine.report.html.verdicts import VerdictRow, verdict_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.model.trend import TrendSeries
    from perfengine.report.html.options import HtmlOptions
    from perfengine.report.html.parts import Chart, Table
    from perfengine.report.html.read import Decode, Entry
    from perfengine.report.html.run_facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page with tables and charts of the run as a whole."""

    key: str
    title: str
    text: str = ""
    tables: tuple[tuple[str, Table], ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All of it."""

    title: str
    line: str
    standing: str
    summary: str
    incomplete: str
    verdicts: tuple[VerdictRow, ...]
    has_verdicts: bool
    has_notes: bool  #: whether a verdict has a note
    notes: tuple[str, ...]
    facts: Mapping[str, Facts]
    table: OperationsTable
    operations: tuple[OperationPart, ...]
    not_drawn: int
    others: tuple[Section, ...]
    comparison: Comparison | None
    trends: tuple[Chart, ...]
    plan: tuple[PlanPart, ...]
    sections: tuple[tuple[str, str], ...]
    footer: str
    charts: tuple[Chart, ...]


def page_of(
    document: Entry,
    decode: Decode,
    options: HtmlOptions,
    trends: Sequence[TrendSeries],
    comparison: Entry | None,
) -> Page:
    """Return what the page of a result says."""
    operations = operations_of(document)
    drawn = dict(list(operations.items())[:MOST_OPERATIONS])
    keys = {name: f"op{place}" for place, name in enumerate(drawn, start=1)}
    parts = operation_parts(document, drawn, keys, decode, draws=options.include_charts)
    others = tuple(_others(document, operations, draws=options.include_charts))
    trend = tuple(trend_charts(trends)) if options.include_trends and options.include_charts else ()
    charts = (
        *(chart for part in parts for chart in part.charts),
        *(chart for section in others for chart in section.charts),
        *trend,
    )
    compared, plan = comparison_of(document, comparison), plan_parts(operations)
    places = {*(chart.key for chart in charts), *(section.key for section in others)}
    verdicts = verdict_rows(document, keys, places)
    return Page(
        title=title_of(document),
        line=line_of(document),
        standing=standing_of(document),
        summary=summary_of(document, operations),
        incomplete=text(document.get("incomplete")),
        verdicts=verdicts,
        has_verdicts=bool(verdicts),
        has_notes=any(row.note for row in verdicts),
        notes=tuple(texts(document.get("notes"))),
        facts=facts_of(document),
        table=operations_table(document, operations, keys),
        operations=parts,
        not_drawn=len(operations) - len(drawn),
        others=others,
        comparison=compared,
        trends=trend,
        plan=plan,
        sections=tuple(_sections(others, compared, trend, plan)),
        footer=footer_of(document),
        charts=charts,
    )


_GENERATOR: Final = (
    "What the load processes did to themselves. A saturated one makes latencies look worse than they are."
)


def _others(document: Entry, operations: Mapping[str, Entry], *, draws: bool) -> list[Section]:
    most = most_for(1)
    generator = tuple(chart for chart in generator_charts(document, most) if chart) if draws else ()
    server = tuple(chart for chart in server_charts(document, most) if chart) if draws else ()
    found = (
        Section(key="errors", title="Errors", tables=_named(("", failures_table(operations)))),
        Section(
            key="generator",
            title="Load processes",
            text=_GENERATOR,
            tables=_named(("", generator_table(operations))),
            charts=generator,
        ),
        Section(
            key="server",
            title="Server and machine",
            text="Read beside the load, once a second.",
            tables=_named(("", watched_table(document))),
            charts=server,
        ),
        Section(
            key="stability",
            title="Stability and budgets",
            tables=_named(
                ("Budgets of service levels", budgets_table(document)),
                ("Repeats", repeats_table(document)),
                ("Steady state", steady_table(document)),
                ("Before the load", stabilised_table(document)),
                ("Canary", canary_table(document)),
            ),
        ),
    )
    return [section for section in found if section.tables or section.charts]


def _named(*tables: tuple[str, Table | None]) -> tuple[tuple[str, Table], ...]:
    return tuple((name, table) for name, table in tables if table)


def _sections(
    others: Sequence[Section],
    comparison: Comparison | None,
    trends: Sequence[Chart],
    plan: Sequence[PlanPart],
) -> list[tuple[str, str]]:
    found = [("verdicts", "Verdicts"), ("run", "What was run"), ("operations", "Operations")]
    found += [(section.key, section.title) for section in others]
    found += [("comparison", "Comparison")] if comparison else []
    found += [("trends", "Trends")] if trends else []
    return [*found, *([("plan", "Plan")] if plan else [])]
