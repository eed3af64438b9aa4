"""How the processors of this machine are run: governor, turbo, threads of a core, memory nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.engine.ground.files import SYS, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from perfengine.model.fingerprint import Known

_SWITCH: Final = {"0": "off", "1": "on"}
_REVERSED: Final = {"0": "on", "1": "off"}
_RANGE: Final = re.compile(r"(\d+)(?:-(\d+))?")


def processor_fields(sys: Path = SYS) -> Mapping[str, Known | None]:
    """Return the fields `machine.*` about processors; None where the kernel does not tell."""
    return {
        "machine.governor": _governor(sys / "devices/system/cpu"),
        "machine.turbo": _turbo(sys / "devices/system/cpu"),
        "machine.smt": _SWITCH.get(text_of(sys / "devices/system/cpu/smt/active") or ""),
        "machine.numa": _nodes(sys / "devices/system/node/online"),
    }


def _governor(cpu: Path) -> str | None:
    """Return the governors that are at work, `none` where the kernel does not scale, as in most virtual machines."""
    policies = sorted(cpu.glob("cpufreq/policy*/scaling_governor"))
    if not policies:
        return "none" if (cpu / "cpu0").is_dir() else None
    return ", ".join(sorted({text for path in policies if (text := text_of(path))})) or None


def _turbo(cpu: Path) -> str | None:
    is_off = text_of(cpu / "intel_pstate/no_turbo")
    return _REVERSED.get(is_off) if is_off else _SWITCH.get(text_of(cpu / "cpufreq/boost") or "")


def _nodes(path: Path) -> int | None:
    """Return how many nodes a list like `0-1,3` names."""
    found = _RANGE.findall(text_of(path) or "")
    return sum(int(last or first) - int(first) + 1 for first, last in found) or None
