"""The pictures of the documentation: `make screenshots`. What they show is made up from one seed."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.engine.html_report import html_of
from perfengine.web.dashboard import dashboard
from tests.browser.chromium import chromium
from tests.browser.sound import SCHEMES
from tests.live_states import make_snapshot
from tests.long_documents import make_long_document
from tests.shown_runs import tell_beginning

if TYPE_CHECKING:
    from tests.browser.chromium import Chromium

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
_NAMES: Final = {"operation_01": "order_query", "operation_02": "single_order_confirm"}
_WIDTH, _HEIGHT = 1200, 1100
#: What the dashboard shows: operations of a mix, and how long they have been loaded.
_LOADED: Final = ("order_query", "single_order_confirm", "order_create")
_SECONDS: Final = 150


def take_report(browser: Chromium, folder: Path) -> None:
    """Write the report of ten minutes, light and dark."""
    text = json.dumps(make_long_document(operations=2, seconds=600))
    for made_up, name in _NAMES.items():
        text = text.replace(made_up, name)
    path = folder / "report.html"
    path.write_bytes(html_of(json.loads(text)))
    for scheme in SCHEMES:
        with browser.page(path.as_uri(), width=_WIDTH, height=_HEIGHT, scheme=scheme) as page:
            page.canvases()
            page.evaluate("document.querySelector('#operations').scrollIntoView()")
            page.screenshot(IMAGES / f"report-{scheme}.png")


def take_dashboard(browser: Chromium) -> None:
    """Write the dashboard in the middle of a run."""
    random, second = np.random.default_rng(7), 0
    with (
        dashboard(0, now_s=lambda: float(second)) as (shown, address),
        browser.page(address, width=_WIDTH, height=_HEIGHT) as page,
    ):
        tell_beginning(shown, operations=_LOADED, duration_s=2 * _SECONDS)
        totals = 0
        for second in range(1, _SECONDS + 1):
            count = int(random.poisson(6))
            totals += count
            drawn = {name: _latencies(random, count, slow=90 < second < 100) for name in _LOADED}
            shown(make_snapshot(second, drawn, ok=totals, bad=second // 30, lag_ns=[50_000], connections=20))
        page.wait_for(f"document.querySelector('#operations td')?.textContent === '{totals}'")
        page.screenshot(IMAGES / "dashboard.png")


def _latencies(random: np.random.Generator, count: int, *, slow: bool) -> list[int]:
    return [int(value) for value in random.lognormal(np.log(12e6 if slow else 2e6), 0.45, count)]


def main() -> None:
    """Take all of them."""
    IMAGES.mkdir(exist_ok=True)
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        take_report(browser, Path(folder))
        take_dashboard(browser)


if __name__ == "__main__":
    main()
