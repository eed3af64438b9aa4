"""The history, as somebody walks through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.web.history_pages import history_routes
from perfengine.web.server import serving
from tests.browser.sound import REPORT_IS_LOADED, SOME_LOOKS, accessible, painted, silent
from tests.browser.test_report import HOSTILE
from tests.shown_runs import keep_two_runs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.chromium import Chromium


def test_from_the_list_to_a_report_and_to_two_runs(browser: Chromium, tmp_path: Path) -> None:
    """By a link, and by the form; everything comes from this server, and nothing is said or raised on the way."""
    keep_two_runs(tmp_path, operation=HOSTILE)
    with serving(0, history_routes(tmp_path)) as server, browser.page(server.address) as page:
        accessible(page, SOME_LOOKS)
        page.evaluate("document.querySelector('button').click()")
        page.wait_for("document.querySelectorAll('main canvas').length > 0")
        painted(page)
        accessible(page, SOME_LOOKS)
        assert page.evaluate("typeof globalThis.hacked") == "undefined"
        page.evaluate("document.querySelector('a[href^=\"/run\"]').click()")
        page.wait_for(REPORT_IS_LOADED)
        painted(page)
        silent(page)
        assert {url[: len(server.address)] for url in page.heard().requests} == {server.address}
