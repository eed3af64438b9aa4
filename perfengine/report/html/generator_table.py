"""What the load processes did to themselves while each operation was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.report.html.formats import NOTHING, with_unit
from perfengine.report.html.parts import Table
from perfengine.report.html.read import mapping, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.report.html.read import Entry


def generator_table(operations: Mapping[str, Entry]) -> Table | None:
    """Return a line for each operation, or for each phase where all are loaded together; None without any."""
    found = {
        str(entry.get("phase") or name): mapping(entry.get("generator"))
        for name, entry in operations.items()
        if mapping(entry.get("generator"))
    }
    if not found:
        return None
    head = ("phase", "state", "busy", "loop lag p99", "start delay p99", "longest pause for garbage")
    return Table(head=head, rows=tuple(_row(name, state) for name, state in found.items()), is_text=True)


def _row(name: str, state: Entry) -> tuple[str, ...]:
    return (
        name,
        "saturated" if state.get("saturated") else "well",
        with_unit(number(state.get("share")), "fraction"),
        _delay(state, "loop_lag", "p99"),
        _delay(state, "start_delay", "p99"),
        _delay(state, "gc_pause", "max"),
    )


def _delay(state: Entry, key: str, figure: str) -> str:
    delay = mapping(state.get(key))
    return with_unit(number(delay.get(figure)), "s") if delay else NOTHING
