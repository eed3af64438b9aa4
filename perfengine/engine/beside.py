"""Two watches of one run, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.engine.events import detail_of

if TYPE_CHECKING:
    from perfengine.engine.events import Event, Watch


class Beside:
    """Tells both, the first one first; it looks at as much as the one that looks at more."""

    def __init__(self, first: Watch, second: Watch) -> None:
        self._watches = (first, second)
        self.detail = max(map(detail_of, self._watches))

    def __call__(self, event: Event) -> None:
        """Tell each."""
        for watch in self._watches:
            watch(event)
