"""That what the other tests look with can see: each look is shown a page with that fault, and one without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import POSIX, REQUIRED, absent
from tests.browser.sound import accessible, painted, silent

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.chromium import Chromium

_HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>a page</title><main><h1>A page</h1>'
_DRAW = "const ink = document.querySelector('canvas').getContext('2d'); ink.fillRect(0, 0, 100, 50)"
_GOOD = (
    f"{_HEAD}<canvas width=200 height=100 role=img aria-label=chart></canvas><script>{_DRAW}</script></main>"
)


def _url(folder: Path, html: str) -> str:
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    return path.as_uri()


def test_a_sound_page_passes(browser: Chromium, tmp_path: Path) -> None:
    """One request, no word, a chart with ink on a quarter of it, no violation, nothing sideways."""
    url = _url(tmp_path, _GOOD)
    with browser.page(url) as page:
        assert page.painted_after_ms() > 0
        accessible(page)
        painted(page)
        silent(page)
        assert page.heard().requests == [url]
        assert [canvas.share for canvas in page.canvases()] == [pytest.approx(0.25)]


def test_noise_is_heard(browser: Chromium, tmp_path: Path) -> None:
    """Requests, words in the console, exceptions and dialogs."""
    noise = "<script>console.log('a word'); alert(1); throw Error('a fault')</script><script src='gone.js'></script>"
    with browser.page(_url(tmp_path, _HEAD + noise)) as page:
        heard = page.heard()
    assert [url.rsplit("/", 1)[1] for url in heard.requests] == ["page.html", "gone.js"]
    assert "log: a word" in heard.console
    assert heard.errors == ["Error: a fault"]
    assert heard.dialogs == 1


def test_an_empty_chart_is_seen(browser: Chromium, tmp_path: Path) -> None:
    """A canvas that nobody drew on."""
    with browser.page(_url(tmp_path, _GOOD.replace(_DRAW, ""))) as page, pytest.raises(AssertionError):
        painted(page)


@pytest.mark.parametrize(
    "fault",
    [
        "<div style='width: 500px'>wide</div>",
        "<p style='color: #999'>pale</p>",
        "<style>@media (prefers-color-scheme: dark) {p {color: #333; background: #000}}</style><p>dark on dark</p>",
    ],
    ids=["wide", "pale", "dark"],
)
def test_what_a_reader_stumbles_over_is_seen(browser: Chromium, tmp_path: Path, fault: str) -> None:
    """What sticks out of a phone, too little contrast, and too little contrast in the dark alone."""
    with browser.page(_url(tmp_path, _HEAD + fault)) as page, pytest.raises(AssertionError):
        accessible(page)


def test_a_strict_content_policy_stops_no_look(browser: Chromium, tmp_path: Path) -> None:
    """Nor does axe under it make the page speak."""
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    with browser.page(_url(tmp_path, _HEAD.replace("<title>", f"{policy}<title>"))) as page:
        accessible(page)
        silent(page)


def test_a_posix_locale_is_one_that_intl_throws_at(browser: Chromium, tmp_path: Path) -> None:
    """As in a headless shell on servers; a page that is told nothing has a language that it knows."""
    throws = (
        "(() => { try { new Intl.NumberFormat(navigator.language); return false } catch { return true } })()"
    )
    url = _url(tmp_path, _GOOD)
    with browser.page(url, language=POSIX) as posix, browser.page(url) as english:
        assert posix.evaluate(throws)
        assert not english.evaluate(throws)


def test_a_required_browser_that_is_absent_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is a skip that says why where nobody required it."""
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match=r"no node, and PERFENGINE_REQUIRE_BROWSER=1"):
        absent("no node")
    monkeypatch.delenv(REQUIRED)
    with pytest.raises(pytest.skip.Exception, match="no node"):
        absent("no node")
