"""What each operation does: its kind, its load, its SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.report.html.formats import whole
from perfengine.report.html.read import count, mapping, text, texts
from perfengine.report.html.run_facts import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.report.html.read import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPart:
    """An operation of the plan."""

    name: str
    line: str
    sql: str


def plan_parts(operations: Mapping[str, Entry]) -> tuple[PlanPart, ...]:
    """Return the operations whose SQL is known."""
    return tuple(
        PlanPart(name=name, line=_line(entry), sql=text(entry.get("sql")))
        for name, entry in operations.items()
        if text(entry.get("sql"))
    )


def _line(entry: Entry) -> str:
    rows = mapping(entry.get("rows"))
    aliases = ", ".join(texts(entry.get("aliases")))
    parts = (
        text(entry.get("full_id")),
        text(entry.get("kind")).replace("_", " "),
        load_words(entry),
        f"also called {aliases}" if aliases else "",
        f"{whole(count(rows.get('at_start')))} rows at the start" if rows else "",
    )
    return " · ".join(part for part in parts if part)
