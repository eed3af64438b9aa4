"""The page of a result: one file that loads nothing, whatever stands in the document."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.engine.html_report import html_of
from perfengine.metrics.hdr_codec import decode, encode
from perfengine.model.trend import ChangePoint, TrendPoint, TrendSeries
from perfengine.report.html.options import HtmlOptions
from perfengine.report.html.page import page_of
from perfengine.report.html.payload import payload_of
from perfengine.report.result_json import result_document
from tests.long_documents import make_long_document
from tests.pages import outline_of, read_page
from tests.results import make_guide_run
from tests.stored_results import SAMPLES
from tests.unit.report.hostile import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.result import RunResult
    from tests.conftest import Golden

TREND = TrendSeries(
    label="operation_01 p95",
    unit="s",
    points=tuple(
        TrendPoint(
            run_id=f"run{number}",
            started_at=f"2026-11-{number:02d}T09:30:00Z",
            value=None if number == 4 else 0.004 + 0.002 * (number > 6),
            verdict="FAIL" if number > 6 else "PASS",
            is_comparable=number > 2,
        )
        for number in range(1, 10)
    ),
    change_points=(ChangePoint(index=6, before=0.004, after=0.006, p_value=0.001),),
)


def document_of(result: RunResult) -> dict[str, Any]:
    """Return the result as it is read from its file."""
    document: dict[str, Any] = json.loads(json.dumps(result_document(result, encode)))
    return document


def rich_document() -> dict[str, Any]:
    """Return a short mix under an open load with everything over time, and a comparison."""
    document: dict[str, Any] = json.loads(_rich_text())
    return document


@cache
def _rich_text() -> str:
    compared = document_of(next(make() for make in SAMPLES if make.__name__ == "make_compared_run"))
    promised = document_of(next(make() for make in SAMPLES if make.__name__ == "make_promised_run"))
    repeated = document_of(next(make() for make in SAMPLES if make.__name__ == "make_repeated_run"))
    document = {
        **make_long_document(2, 40),
        "comparison": compared["comparison"],
        "canary": compared["canary"],
        "budgets": promised["budgets"],
        "stability": {**repeated["stability"], "repeats": 7},
    }
    return json.dumps(document)


def test_golden_small(golden: Golden) -> None:
    """A run of seconds has no picture over time."""
    page = read_page(html_of(document_of(make_guide_run())).decode())
    golden("report/html/small.txt", outline_of(page))


def test_golden_rich(golden: Golden) -> None:
    """A run that has everything."""
    page = read_page(html_of(rich_document(), trends=(TREND,)).decode())
    golden("report/html/rich.txt", outline_of(page))


@pytest.mark.parametrize("make", SAMPLES)
def test_every_result_has_a_page(make: Callable[[], RunResult]) -> None:
    """Whatever happened in the run: its operations are named, and every link leads somewhere."""
    document = document_of(make())
    page = read_page(html_of(document).decode())
    for name in document["operations"]:
        assert name in page.visible
    places = {element.attributes.get("id") for element in page.elements}
    links = [element.attributes["href"] for element in page.of("a")]
    assert {link.removeprefix("#") for link in links} <= places
    assert all(link.startswith("#") for link in links)


def test_verdicts_come_first_and_lead_to_the_evidence() -> None:
    """Those that failed before the others."""
    page = read_page(html_of(rich_document()).decode())
    evidence = [element.attributes["href"] for element in page.of("a") if element.text == "show"]
    assert evidence == ["#op1-latency", "#op2-latency", "#op1-errors"]
    assert page.visible.index("Verdicts") < page.visible.index("What was run")


def test_nothing_is_loaded() -> None:
    """No address but data: and places of the page itself; what a script fetches, its policy stops."""
    page = read_page(html_of(rich_document(), trends=(TREND,)).decode())
    for element in page.elements:
        for name in ("src", "href", "srcset", "action", "poster", "data", "xlink:href", "formaction"):
            assert element.attributes.get(name, "#").startswith(("#", "data:,"))
    for style in page.of("style"):
        assert "url(" not in style.text
        assert "@import" not in style.text
    assert "default-src 'none'" in policy_of(page)


def test_the_policy_has_the_hash_of_every_script_and_style() -> None:
    """And allows no other."""
    page = read_page(html_of(rich_document()).decode())
    policy = policy_of(page)
    scripts = [element for element in page.of("script") if not element.attributes]
    assert len(scripts) == 3
    for element in (*scripts, *page.of("style")):
        digest = b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.count("sha256-") == len(scripts) + 1
    assert "unsafe" not in policy


def policy_of(page: Any) -> str:
    """Return the content security policy."""
    return next(
        str(element.attributes["content"])
        for element in page.of("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    )


def test_the_data_of_the_page_is_what_was_put_in() -> None:
    """Every chart has a place, and every place its data and table."""
    document = rich_document()
    page = read_page(html_of(document, trends=(TREND,)).decode())
    expected = payload_of(page_of(document, decode, HtmlOptions(), (TREND,), None).charts)
    assert page.data() == json.loads(json.dumps(expected))
    places = [
        element.attributes["data-chart"] for element in page.elements if "data-chart" in element.attributes
    ]
    assert places == list(expected["charts"])  # type: ignore[call-overload] # a mapping
    assert len(page.of("details")) == len(places)
    for element in page.elements:
        if "data-chart" in element.attributes:
            assert element.attributes["role"] == "img"
            assert element.attributes["aria-label"]


def test_raw_data_is_the_result_itself() -> None:
    """Only where it is asked for."""
    document = rich_document()
    asked = read_page(html_of(document, options=HtmlOptions(include_raw_data=True)).decode())
    assert asked.data("result") == document
    assert read_page(html_of(document).decode()).data("result") is None


def test_a_page_without_charts_has_no_script() -> None:
    """Its tables are the same; trends are pictures too."""
    page = read_page(
        html_of(rich_document(), options=HtmlOptions(include_charts=False), trends=(TREND,)).decode()
    )
    assert not page.of("script")
    assert not page.of("figure")
    assert "script-src 'none'" in policy_of(page)
    assert "operation_02" in page.visible


def test_trends_can_be_left_out() -> None:
    """The other charts stay."""
    page = read_page(
        html_of(rich_document(), options=HtmlOptions(include_trends=False), trends=(TREND,)).decode()
    )
    assert page.by_id("trends") is None
    assert page.of("figure")


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_from_outside_are_texts(text: str) -> None:
    """In every place of the document and of the trends: no element, no attribute, no script comes of them."""
    plain, hostile = rich_document(), with_text(rich_document(), text)
    trend = TrendSeries(
        label=text,
        unit="s",
        points=tuple(
            TrendPoint(run_id=text, started_at=text, value=value, note=text) for value in (1.0, 2.0)
        ),
    )
    raw = HtmlOptions(include_raw_data=True)
    page = read_page(html_of(hostile, options=raw, trends=(trend,)).decode())
    like = read_page(html_of(plain, options=raw, trends=(TREND,)).decode())
    assert {element.tag for element in page.elements} <= {element.tag for element in like.elements}
    assert len(page.of("script")) == len(like.of("script"))
    assert not {name for element in page.elements for name in element.attributes if name.startswith("on")}
    assert all(element.attributes["href"].startswith("#") for element in page.of("a"))
    assert page.data("result") == hostile


def with_text(value: Any, text: str) -> Any:
    """Return the document with a text in every place where names and texts from outside stand."""
    kept = {
        "series",
        "latency_over_time",
        "histograms",
        "per_second",
        "batches",
        "version",
        "standing",
        "verdict",
    }
    if isinstance(value, dict):
        names = {name: text + name if is_name(name) else name for name in value}
        return {names[name]: item if name in kept else with_text(item, text) for name, item in value.items()}
    if isinstance(value, list):
        return [with_text(item, text) for item in value]
    return value + text if isinstance(value, str) and value != "mix" else value


def is_name(name: str) -> bool:
    """Return whether a key is a name from outside."""
    return bool(re.match("operation_[0-9]|order|shared|asyncpg", name))


def test_a_password_in_an_address_is_not_shown() -> None:
    """A result has none; a document that somebody wrote by hand may."""
    document = document_of(make_guide_run())
    document["environment"]["target"] = "postgresql://me:s3cr3t@host:5432/db?password=s3cr3t"
    text = html_of(document).decode()
    assert "s3cr3t" not in text
    assert "me:***@host" in text


def test_a_document_with_little_in_it_has_a_page() -> None:
    """As older ones and those of others."""
    page = read_page(html_of({"results": {"a": {"mean": 0.1}}}).decode())
    assert "no verdict" in page.visible
    assert page.by_id("op1")
