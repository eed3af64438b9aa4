"""What a route gives: a whole body, or a stream of events. And what a route is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

#: For pages that load their script and style from this server, and nothing else.
OWN_ASSETS_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: For a page that carries a stricter policy of its own, with the hashes of its scripts.
CARRIES_ITS_OWN = "frame-ancestors 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body that is known whole."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    policy: str = OWN_ASSETS_ONLY  #: the content security policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Server-sent events, each as it comes; the connection ends with them."""

    events: Iterator[bytes]


#: The parts of the query to the answer. Raises: NotThere.
Route = Callable[[Mapping[str, str]], Answer | Stream]


class NotThere(Exception):  # noqa: N818 - named as what is said of it
    """What a request names is not to be had; the text is for the reader of the page."""


def event(name: str, data: object) -> bytes:
    """Return a server-sent event whose data is one line of JSON."""
    return f"event: {name}\ndata: {json.dumps(data, allow_nan=False)}\n\n".encode("ascii")


#: Said while nothing happens, so that a reader who is gone is noticed.
STILL_HERE = b": still here\n\n"
