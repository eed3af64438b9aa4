"""The comparison with the baseline on the page."""

from __future__ import annotations

import json

from perfengine.report.comparison_json import render_comparison_json
from perfengine.report.html.changes import comparison_of
from tests.unit.report.test_comparison import OPEN, PLAIN, SLOWER, make_comparison


def test_what_the_tolerance_alone_decides_is_seen_as_worse() -> None:
    """A run that failed for it was red on top, and the row was as grey as any that is open."""
    document = json.loads(render_comparison_json(make_comparison(SLOWER, OPEN, PLAIN)))
    found = comparison_of({"comparison": document})
    assert found is not None
    means = {change.operation: change for change in found.changes if change.metric == "mean"}
    assert {name: change.tone for name, change in means.items()} == {
        "order_create": "worse",
        "bulk_order_update": "open",
        "order_ship": "worse",
    }
    assert means["order_ship"].note.startswith("beyond the tolerance, unconfirmed; the baseline does not say")
