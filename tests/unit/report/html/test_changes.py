"""The comparison with the baseline on the page."""

from __future__ import annotations

import json

import pytest

from perfengine.report.comparison_json import render_comparison_json
from perfengine.report.html.changes import comparison_of
from perfengine.report.html.headline import summary_of
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


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"fails": True, "judged": True, "open": True}, "Worse than the baseline."),
        (
            {"fails": False, "judged": False, "open": True},
            "Whether it is worse than the baseline, nobody can tell.",
        ),
        (
            {"fails": False, "judged": True, "open": True},
            "No worse than the baseline, as far as that can be told.",
        ),
        ({"fails": False, "judged": True, "open": False}, "No worse than the baseline."),
        ({"fails": False}, "No worse than the baseline."),
    ],
)
def test_the_headline_says_what_can_be_told(said: dict[str, bool], sentence: str) -> None:
    """A comparison that gave no answer at all was called no worse."""
    assert summary_of({"comparison": said}, {}).endswith(f" {sentence}")
