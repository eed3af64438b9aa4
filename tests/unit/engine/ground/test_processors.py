"""How processors are run, from what the kernel shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ground.processors import processor_fields
from tests.unit.engine.ground.trees import plant

if TYPE_CHECKING:
    from pathlib import Path

CPU = "devices/system/cpu"


def test_a_desktop(tmp_path: Path) -> None:
    """Governors that differ are both named; the switch of Intel's turbo says what is off."""
    files = {
        f"{CPU}/cpufreq/policy0/scaling_governor": "powersave\n",
        f"{CPU}/cpufreq/policy1/scaling_governor": "performance\n",
        f"{CPU}/cpufreq/policy10/scaling_governor": "powersave\n",
        f"{CPU}/intel_pstate/no_turbo": "0\n",
        f"{CPU}/smt/active": "1\n",
        "devices/system/node/online": "0-1,3\n",
    }
    assert processor_fields(plant(tmp_path, files)) == {
        "machine.governor": "performance, powersave",
        "machine.turbo": "on",
        "machine.smt": "on",
        "machine.numa": 3,
    }


@pytest.mark.parametrize(
    ("name", "text", "turbo"),
    [
        ("intel_pstate/no_turbo", "1", "off"),
        ("cpufreq/boost", "1", "on"),
        ("cpufreq/boost", "0", "off"),
        ("cpufreq/boost", "?", None),
    ],
)
def test_turbo(tmp_path: Path, name: str, text: str, turbo: str | None) -> None:
    """By whoever has the switch; what is neither on nor off is not known."""
    assert processor_fields(plant(tmp_path, {f"{CPU}/{name}": text}))["machine.turbo"] == turbo


def test_a_virtual_machine(tmp_path: Path) -> None:
    """Its kernel does not scale, which is known; of a turbo nobody tells."""
    fields = processor_fields(plant(tmp_path, {f"{CPU}/cpu0/online": "1", f"{CPU}/smt/active": "0"}))
    assert (fields["machine.governor"], fields["machine.turbo"], fields["machine.smt"]) == (
        "none",
        None,
        "off",
    )


def test_another_system(tmp_path: Path) -> None:
    """Nothing is known, and nothing raised."""
    assert set(processor_fields(tmp_path / "nothing").values()) == {None}
