"""An HTML page as a reader without a browser sees it: elements, texts, scripts, and its outline."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

_VOID: Final = {"meta", "link", "line", "rect", "br"}
#: Elements that have no end tag: what begins after them ends them.
_ENDED_BY: Final = {
    **dict.fromkeys(("th", "td"), ("th", "td")),
    "tr": ("th", "td", "tr"),
    "tbody": ("th", "td", "tr", "thead"),
}
_HEADINGS: Final = {"h1": "", "h2": "  ", "h3": "    ", "h4": "      "}


@dataclass(slots=True)
class Element:
    """A start tag with its attributes, and the text in it up to the next one that ends."""

    tag: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)


@dataclass(slots=True)
class Page(HTMLParser):
    """A page that was read."""

    elements: list[Element] = field(default_factory=list)
    outline: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        while self._open and self._open[-1].tag in _ENDED_BY.get(tag, ()):
            self._open.pop()
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that need no end."""
        while any(element.tag == tag for element in self._open):
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Note a text with every element that it is in."""
        for element in self._open:
            element.pieces.append(data)

    def of(self, tag: str) -> list[Element]:
        """Return all elements of a tag."""
        return [element for element in self.elements if element.tag == tag]

    def by_id(self, name: str) -> Element | None:
        """Return the element of that id."""
        return next((one for one in self.elements if one.attributes.get("id") == name), None)

    def data(self, name: str = "data") -> Any:
        """Return what a script of JSON holds; None where there is none."""
        element = self.by_id(name)
        return json.loads(element.text) if element else None

    @property
    def visible(self) -> str:
        """What is read: the text of the body outside of scripts."""
        hidden = {"script", "style", "title"}
        body = next(element for element in self.elements if element.tag == "body")
        text = body.text
        for element in self.elements:
            if element.tag in hidden:
                text = text.replace(element.text, " ")
        return " ".join(text.split())


def read_page(text: str) -> Page:
    """Return a page as it was read."""
    page = Page()
    page.feed(text)
    page.close()
    return page


def outline_of(page: Page) -> str:
    """Return headings, tables with their heads and numbers of rows, charts with their text alternatives."""
    lines = []
    for place, element in enumerate(page.elements):
        if element.tag in _HEADINGS:
            lines.append(f"{_HEADINGS[element.tag]}{element.tag} {' '.join(element.text.split())}")
        elif element.tag == "table":
            lines.append(f"        table: {_table(page.elements[place + 1 :])}")
        elif "data-chart" in element.attributes:
            lines.append(
                f"        chart {element.attributes['data-chart']}: {element.attributes['aria-label']}"
            )
    return "\n".join(lines).replace("\u00a0", " ") + "\n"


def _table(after: list[Element]) -> str:
    heads, rows = [], 0
    for element in after:
        if element.tag == "table":
            break
        if element.tag == "th" and element.attributes.get("scope") == "col":
            heads.append(" ".join(element.text.split()))
        rows += element.tag == "tr"
    return f"{rows - 1} rows of {' | '.join(heads)}"
