"""What this machine is, as far as it bears on figures. What cannot be read is None."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.comparison.fingerprint_fields import memory_class
from perfengine.engine.ground.files import PROC, text_of
from perfengine.engine.ground.hypervisor import hypervisor
from perfengine.engine.ground.limits import container_limits
from perfengine.engine.ground.processors import processor_fields
from perfengine.engine.ground.storage import storage_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.fingerprint import Known

_CPU_MODEL: Final = re.compile(r"^(?:model name|Model|cpu model)\s*:\s*(.+)$", re.MULTILINE)
_MEMORY: Final = re.compile(r"^MemTotal:\s*(\d+) kB$", re.MULTILINE)


def machine_fields(data: Path | None = None) -> dict[str, Known | None]:
    """Return the fields `machine.*` of a fingerprint that do not change; `data` is where the server's files lie."""
    cpuinfo = text_of(PROC / "cpuinfo") or ""
    return {
        "machine.cpu_model": _found(_CPU_MODEL, cpuinfo) or platform.processor() or platform.machine(),
        "machine.cpus": usable_cpus(),
        "machine.kernel": f"{platform.system()} {platform.release()}",
        "machine.libc": " ".join(platform.libc_ver()).strip() or None,
        **processor_fields(),
        "machine.container": container_limits(),
        "machine.hypervisor": hypervisor(cpuinfo),
        "machine.storage": storage_of(data) if data else None,
        "machine.host": hashlib.sha256(platform.node().encode()).hexdigest()[:12],
    }


def memory_of_machine() -> str | None:
    """Return the memory of this machine to a power of two."""
    found = _found(_MEMORY, text_of(PROC / "meminfo") or "")
    return None if found is None else memory_class(int(found) * 1024)


def code_digests(paths: Iterable[str]) -> dict[str, str]:
    """Return a digest of the text of each Python file, by its path; of those that can be read."""
    found = {}
    for path in paths:
        try:
            found[path] = "sha256:" + hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
        except OSError:
            continue
    return found


def usable_cpus() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match.group(1).strip() if match else None
