"""The last lines of the smaller benchmarks: what was observed, what is allowed, and the JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from benchmarks.machine import describe_machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.intervals import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A figure with its limits, two at most; the median is judged."""

    name: str
    unit: str
    spread: Spread
    at_most: float | None = None
    at_least: float | None = None
    decimals: int = 2

    @property
    def holds(self) -> bool:
        """Whether the median is on the right side of the limits."""
        low = -float("inf") if self.at_least is None else self.at_least
        high = float("inf") if self.at_most is None else self.at_most
        return low <= self.spread.median <= high

    def render(self) -> str:
        """Return the line for the terminal."""
        spread, digits = self.spread, self.decimals
        limits = ", ".join(
            f"{words} {limit:g}"
            for words, limit in (("at least", self.at_least), ("at most", self.at_most))
            if limit is not None
        )
        return (
            f"{'holds' if self.holds else 'MISSED':<6} {self.name}: {spread.median:.{digits}f} {self.unit} "
            f"[{spread.low:.{digits}f}, {spread.high:.{digits}f}], {spread.rounds} times, {limits or 'no limit'}"
        )


def conclude(observations: Sequence[Observation], output: Path | None, **details: object) -> int:
    """Print every observation, write the JSON where asked, return the exit code: 1 when a limit is missed.

    `details` go into the JSON as they are.
    """
    for observation in observations:
        print(observation.render())
    if output:
        entries = [asdict(observation) | {"holds": observation.holds} for observation in observations]
        document = {"machine": describe_machine(), "observations": entries, **details}
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(document, indent=2) + "\n")
    return 0 if all(observation.holds for observation in observations) else 1
