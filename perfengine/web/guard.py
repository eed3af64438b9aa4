"""Which requests are answered at all, and what is told the browser beside the answer.

The server is for people on this machine. Any page of the web may have their browser ask it something: by address, or
under a name of its own that it makes point here (DNS rebinding). Neither may learn anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: With every answer.
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def refusal(headers: Mapping[str, str], port: int) -> str | None:
    """Return why a request is not answered; None where it may be.

    `headers` by their names in lower case. A browser that is new enough says who made it ask (Fetch metadata):
    another site may send a reader here by a link, and may load nothing.
    """
    host = headers.get("host", "")
    if host not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
        return f"this server is 127.0.0.1:{port}, and the request was for another"
    foreign = headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}
    if foreign and headers.get("sec-fetch-mode") != "navigate":
        return "another site asked"
    return None
