"""No relative link of a page leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    """The file is there, and the heading is in it."""
    broken = []
    for file, anchor in links(page):
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{file}#{anchor}" if anchor else file)
    assert broken == []


@pytest.mark.parametrize("room", ["tutorial.md", "how-to", "reference", "explanation"])
def test_every_page_for_users_can_be_reached_from_the_readme(room: str) -> None:
    """README.md lists them all."""
    listed = {(ROOT / file).resolve() for file, _ in links(ROOT / "README.md")}
    place = DOCS / room
    pages = [place] if place.is_file() else list(place.rglob("*.md"))
    assert [page.name for page in pages if page not in listed] == []


def test_every_decision_is_listed() -> None:
    """In their README.md."""
    index = DOCS / "decisions" / "README.md"
    listed = {file for file, _ in links(index)}
    assert {page.name for page in index.parent.glob("0*.md")} == listed
