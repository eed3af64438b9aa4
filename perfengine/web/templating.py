"""Pages from templates: our own, and the parts that the report is made of."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from perfengine.report.html.page_words import page_words, without_unseen
from perfengine.report.html.templates import environment_of

if TYPE_CHECKING:
    from jinja2 import Environment


def page(template: str, **values: object) -> bytes:
    """Return a page; every value is put into it as text."""
    text = _environment().get_template(template).render(**page_words(), **values)
    return without_unseen(text).encode()


@cache
def _environment() -> Environment:
    return environment_of(_source)


def _source(name: str) -> str | None:
    for room in ("perfengine.web", "perfengine.report.html"):
        found = files(room).joinpath("templates", name)
        if found.is_file():
            return found.read_text(encoding="utf-8")
    return None
