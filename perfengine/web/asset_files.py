"""The files that pages load: those of the report, and our own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from perfengine.web.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.web.answer import Route

_JS: Final = "text/javascript; charset=utf-8"
_CSS: Final = "text/css; charset=utf-8"
_OF_THE_REPORT: Final = {
    "guard.js": _JS,
    "uPlot.iife.min.js": _JS,
    "report.js": _JS,
    "uPlot.min.css": _CSS,
    "report.css": _CSS,
}
_OURS: Final = {"live.js": _JS, "live.css": _CSS}


def asset_routes() -> Mapping[str, Route]:
    """Return what is served below /assets/."""
    report = {name: ("perfengine.report.html", kind) for name, kind in _OF_THE_REPORT.items()}
    ours = {name: ("perfengine.web", kind) for name, kind in _OURS.items()}
    return {f"/assets/{name}": _giving(room, name, kind) for name, (room, kind) in {**report, **ours}.items()}


def page_asset(name: str) -> bytes:
    """Return a page that is the same for every run."""
    return _read("perfengine.web", name)


def _giving(room: str, name: str, kind: str) -> Route:
    return lambda _: Answer(body=_read(room, name), content_type=kind)


@cache
def _read(room: str, name: str) -> bytes:
    return files(room).joinpath("assets", name).read_bytes()
