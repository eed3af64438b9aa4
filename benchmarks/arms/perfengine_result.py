"""What perfengine says of itself in its JSON result, and whether the server bears it out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.arms.arm import BenchmarkError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What perfengine's own sessions, the harness and autovacuum may commit on top of the attempts.
_OTHERS_SHARE: Final = 0.01
_OTHERS: Final = 1_000
_BAD: Final = ("refused", "error", "timeout", "starved", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The operations of a result, by name, as they stand in the JSON."""

    operations: Mapping[str, Mapping[str, Any]]

    @property
    def ok(self) -> int:
        """Return how many attempts were ok."""
        return self._outcomes("ok")

    @property
    def bad(self) -> int:
        """Return how many were not, those that were dropped and those of the warm-up too."""
        return sum(map(self._outcomes, _BAD)) + self._warmup("failures")

    @property
    def sent(self) -> tuple[int, int]:
        """Return between which numbers the server has committed: an attempt that was cut off may have been."""
        least = self.ok + self._warmup("attempts") - self._warmup("failures")
        return least, least + self._outcomes("unfinished")

    def _outcomes(self, name: str) -> int:
        return sum(entry["outcomes"][name] for entry in self.operations.values())

    def _warmup(self, name: str) -> int:
        return sum(entry["warmup"][name] for entry in self.operations.values())


def read_result(text: str) -> Result:
    """Return the result. Raises: BenchmarkError when it is none, or an operation has no ok attempt."""
    try:
        document = json.loads(text)
        failed, operations = document["failed_operations"], document["results"]
    except (json.JSONDecodeError, KeyError) as error:
        raise BenchmarkError(f"perfengine wrote no result: {error!r}") from error
    if failed or not operations:
        raise BenchmarkError(f"operations without an ok attempt: {list(failed) or 'all'}")
    return Result(operations=operations)


def verify(result: Result, seen: float, committed: int) -> None:
    """Hold a result against the count in the last line of progress and against what the server has committed.

    Raises: BenchmarkError when they do not go together.
    """
    least, most = result.sent
    if result.bad:
        raise BenchmarkError(f"{result.bad} attempts of perfengine were not ok")
    if result.ok < seen:
        raise BenchmarkError(f"perfengine's result counts {result.ok} attempts, its progress {seen:.0f}")
    if not least <= committed <= most * (1 + _OTHERS_SHARE) + _OTHERS:
        raise BenchmarkError(f"perfengine counts {least} attempts, the server has committed {committed}")
