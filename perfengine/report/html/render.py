"""The page as text: one file that loads nothing and runs nothing but its own scripts."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from perfengine.report.html.options import HtmlOptions
from perfengine.report.html.page import page_of
from perfengine.report.html.page_words import page_words, without_unseen
from perfengine.report.html.payload import payload_of
from perfengine.report.html.templates import environment_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from jinja2 import Environment

    from perfengine.model.trend import TrendSeries
    from perfengine.report.html.read import Decode, Entry

_SCRIPTS: Final = ("guard.js", "uPlot.iife.min.js", "report.js")
_STYLES: Final = ("uPlot.min.css", "report.css")
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def render_html(
    document: Entry,
    decode: Decode,
    *,
    options: HtmlOptions | None = None,
    trends: Sequence[TrendSeries] = (),
    comparison: Entry | None = None,
) -> str:
    """Return the page of a result document.

    `decode` gives the counters of an encoded histogram. `comparison` is a comparison document that takes the place
    of the one in the result.
    """
    options = options or HtmlOptions()
    page = page_of(document, decode, options, trends, comparison)
    scripts = [_script(name) for name in _SCRIPTS] if page.charts else []
    style = "".join(_asset(name) for name in _STYLES)
    text = _environment().get_template("page.html.j2").render(
        page=page,
        policy=_policy(scripts, style),
        style=Markup(style),  # noqa: S704 - ours, to the letter
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - ours, to the letter
        data=script_json(payload_of(page.charts)),
        raw=script_json(document) if options.include_raw_data else "",
        **page_words(),
    )  # fmt: skip
    return without_unseen(text)


def script_json(value: object) -> Markup:
    """Return a value as JSON that ends no script element, whatever its texts say; pure ASCII."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return Markup(re.sub("[<>&]", lambda found: _ESCAPES[found[0]], text))  # noqa: S704 - escaped here


def _policy(scripts: Sequence[str], style: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _script(name: str) -> str:
    """Return a script; one of others with the licence that asks to be wherever it is."""
    own = _asset(name)
    return f"/*!\n{_asset('LICENSE.uplot')}*/\n{own}" if name.startswith("uPlot") else own


@cache
def _asset(name: str) -> str:
    return _here().joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    templates = _here().joinpath("templates")
    return environment_of(lambda name: templates.joinpath(name).read_text(encoding="utf-8"))


def _here() -> Traversable:
    return files("perfengine.report.html")
