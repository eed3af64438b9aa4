"""Where a recorder hands the attempts that it has drained, one by one, when somebody asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from perfengine.model.outcome import Failure

    Integers = NDArray[np.int64]


class RawSink(Protocol):
    """Takes what a drain has emptied: arrays of instants in ns, one value an attempt."""

    def keep_ok(
        self, operation: str, due: Integers, started: Integers, acquired: Integers, done: Integers
    ) -> None:
        """Take attempts that were ok."""

    def keep_bad(self, operation: str, due: Integers, done: Integers, failures: Sequence[Failure]) -> None:
        """Take attempts that were not, each with its failure."""
