"""Whose virtual machine this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ground.hypervisor import hypervisor
from tests.unit.engine.ground.trees import plant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VIRTUAL = "processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n"
BARE = "processor\t: 0\nflags\t\t: fpu vme lahf_lm\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd\n"


@pytest.mark.parametrize(
    ("cpuinfo", "files", "said"),
    [
        (VIRTUAL, {"class/dmi/id/sys_vendor": "QEMU\n"}, "qemu"),
        (
            VIRTUAL,
            {"class/dmi/id/sys_vendor": "Amazon EC2", "class/dmi/id/product_name": "m7i"},
            "amazon ec2",
        ),
        (VIRTUAL, {"hypervisor/type": "xen"}, "xen"),
        (VIRTUAL, {"class/dmi/id/product_name": "VMware Virtual Platform"}, "vmware"),
        (VIRTUAL, {}, "unnamed"),
        (BARE, {"class/dmi/id/sys_vendor": "Amazon EC2"}, "none"),
        (ARM, {"class/dmi/id/sys_vendor": "QEMU"}, "qemu"),
        (ARM, {}, None),
        ("", {}, None),
    ],
)
def test_hypervisor(tmp_path: Path, cpuinfo: str, files: Mapping[str, str], said: str | None) -> None:
    """The processor says whether there is one, the maker which; a rented machine may be a whole one."""
    assert hypervisor(cpuinfo, plant(tmp_path, files)) == said
