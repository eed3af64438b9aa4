"""Whether this machine is one, or a part of another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.engine.ground.files import SYS, text_of

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS: Final = re.compile(r"^flags\s*:(.*)$", re.MULTILINE)
#: What makers of virtual machines write where others write who built the machine.
_NAMES: Final = {
    "amazon": "amazon ec2",
    "bochs": "bochs",
    "google": "google compute engine",
    "innotek": "virtualbox",
    "kvm": "kvm",
    "microsoft": "hyper-v",
    "openstack": "openstack",
    "parallels": "parallels",
    "qemu": "qemu",
    "virtualbox": "virtualbox",
    "vmware": "vmware",
    "xen": "xen",
}


def hypervisor(cpuinfo: str, sys: Path = SYS) -> str | None:
    """Return what runs this virtual machine, as far as it says; "none" on bare metal, None where nobody tells."""
    flags = _FLAGS.search(cpuinfo)
    if flags and "hypervisor" not in flags.group(1).split():
        return "none"
    makers = (sys / "hypervisor/type", sys / "class/dmi/id/sys_vendor", sys / "class/dmi/id/product_name")
    said = " ".join(text for path in makers if (text := text_of(path))).lower()
    found = next((name for sign, name in _NAMES.items() if sign in said), None)
    return found or ("unnamed" if flags else None)
