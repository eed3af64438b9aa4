"""What this machine is doing at the moment, before a load makes it busy. Nothing that is compared, only said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.engine.ground.files import PROC, SYS, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from perfengine.model.fingerprint import Known

#: Where the time that the hypervisor took stands in the first line of /proc/stat; what follows is in the others too.
_STEAL: Final = 7
#: Zones of which the names say that they are those of processors; where there is none, the warmest of all is taken.
_PROCESSOR_ZONES: Final = ("x86_pkg_temp", "cpu", "k10temp", "soc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was read at one instant; None is what this machine does not tell."""

    uptime_s: int | None
    load: float | None  #: processes that ran or wanted to, mean of a minute
    temperature_c: float | None
    stolen_ticks: int | None  #: of all processors, since the machine started
    ticks: int | None


def read_moment(proc: Path = PROC, sys: Path = SYS) -> Moment:
    """Return what the kernel says now."""
    stolen, ticks = _ticks(proc)
    uptime = _first_number(proc / "uptime")
    return Moment(
        uptime_s=None if uptime is None else int(uptime),
        load=_first_number(proc / "loadavg"),
        temperature_c=max(_temperatures(sys), default=None),
        stolen_ticks=stolen,
        ticks=ticks,
    )


def moment_fields(begin: Moment, end: Moment) -> Mapping[str, Known | None]:
    """Return the fields `machine.*`: how it was at the beginning, and which share of the time since was stolen."""
    return {
        "machine.uptime": begin.uptime_s,
        "machine.load": begin.load,
        "machine.temperature": begin.temperature_c,
        "machine.steal": _steal(begin, end),
    }


def _steal(begin: Moment, end: Moment) -> float | None:
    if None in (begin.stolen_ticks, begin.ticks, end.stolen_ticks, end.ticks):
        return None
    passed = (end.ticks or 0) - (begin.ticks or 0)
    return round(((end.stolen_ticks or 0) - (begin.stolen_ticks or 0)) / passed, 4) if passed > 0 else None


def _ticks(proc: Path) -> tuple[int | None, int | None]:
    words = (text_of(proc / "stat") or "").split("\n", 1)[0].split()[1 : _STEAL + 2]
    if len(words) <= _STEAL or not all(word.isdigit() for word in words):
        return None, None
    numbers = [int(word) for word in words]
    return numbers[_STEAL], sum(numbers)


def _first_number(path: Path) -> float | None:
    try:
        return float((text_of(path) or "").split()[0])
    except (IndexError, ValueError):
        return None


def _temperatures(sys: Path) -> Iterator[float]:
    """Yield the temperatures of the processors in degrees Celsius, of everything where none are marked as theirs."""
    zones = {zone: text_of(zone / "type") or "" for zone in sys.glob("class/thermal/thermal_zone*")}
    own = [zone for zone, kind in zones.items() if kind.lower().startswith(_PROCESSOR_ZONES)]
    for zone in own or zones:
        if milli := number_of(zone / "temp"):
            yield milli / 1000
