"""perfengine's own word is held against its progress and against the server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.arms.arm import BenchmarkError
from benchmarks.arms.perfengine_result import Result, read_result, verify


def entry(ok: int, *, warmup: int = 300, unfinished: int = 0, **bad: int) -> dict[str, Any]:
    """Return an operation as it stands in a result."""
    outcomes = dict.fromkeys(("refused", "error", "timeout", "starved", "dropped"), 0) | bad
    return {
        "outcomes": {"ok": ok, "unfinished": unfinished, **outcomes},
        "warmup": {"attempts": warmup, "failures": 0},
    }


def test_a_result_is_read_from_its_text() -> None:
    """The operations, by name."""
    text = json.dumps({"failed_operations": {}, "results": {"a": entry(5), "b": entry(7, unfinished=2)}})
    result = read_result(text)
    assert (result.ok, result.bad, result.sent) == (12, 0, (612, 614))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "wrote no result"),
        ("{}", "wrote no result"),
        ('{"failed_operations": {"a": {}}, "results": {}}', "without an ok attempt"),
        ('{"failed_operations": {}, "results": {}}', "without an ok attempt"),
    ],
)
def test_what_is_no_result_is_refused(text: str, said: str) -> None:
    """A run that broke off, or did nothing, has no figures."""
    with pytest.raises(BenchmarkError, match=said):
        read_result(text)


@pytest.mark.parametrize("committed", [10_300, 10_302, 11_000])
def test_a_result_that_the_server_bears_out_stands(committed: int) -> None:
    """What was cut off may have been committed, and others commit now and then."""
    verify(Result(operations={"a": entry(10_000, unfinished=2)}), seen=9_000, committed=committed)


@pytest.mark.parametrize(
    ("operation", "seen", "committed", "said"),
    [
        (entry(10_000), 10_001, 10_300, "its progress 10001"),
        (entry(10_000), 9_000, 10_299, "server has committed 10299"),
        (entry(10_000), 9_000, 11_500, "server has committed 11500"),
        (entry(10_000, error=1), 9_000, 10_300, "1 attempts of perfengine were not ok"),
        (entry(10_000, dropped=3), 9_000, 10_300, "3 attempts of perfengine were not ok"),
    ],
)
def test_a_result_that_does_not_add_up_is_refused(
    operation: dict[str, Any], seen: float, committed: int, said: str
) -> None:
    """Fewer than progress has shown, more than the server did, fewer than it did, or not all ok."""
    with pytest.raises(BenchmarkError, match=said):
        verify(Result(operations={"a": operation}), seen, committed)
