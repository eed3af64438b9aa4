"""What was read at one instant: counters and gauges as they stand, and why something could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Source(StrEnum):
    """Where a figure is read; what is missing is missing for a whole source."""

    SESSIONS = "sessions"  #: pg_stat_activity, pg_locks
    STATISTICS = "statistics"  #: the server's cumulative statistics
    PROCESSES = "processes"  #: the server's processes, in the local process table
    DISK = "disk"  #: what the kernel read and wrote for them
    SPACE = "space"  #: how full the disk is that their files lie on
    MACHINE = "machine"  #: the processors of this machine
    NETWORK = "network"  #: its network interfaces
    GENERATOR = "generator"  #: perfengine's own processes


#: What the extra connection is asked for.
ASKED_OF_SERVER = (Source.SESSIONS, Source.STATISTICS)
#: What the process table of this machine says.
READ_LOCALLY = (Source.PROCESSES, Source.DISK, Source.SPACE, Source.MACHINE, Source.NETWORK, Source.GENERATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Values by name, with the instant they are true of."""

    at_ns: int
    values: Mapping[str, float | None] = field(default_factory=dict)
    reasons: Mapping[Source, str] = field(default_factory=dict)  #: why a source gave nothing
