"""Durations as PostgreSQL's settings write them."""

from __future__ import annotations

import pytest

from perfengine.database.connect import SessionSettings
from perfengine.database.setting_time import NEVER_NS, setting_ns
from perfengine.units import NS_PER_MS, NS_PER_S


@pytest.mark.parametrize(
    ("text", "value_ns"),
    [
        ("1500", 1500 * NS_PER_MS),
        (" 30s ", 30 * NS_PER_S),
        ("1.5 min", 90 * NS_PER_S),
        ("250us", 250_000),
        ("2h", 7200 * NS_PER_S),
        ("0", NEVER_NS),
        ("90d", NEVER_NS),
        ("", None),
        ("soon", None),
        ("30 s s", None),
        ("-1", None),
    ],
)
def test_a_timeout_is_read_as_the_server_reads_it(text: str, value_ns: int | None) -> None:
    """Without a unit it is in milliseconds, and 0 switches it off."""
    assert setting_ns(text) == value_ns


def test_who_waits_longer_is_waited_for_longer() -> None:
    """An answer may come as late as the workload lets a statement take; a pooler's session was not told."""
    own = {"statement_timeout": "5min"}
    assert SessionSettings(run_id="x", own=own).answer_timeout_s > 300
    assert SessionSettings(run_id="x", own=own, pooled=True).answer_timeout_s < 60
    assert SessionSettings(run_id="x", own={"statement_timeout": "odd"}).answer_timeout_s < 60
