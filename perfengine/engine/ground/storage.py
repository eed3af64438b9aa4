"""What lies under a folder: its file system, and the kind of disk."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from perfengine.engine.ground.files import PROC, SYS, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: By how the kernel names a disk of the kind.
_KINDS: Final = {
    "nvme": "nvme",
    "vd": "virtio",
    "xvd": "xen",
    "mmcblk": "flash",
    "md": "raid",
    "loop": "loop",
    "nbd": "network",
    "rbd": "network",
    "zram": "memory",
    "ram": "memory",
}


class _Mount(NamedTuple):
    device: str  #: "259:2"
    place: PurePosixPath
    kind: str
    source: str


def storage_of(folder: Path, proc: Path = PROC, sys: Path = SYS) -> str | None:
    """Return "ext4 on nvme", or the file system alone where no disk is under it; None where it cannot be told."""
    try:
        place = PurePosixPath(folder.resolve(strict=True))
        mounts = [mount for mount in _mounts(proc) if place.is_relative_to(mount.place)]
    except (OSError, ValueError, RuntimeError):
        return None
    if not mounts:
        return None
    # of two that are mounted at the same place the later one is seen
    mount = max(reversed(mounts), key=lambda each: len(each.place.parts))
    try:
        kinds = sorted(set(_kinds(_disk(mount, sys))))
    except OSError:  # its device is not shown in here, as in a container on btrfs
        kinds = []
    return f"{mount.kind} on {', '.join(kinds)}" if kinds else mount.kind


def _mounts(proc: Path) -> Iterator[_Mount]:
    for line in (text_of(proc / "self/mountinfo") or "").splitlines():
        before, _, after = line.partition(" - ")
        _, _, device, _, place, *_ = before.split(" ")
        kind, source, *_ = after.split(" ")
        yield _Mount(device, PurePosixPath(_unescaped(place)), kind, _unescaped(source))


def _unescaped(text: str) -> str:
    r"""Return a path in which blanks and the like are written as `\040`."""
    return text.encode().decode("unicode_escape").encode("latin-1").decode(errors="replace")


def _disk(mount: _Mount, sys: Path) -> Path:
    """Return the folder of the disk in /sys; of a file system that numbers itself, as btrfs, that of its source."""
    device = mount.device
    if device.startswith("0:") and mount.source.startswith("/dev/"):
        number = os.stat(mount.source).st_rdev  # noqa: PTH116 - the number of a device
        device = f"{os.major(number)}:{os.minor(number)}"
    folder = (sys / "dev/block" / device).resolve()
    return folder.parent if (folder / "partition").exists() else folder


def _kinds(disk: Path) -> Iterator[str]:
    """Yield the kinds of disk that are under one: those that a mapped one is made of."""
    if not disk.is_dir():
        return
    made_of = sorted((disk / "slaves").glob("*"))
    for part in made_of:
        folder = part.resolve()
        yield from _kinds(folder.parent if (folder / "partition").exists() else folder)
    if not made_of:
        yield next((kind for sign, kind in _KINDS.items() if disk.name.startswith(sign)), _turning(disk))


def _turning(disk: Path) -> str:
    return {"0": "ssd", "1": "hdd"}.get(text_of(disk / "queue/rotational") or "", "disk")
