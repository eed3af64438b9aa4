"""What is asked of every page that perfengine makes, whoever's data is on it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.browser.chromium import Page

#: A phone and a desk.
WIDTHS = (360, 1400)
SCHEMES = ("light", "dark")
ALL_LOOKS = tuple(product(WIDTHS, SCHEMES))
#: Each width and each scheme once: for a page whose like is looked at in full.
SOME_LOOKS = tuple(zip(WIDTHS, SCHEMES, strict=True))
#: True in a report, when its scripts have run.
REPORT_IS_LOADED = (
    "document.readyState === 'complete'"
    " && document.querySelector('.over')?.textContent === 'Performance report'"
)
#: Of a canvas; axes alone are less.
LEAST_INK = 0.02


def silent(page: Page) -> None:
    """Assert that a page said nothing in the console, raised nothing and opened no dialog."""
    heard = page.heard()
    said = [*heard.console, *heard.errors, *["a dialog"] * heard.dialogs]
    assert not said, said


def painted(page: Page) -> None:
    """Assert that there are charts, and that every one is drawn."""
    canvases = page.canvases()
    assert canvases, "no chart"
    empty = [canvas for canvas in canvases if canvas.share < LEAST_INK]
    assert not empty, empty


def accessible(page: Page, looks: Sequence[tuple[int, str]] = ALL_LOOKS) -> None:
    """Assert that axe finds nothing and nothing sticks out, on a phone and on a desk, in either scheme."""
    for width, scheme in looks:
        page.resize(width)
        page.scheme(scheme)
        outside = page.sideways()
        assert not outside, f"{width}: {outside}"
        found = page.axe()
        assert not found, "\n".join([f"{width}, {scheme}:", *found])
