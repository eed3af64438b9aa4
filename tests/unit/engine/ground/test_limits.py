"""Limits of control groups, of both versions, inside of containers and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ground.limits import container_limits
from tests.unit.engine.ground.trees import plant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def limits(tmp_path: Path, cgroup: str, files: Mapping[str, str]) -> str | None:
    """Return the limits that a process in these groups has."""
    proc = plant(tmp_path / "proc", {"self/cgroup": cgroup})
    groups = {f"fs/cgroup/{name}": text for name, text in files.items()}
    beside = {f"{name.rpartition('/')[0]}/cgroup.procs": "" for name in groups}
    return container_limits(proc, plant(tmp_path / "sys", {**groups, **beside}))


@pytest.mark.parametrize(
    ("cgroup", "files", "said"),
    [
        ("0::/\n", {"cpu.max": "150000 100000", "memory.max": "4294967296"}, "1.5 processors, 4096 MiB"),
        ("0::/\n", {"cpu.max": "max 100000", "memory.max": "max"}, "none"),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000", "a/cpu.max": "200000 100000"}, "2 processors"),
        ("0::/a/b\n", {"a/b/memory.max": "3145728", "a/memory.max": "2097152"}, "2 MiB"),
        (
            "4:memory:/docker/1\n1:cpu,cpuacct:/docker/1\n",
            {
                "cpu,cpuacct/cpu.cfs_quota_us": "50000",
                "cpu,cpuacct/cpu.cfs_period_us": "100000",
                "memory/memory.limit_in_bytes": "1073741824",
            },
            "0.5 processors, 1024 MiB",
        ),
        (
            "4:memory:/\n1:cpu:/\n9:name=systemd:/\n",
            {
                "cpu/cpu.cfs_quota_us": "-1",
                "cpu/cpu.cfs_period_us": "100000",
                "memory/memory.limit_in_bytes": "9223372036854771712",
            },
            "none",
        ),
    ],
    ids=["v2", "v2 without", "v2 around it", "v2 both", "v1 in a container", "v1 without"],
)
def test_limits(tmp_path: Path, cgroup: str, files: Mapping[str, str], said: str) -> None:
    """The smallest one counts, wherever it stands; no limit is an answer."""
    assert limits(tmp_path, cgroup, files) == said


def test_nobody_tells(tmp_path: Path) -> None:
    """A system without control groups."""
    assert container_limits(tmp_path / "proc", tmp_path / "sys") is None
