"""Who is answered."""

from __future__ import annotations

import pytest

from perfengine.web.guard import refusal

_PORT = 8089


@pytest.mark.parametrize("host", ["127.0.0.1:8089", "localhost:8089"])
def test_who_asks_this_machine_by_its_name_is_answered(host: str) -> None:
    """From the address line, curl, or the page itself."""
    assert refusal({"host": host}, _PORT) is None
    assert refusal({"host": host, "sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, _PORT) is None
    assert refusal({"host": host, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, _PORT) is None


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8089", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8089.evil"]
)
def test_a_name_that_was_made_to_point_here_is_refused(host: str) -> None:
    """DNS rebinding: the browser takes it for the other site's own server, and lets its script read."""
    assert refusal({"host": host}, _PORT) == "this server is 127.0.0.1:8089, and the request was for another"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_link_here_and_load_nothing(site: str) -> None:
    """Another port of this machine is another site's too."""
    asked = {"host": "127.0.0.1:8089", "sec-fetch-site": site}
    assert refusal({**asked, "sec-fetch-mode": "navigate"}, _PORT) is None
    assert refusal({**asked, "sec-fetch-mode": "no-cors"}, _PORT) == "another site asked"
