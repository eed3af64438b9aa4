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
    """A figure with its limit; the median is judged."""

    name: str
    unit: str
    spread: Spread
    limit: float
    floor: bool = False  #: True: at least the limit, False: at most
    decimals: int = 2

    @property
    def holds(self) -> bool:
        """Whether the median is on the right side of the limit."""
        return self.spread.median >= self.limit if self.floor else self.spread.median <= self.limit

    def render(self) -> str:
        """Return the line for the terminal."""
        spread, digits = self.spread, self.decimals
        return (
            f"{'holds' if self.holds else 'MISSED':<6} {self.name}: {spread.median:.{digits}f} {self.unit} "
            f"[{spread.low:.{digits}f}, {spread.high:.{digits}f}], {spread.rounds} times, "
            f"{'at least' if self.floor else 'at most'} {self.limit:g}"
        )


def conclude(observations: Sequence[Observation], output: Path | None) -> int:
    """Print every observation, write the JSON where asked, return the exit code: 1 when a limit is missed."""
    for observation in observations:
        print(observation.render())
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        entries = [asdict(observation) | {"holds": observation.holds} for observation in observations]
        output.write_text(
            json.dumps({"machine": describe_machine(), "observations": entries}, indent=2) + "\n"
        )
    return 0 if all(observation.holds for observation in observations) else 1
