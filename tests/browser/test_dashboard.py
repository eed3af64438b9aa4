"""The dashboard, as somebody watches a run with it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING

from perfengine.engine.html_report import html_of
from perfengine.web.dashboard import Dashboard, dashboard
from perfengine.web.server import serving
from tests.browser.chromium import POSIX
from tests.browser.sound import REPORT_IS_LOADED, accessible, painted, silent
from tests.browser.test_report import HOSTILE
from tests.long_documents import make_long_document
from tests.shown_runs import tell_beginning, tell_second

if TYPE_CHECKING:
    from tests.browser.chromium import Chromium


def test_a_page_follows_its_run_and_ends_with_the_report(browser: Chromium) -> None:
    """Figures and charts move while it goes on; all that is loaded comes from the run; nothing is said or raised."""
    document, seconds = make_long_document(operations=1, seconds=60), count()
    with (
        dashboard(0, now_s=lambda: float(next(seconds))) as (shown, address),
        browser.page(address, language=POSIX) as page,
    ):
        tell_beginning(shown)
        page.wait_for("document.querySelector('h1').textContent === 'order'")
        for second in range(1, 20):
            tell_second(shown, second)
        page.wait_for("document.querySelector('#operations td')?.textContent === '57'")
        painted(page)
        page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")
        accessible(page)
        tell_second(shown, 20)
        page.wait_for("document.querySelector('#operations td')?.textContent === '60'")
        painted(page)
        assert "achieved 3/s, asked 20/s" in page.evaluate("document.querySelector('.plot').ariaLabel")
        silent(page)
        assert {url[: len(address)] for url in page.heard().requests} == {address}
        shown.end(html_of(document))
        page.wait_for(REPORT_IS_LOADED)
        painted(page)
        silent(page)
        assert {url[: len(address)] for url in page.heard().requests} == {address}


def test_a_hostile_name_is_text(browser: Chromium) -> None:
    """Of a scenario, a server, a note, an operation, what a server says."""
    with dashboard(0) as (shown, address), browser.page(address) as page:
        tell_beginning(shown, name=HOSTILE, operations=(HOSTILE,))
        tell_second(shown, 1, operation=HOSTILE)
        page.wait_for(
            f"document.querySelector('#operations th[scope=row]')?.textContent === {json.dumps(HOSTILE)}"
        )
        assert page.evaluate(f"document.querySelector('h1').textContent === {json.dumps(HOSTILE)}")
        assert page.evaluate("document.querySelectorAll('img, svg, main script').length") == 0
        assert page.evaluate("typeof globalThis.hacked") == "undefined"
        silent(page)


def test_a_run_that_fails_says_so(browser: Chromium) -> None:
    """The page stays, with what was told."""
    with dashboard(0) as (shown, address), browser.page(address) as page:
        tell_beginning(shown)
        shown.end(None)
        page.wait_for("document.querySelector('#phase').textContent === 'the run is over'")
        silent(page)


def test_a_run_that_is_gone_is_not_shown_as_if_it_went_on(browser: Chromium) -> None:
    """As when its process was killed: the connection ends and nothing answers."""
    shown = Dashboard()
    with ExitStack() as opened:
        with serving(0, shown.routes(), drain_s=0) as server:
            page = opened.enter_context(browser.page(server.address))
            tell_beginning(shown)
            page.wait_for("document.querySelector('#phase').textContent.startsWith('measure')")
        page.wait_for("document.querySelector('#phase').textContent === 'no answer'")
        assert page.heard().errors == []
