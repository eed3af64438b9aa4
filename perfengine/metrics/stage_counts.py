"""What was due in one stage of a load shape, in the interval."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfengine.metrics.counts import Counts
from perfengine.model.measurement import StageMeasurement


@dataclass(slots=True)
class StageCounts:
    """Growing counts of one stage."""

    ok: Counts = field(default_factory=Counts)
    bad: int = 0
    dropped: int = 0

    def take(self) -> StageMeasurement:
        """Return what was counted since the last call, and start over."""
        response = self.ok.take()
        taken = StageMeasurement(
            ok=response.moments.count, bad=self.bad, dropped=self.dropped, response=response
        )
        self.bad = self.dropped = 0
        return taken
