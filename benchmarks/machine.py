"""What the figures were measured on; without it no figure is published."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def describe_machine() -> Mapping[str, str | int | float]:
    """Return processor, cores, memory, system and the load before the benchmark began."""
    return {
        "processor": _first_of("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_kib": int(_first_of("/proc/meminfo", "MemTotal").split()[0]),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load_1min_before": os.getloadavg()[0],
    }


def _first_of(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return "0"
