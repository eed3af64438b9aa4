"""The disk under a folder, from mounts and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ground.storage import storage_of
from tests.unit.engine.ground.trees import plant

if TYPE_CHECKING:
    from pathlib import Path


def device(sys: Path, number: str, where: str) -> None:
    """Let a device number lead to a folder, as the kernel does."""
    link = sys / "dev/block" / number
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(sys / where)


def storage(tmp_path: Path, *mounts: str) -> str | None:
    """Return what is said of a folder; `{here}` in a mount stands for it."""
    here = tmp_path / "var data" / "postgres"
    here.mkdir(parents=True, exist_ok=True)
    escaped = str(tmp_path / "var data").replace(" ", r"\040")
    lines = ["22 1 8:1 / / rw - ext4 /dev/sda1 rw", *(mount.format(here=escaped) for mount in mounts)]
    return storage_of(here, plant(tmp_path / "proc", {"self/mountinfo": "\n".join(lines)}), tmp_path / "sys")


@pytest.mark.parametrize(
    ("turning", "said"), [("0", "ext4 on ssd"), ("1", "ext4 on hdd"), ("", "ext4 on disk")]
)
def test_a_partition(tmp_path: Path, turning: str, said: str) -> None:
    """Its disk says whether it turns."""
    plant(tmp_path / "sys", {"block/sda/sda1/partition": "1", "block/sda/queue/rotational": turning})
    device(tmp_path / "sys", "8:1", "block/sda/sda1")
    assert storage(tmp_path) == said


def test_the_innermost_mount_counts(tmp_path: Path) -> None:
    """Of two at one place the later one is seen; blanks in its name are escaped."""
    plant(tmp_path / "sys", {"block/nvme0n1/queue/rotational": "0", "block/vda/queue/rotational": "1"})
    device(tmp_path / "sys", "259:0", "block/nvme0n1")
    device(tmp_path / "sys", "254:0", "block/vda")
    first, second = (
        "30 22 254:0 / {here} rw - ext4 /dev/vda rw",
        "31 22 259:0 / {here} rw - xfs /dev/nvme0n1 rw",
    )
    assert storage(tmp_path, second, first) == "ext4 on virtio"
    assert storage(tmp_path, first, second) == "xfs on nvme"


def test_what_a_mapped_disk_is_made_of(tmp_path: Path) -> None:
    """Encrypted volumes and the like are made of others."""
    files = {"block/dm-0/queue/rotational": "0", "block/nvme0n1/nvme0n1p2/partition": "2"}
    plant(tmp_path / "sys", files)
    device(tmp_path / "sys", "253:0", "block/dm-0")
    slaves = tmp_path / "sys/block/dm-0/slaves"
    slaves.mkdir()
    (slaves / "nvme0n1p2").symlink_to(tmp_path / "sys/block/nvme0n1/nvme0n1p2")
    assert storage(tmp_path, "30 22 253:0 / {here} rw - ext4 /dev/mapper/root rw") == "ext4 on nvme"


@pytest.mark.parametrize("kind", ["overlay", "tmpfs", "zfs"])
def test_without_a_disk_of_its_own(tmp_path: Path, kind: str) -> None:
    """The file system is all that is known."""
    assert storage(tmp_path, f"30 22 0:44 / {{here}} rw shared:1 - {kind} {kind} rw") == kind


def test_a_device_that_a_container_does_not_show(tmp_path: Path) -> None:
    """The file system of a host, mounted into a container: its source is named, and is not in /dev there.

    A run against a server on such a machine ended in a traceback.
    """
    assert storage(tmp_path, "30 22 0:44 /@data {here} rw - btrfs /dev/no-such-disk rw") == "btrfs"


def test_what_is_not_there(tmp_path: Path) -> None:
    """A folder of another machine, a system without a list of mounts, a list that is none."""
    assert storage_of(tmp_path / "none", tmp_path, tmp_path) is None
    assert storage_of(tmp_path, tmp_path, tmp_path) is None
    plant(tmp_path, {"self/mountinfo": "nonsense"})
    assert storage_of(tmp_path, tmp_path, tmp_path) is None
