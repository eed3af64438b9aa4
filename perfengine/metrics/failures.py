"""How many different failures are kept by their text: a server that puts a number into each would fill the memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.outcome import Failure

#: Distinct failures kept by text; the rest are counted under their class alone.
MAX_DISTINCT_FAILURES = 200


def without_text(failure: Failure) -> Failure:
    """Return the failure as it is counted when there are too many texts."""
    return replace(failure, message="(further texts)", constraint=None)


def add_failures(left: Mapping[Failure, int], right: Mapping[Failure, int]) -> dict[Failure, int]:
    """Return both counts together, with no more than `MAX_DISTINCT_FAILURES` texts."""
    both = dict(left)
    for failure, count in right.items():
        kept = failure
        if kept not in both and len(both) >= MAX_DISTINCT_FAILURES:
            kept = without_text(failure)
        both[kept] = both.get(kept, 0) + count
    return both
