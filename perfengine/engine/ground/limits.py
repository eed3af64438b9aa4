"""What the control groups of this process allow it: the limits of a container."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from perfengine.engine.ground.files import PROC, SYS, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MIB: Final = 1 << 20
#: What version 1 writes for no limit is a little less than 2**63.
_NO_LIMIT: Final = 1 << 60


def container_limits(proc: Path = PROC, sys: Path = SYS) -> str | None:
    """Return the limits: "2 processors, 4096 MiB"; "none" where there is none, None where nobody tells.

    The smallest of the group and all groups around it counts.
    """
    groups = list(_groups(proc, sys / "fs/cgroup"))
    if not groups:
        return None
    processors = min((limit for group in groups if (limit := _processors(group))), default=None)
    memory = min((limit for group in groups if (limit := _memory(group))), default=None)
    parts = [f"{processors:g} processors"] if processors else []
    return ", ".join([*parts, *([f"{memory // _MIB} MiB"] if memory else [])]) or "none"


def _groups(proc: Path, root: Path) -> Iterator[Path]:
    """Yield the folders of the groups that this process is in, of both versions, and of all groups around them."""
    for line in (text_of(proc / "self/cgroup") or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers:
            bases = [root / name for name in (controllers, *controllers.split(","))]
        else:
            bases = [root, root / "unified"]
        inner = PurePosixPath(path).relative_to("/") if path.startswith("/") else PurePosixPath()
        for base in dict.fromkeys(bases):
            folders = (base / each for each in (inner, *inner.parents))
            yield from (folder for folder in folders if (folder / "cgroup.procs").exists())


def _processors(group: Path) -> float | None:
    quota, _, period = (text_of(group / "cpu.max") or "").partition(" ")
    if quota.isdigit() and period.isdigit():
        return int(quota) / int(period)
    quota_us, period_us = number_of(group / "cpu.cfs_quota_us"), number_of(group / "cpu.cfs_period_us")
    return quota_us / period_us if quota_us and quota_us > 0 and period_us else None


def _memory(group: Path) -> int | None:
    limit = number_of(group / "memory.max") or number_of(group / "memory.limit_in_bytes")
    return limit if limit and limit < _NO_LIMIT else None
