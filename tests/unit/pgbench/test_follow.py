"""What is followed command by command: how long a pause is that a variable says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.pgbench.follow import _whole
from perfengine.pgbench.values import ScriptError

if TYPE_CHECKING:
    from perfengine.model.pgbench import Value


@pytest.mark.parametrize(
    ("value", "number"),
    [(5, 5), (2.75, 2), (" -7", -7), ("+3ms", 3), ("5-3", 5), ("1e9", 1), ("12:30", 12)],
)
def test_a_pause_is_the_number_that_a_text_begins_with(value: Value, number: int) -> None:
    """As C's `atoi` reads it; `5-3` was none."""
    assert _whole(value, "script.sql:1:1") == number


@pytest.mark.parametrize("value", ["", "soon", "-", True, None])
def test_a_text_that_begins_with_no_number_is_no_pause(value: Value) -> None:
    """It is said where it stands."""
    with pytest.raises(ScriptError, match=r"script.sql:1:1: \\sleep: .* is no number"):
        _whole(value, "script.sql:1:1")
