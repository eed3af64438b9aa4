"""What a run does to others on the server at most, before it stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perfengine.units import NS_PER_S

GB: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyLimits:
    """Limits of `safety:`; beyond one of them a run on a server that is not embedded stops. None: not looked at."""

    blocked_others_ns: int | None = 2 * NS_PER_S  #: for which a session of others waits for a lock of the run
    replication_lag_ns: int | None = 30 * NS_PER_S  #: by which a standby fell behind since the run began
    replication_lag_bytes: int | None = GB  #: likewise, of a standby or a replication slot
    free_disk_share: float | None = (
        0.05  #: of the disk that the server's files lie on; of both the lesser counts
    )
    free_disk_bytes: int | None = 5 * GB

    @property
    def asks_nothing(self) -> bool:
        """Whether every limit is switched off."""
        return self == NO_LIMITS

    def least_free_bytes(self, disk_bytes: float) -> float | None:
        """Return how much of a disk of that size must stay free; None: none of it need."""
        share = None if self.free_disk_share is None else self.free_disk_share * disk_bytes
        asked = [each for each in (share, self.free_disk_bytes) if each is not None]
        return min(asked) if asked else None


NO_LIMITS: Final = SafetyLimits(
    blocked_others_ns=None,
    replication_lag_ns=None,
    replication_lag_bytes=None,
    free_disk_share=None,
    free_disk_bytes=None,
)
