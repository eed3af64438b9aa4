"""The dashboard for Grafana: every metric and label in it exists, in the reference and in a real scrape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.exporters.metrics import METRICS
from perfengine.exporters.scrape import scrape_page
from perfengine.exporters.totals import RunTotals
from tests.run_events import make_phase, tell_a_run
from tests.scraping import parsed, scraped

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
DASHBOARD: Any = json.loads((ROOT / "contrib" / "grafana" / "perfengine.json").read_text(encoding="utf-8"))
REFERENCE = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
#: Words of PromQL that stand in the expressions; anything else in them that is no label is a metric.
WORDS = {
    *("sum", "max", "rate", "increase", "histogram_quantile", "sort_desc", "by", "on", "label_values"),
    *("ok", "le"),
}
#: What Prometheus adds to every series.
ADDED = {"instance", "le"}


def expressions() -> Iterator[str]:
    """Yield every expression of panels and variables."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"]


EXPRESSIONS = list(expressions())
SERIES = {name: metric for metric in METRICS for name in metric.series}


def names_in(expression: str) -> set[str]:
    """Return the names outside of quotes, of selectors and of what follows by and on."""
    plain = re.sub(r'"[^"]*"', "", expression)
    plain = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|on)\s*\([^)]*\)", "", plain)
    return set(re.findall(r"[a-zA-Z_]\w*", plain)) - WORDS


def test_there_is_something_in_it() -> None:
    """Else the tests below hold of nothing."""
    assert len(EXPRESSIONS) >= 25
    kinds = {panel["type"] for panel in DASHBOARD["panels"]}
    assert {"row", "stat", "timeseries", "table", "heatmap", "state-timeline"} <= kinds


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_exists(expression: str) -> None:
    """And every label is one of its metric's."""
    names = (
        names_in(expression) - {"operation", "instance"}
        if "label_values" in expression
        else names_in(expression)
    )
    assert names
    assert names <= set(SERIES)
    labels = {label for name in names for label in SERIES[name].labels} | ADDED
    quoted = re.sub(r'"[^"]*"', '""', expression)
    used = set(re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*""', quoted))
    for group in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", quoted):
        used |= {label.strip() for label in group.split(",")}
    assert used <= labels


def test_every_metric_is_on_a_panel() -> None:
    """What is told is shown."""
    shown = {
        SERIES[name].name for expression in EXPRESSIONS for name in names_in(expression) if name in SERIES
    }
    assert {metric.name for metric in METRICS} == shown


def test_every_legend_has_labels_of_its_metric() -> None:
    """A label that is not there would be shown as it is written."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            labels = {label for name in names_in(target["expr"]) for label in SERIES[name].labels} | ADDED
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= labels


def test_the_reference_has_every_series_and_no_other() -> None:
    """With its kind and its labels."""
    table = [line for line in REFERENCE.splitlines() if line.startswith("| `perfengine_")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    described = {
        tuple(re.findall(r"`(\w+)`", series)): (kind, tuple(re.findall(r"`(\w+)`", labels)))
        for series, kind, labels, _ in rows
    }
    assert described == {metric.series: (str(metric.kind), metric.labels) for metric in METRICS}


def test_a_real_scrape_has_what_the_dashboard_asks_for() -> None:
    """From a server that a run of two seconds has told."""
    totals = RunTotals()
    tell_a_run(totals, make_phase(rate_per_s=40.0))
    with scrape_page("127.0.0.1:0", totals.families) as url:
        text = scraped(url)
    found = {sample.name for family in parsed(text) for sample in family.samples}
    asked = {name for expression in EXPRESSIONS for name in names_in(expression) if name in SERIES}
    assert asked <= found


def test_panels_do_not_overlap() -> None:
    """Each has its place, its name and its description."""
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        assert panel["type"] == "row" or panel["description"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
