"""What the machine was doing when a run began, and who took its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.engine.ground.moment import moment_fields, read_moment
from tests.unit.engine.ground.trees import plant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def proc(tmp_path: Path, stat: str = "cpu  10 0 5 80 1 0 0 4 7 0\ncpu0 1 1\n") -> Path:
    """Return a folder as /proc is."""
    files = {"stat": stat, "uptime": "350735.47 234388.90\n", "loadavg": "0.20 0.18 0.12 1/80 11206\n"}
    return plant(tmp_path / "proc", files)


def test_a_moment(tmp_path: Path) -> None:
    """Guests' time is in that of users already: the sum has eight parts."""
    moment = read_moment(proc(tmp_path), tmp_path / "sys")
    assert (moment.uptime_s, moment.load, moment.temperature_c) == (350735, 0.20, None)
    assert (moment.stolen_ticks, moment.ticks) == (4, 100)


def test_stolen_time(tmp_path: Path) -> None:
    """The share of what has passed since the beginning; of no time at all there is none."""
    begin = read_moment(proc(tmp_path), tmp_path)
    end = read_moment(proc(tmp_path, "cpu  10 0 5 155 1 0 0 29 0 0\n"), tmp_path)
    assert moment_fields(begin, end) == {
        "machine.uptime": 350735,
        "machine.load": 0.20,
        "machine.temperature": None,
        "machine.steal": 0.25,
    }
    assert moment_fields(begin, begin)["machine.steal"] is None


@pytest.mark.parametrize(
    ("zones", "degrees"),
    [
        ({"thermal_zone0/type": "acpitz", "thermal_zone0/temp": "27800"}, 27.8),
        (
            {
                "thermal_zone0/type": "acpitz",
                "thermal_zone0/temp": "90000",
                "thermal_zone1/type": "x86_pkg_temp",
                "thermal_zone1/temp": "51000",
            },
            51.0,
        ),
        ({"thermal_zone0/type": "cpu-thermal", "thermal_zone0/temp": "?"}, None),
    ],
)
def test_temperature(tmp_path: Path, zones: Mapping[str, str], degrees: float | None) -> None:
    """Of the processors where a zone is theirs, else of the warmest place there is."""
    sys = plant(tmp_path / "sys", {f"class/thermal/{name}": text for name, text in zones.items()})
    assert read_moment(tmp_path, sys).temperature_c == degrees


@pytest.mark.parametrize("stat", ["", "cpu 1 2", "cpu a b c d e f g h"])
def test_another_system(tmp_path: Path, stat: str) -> None:
    """Nothing is known, and nothing raised."""
    moment = read_moment(plant(tmp_path, {"stat": stat}), tmp_path)
    assert set(moment_fields(moment, moment).values()) == {None}
