"""What Linux counts for the whole machine: its processors and its network interfaces."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

#: How the kernel counts processor time.
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_LOOPBACK: Final = "lo"
#: Where the counters of sent bytes stand in a line of net/dev, after those of received bytes.
_SENT: Final = 8


def processor_times(proc: Path) -> dict[str, float]:
    """Return the seconds that all processors together were busy, idle for a disk, and taken by the hypervisor."""
    words = (proc / "stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, iowait, irq, softirq, steal = (int(word) / TICKS_PER_S for word in words[:8])
    return {
        "machine_busy_s": user + nice + system + irq + softirq,
        "machine_iowait_s": iowait,
        "machine_steal_s": steal,
    }


def network_bytes(proc: Path, *, loopback: bool) -> float:
    """Return the bytes that have passed the loopback interface, or all others, sent and received.

    What passes the loopback is sent and received here: it counts once.
    """
    total = 0
    for line in (proc / "net" / "dev").read_text().splitlines()[2:]:
        name, _, counters = line.partition(":")
        numbers = [int(word) for word in counters.split()]
        if (name.strip() == _LOOPBACK) is loopback:
            total += numbers[_SENT] if loopback else numbers[0] + numbers[_SENT]
    return float(total)
