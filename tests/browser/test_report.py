"""The report, as a reader opens it: from the disk, with nothing else to load."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from perfengine.engine.html_report import html_of
from perfengine.metrics.hdr_codec import encode
from perfengine.report.result_json import result_document
from tests.browser.chromium import POSIX
from tests.browser.sound import SOME_LOOKS, WIDTHS, accessible, painted, silent
from tests.long_documents import make_long_document
from tests.stability_results import make_promised_run
from tests.stored_results import make_compared_run, make_watched_over_time_run
from tests.unit.report.hostile import make_hostile_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from perfengine.model.result import RunResult
    from tests.browser.chromium import Chromium

#: From opening the report of an hour to all charts on the screen a second may pass; here others are at work, too.
MOST_MS = 2000
#: What a name must not be able to do: end the script that holds it, be markup, be a link that runs.
HOSTILE = (
    "</script><script>globalThis.hacked = 1</script> "
    "<img src=x onerror='globalThis.hacked = 1'> "
    "\"><svg onload='globalThis.hacked = 1'> "
    "{{ 7 * 7 }} ${globalThis.hacked = 1} </title><script>globalThis.hacked = 1</script>"
)


def _url(folder: Path, document: Mapping[str, Any]) -> str:
    path = folder / "report.html"
    path.write_bytes(html_of(document))
    return path.as_uri()


def _document(result: RunResult) -> dict[str, Any]:
    return json.loads(json.dumps(result_document(result, encode)))  # type: ignore[no-any-return] # it is an object


def test_the_report_of_a_mix_is_sound(browser: Chromium, tmp_path: Path) -> None:
    """It loads itself and nothing else; every chart is drawn, on a phone and on a desk, light and dark."""
    url = _url(tmp_path, make_long_document(operations=1, seconds=60))
    with browser.page(url, width=WIDTHS[0]) as page:
        painted(page)
        accessible(page)
        painted(page)
        silent(page)
        assert page.heard().requests == [url]
        assert page.evaluate("document.querySelectorAll('[data-chart]').length") == len(page.canvases())


@pytest.mark.parametrize("make", [make_compared_run, make_promised_run, make_watched_over_time_run])
def test_whatever_a_run_had_is_accessible(
    browser: Chromium, tmp_path: Path, make: Callable[[], RunResult]
) -> None:
    """A comparison, budgets, repeats, heat maps."""
    with browser.page(_url(tmp_path, _document(make()))) as page:
        accessible(page, SOME_LOOKS)
        silent(page)


def test_a_hostile_name_is_text(browser: Chromium, tmp_path: Path) -> None:
    """Of a scenario, an operation, a limit, a note, a setting: it stands there, and nothing comes of it."""
    with browser.page(_url(tmp_path, _document(make_hostile_run(HOSTILE)))) as page:
        silent(page)
        assert page.evaluate("typeof globalThis.hacked") == "undefined"
        assert page.evaluate(f"document.body.textContent.includes({json.dumps(HOSTILE)})")
        assert page.evaluate("document.querySelectorAll('img, main script').length") == 0


def test_a_hostile_operation_does_not_break_its_charts(browser: Chromium, tmp_path: Path) -> None:
    """The name stands in the data of the charts, too."""
    document = make_long_document(operations=1, seconds=60)
    hostile = json.loads(json.dumps(document).replace("operation_01", json.dumps(HOSTILE)[1:-1]))
    with browser.page(_url(tmp_path, hostile)) as page:
        painted(page)
        silent(page)
        assert page.evaluate("typeof globalThis.hacked") == "undefined"


def test_a_posix_locale_does_not_keep_charts_from_being_drawn(browser: Chromium, tmp_path: Path) -> None:
    """A language that the browser does not know makes `Intl` throw."""
    url = _url(tmp_path, make_long_document(operations=1, seconds=60))
    with browser.page(url, language=POSIX) as page:
        painted(page)
        silent(page)


def test_without_script_the_tables_are_there(browser: Chromium, tmp_path: Path) -> None:
    """And a word that says why there are no pictures."""
    url = _url(tmp_path, make_long_document(operations=1, seconds=60))
    with browser.page(url, script=False) as page:
        assert page.evaluate("document.querySelectorAll('canvas').length") == 0
        assert page.evaluate("document.querySelector('noscript').offsetHeight > 0")
        cells = page.evaluate(
            "[...document.querySelectorAll('#operations td')].map(cell => cell.textContent)"
        )
        assert any(cell.strip().replace(".", "").isdigit() for cell in cells)


def test_the_report_of_an_hour_opens_at_once(
    browser: Chromium, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twenty operations under load for an hour: the time from navigation to the frame with all charts drawn.

    The best of three profiles, for the machine may stall.
    """
    url = _url(tmp_path, make_long_document())
    times_ms = []
    for _ in range(3):
        with browser.page(url) as page:
            times_ms.append(page.painted_after_ms())
            charts = page.evaluate("document.querySelectorAll('[data-chart]').length")
            size_kb = page.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize") / 1000
            silent(page)
    took_ms = min(times_ms)
    with capsys.disabled():
        sys.stdout.write(
            f"\nreport of an hour, 20 operations: {charts} charts, {size_kb:.0f} kB, painted in {took_ms:.0f} ms\n"
        )
    assert charts >= 20
    assert took_ms < MOST_MS
