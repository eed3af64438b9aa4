"""The tables of a run, for checking the names that a workload speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.mistake import Position
    from perfengine.spec.mistakes import Mistakes


class KnownTables:
    """The entities and the tables they refer to; None where a file is looked at without those it belongs to."""

    def __init__(self, names: Iterable[str] | None, mistakes: Mistakes) -> None:
        self._names = None if names is None else tuple(dict.fromkeys(names))
        self._mistakes = mistakes

    @property
    def are_known(self) -> bool:
        """Whether a name that is not among them is a mistake."""
        return self._names is not None

    def check(self, name: str, position: Position) -> None:
        """Note a mistake when there is no such table. Where tables are not known, there may be."""
        if self._names is None or name in self._names:
            return
        why = "" if self._names else ": there is no entity in it"
        message = f"{quoted(name)} is no table of this run{why}"
        self._mistakes.add(position, message, allowed=self._names, found=name)
