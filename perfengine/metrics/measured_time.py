"""Measured time: rounds put end to end, without the pauses between them. Shared by the recorders of a process."""

from __future__ import annotations


class MeasuredTime:
    """Maps instants of the clock to measured time. Mutable: a part of the recorder."""

    __slots__ = ("_before_ns", "_last_ns", "_origin_ns")

    def __init__(self) -> None:
        self._before_ns = 0
        self._origin_ns: int | None = None
        self._last_ns = 0

    def restart(self) -> None:
        """Forget what was measured: the warm-up is over."""
        self._before_ns, self._origin_ns, self._last_ns = 0, None, 0

    def begin_round(self, now_ns: int, elapsed_ns: int | None = None) -> None:
        """Resume measured time at `now_ns`, where the last round ended, or at `elapsed_ns`."""
        if elapsed_ns is not None:
            self._before_ns = elapsed_ns
        self._origin_ns = self._last_ns = now_ns

    def end_round(self, least_ns: int = 0) -> None:
        """Stop measured time at the end of the last attempt, or at `least_ns` if that is later."""
        self.see(least_ns)
        self._before_ns = self.elapsed_ns
        self._origin_ns = self._last_ns

    def see(self, instant_ns: int) -> None:
        """Take note that an attempt ended then."""
        self._last_ns = max(self._last_ns, instant_ns)

    def begin_with(self, instant_ns: int) -> None:
        """Begin with the first attempt where nobody began a round: the clock's own origin may be months ago."""
        if self._origin_ns is None:
            self.begin_round(instant_ns)

    @property
    def elapsed_ns(self) -> int:
        """Measured time so far."""
        return self._before_ns + self._last_ns - (self._origin_ns or 0)

    def at(self, instant_ns: int) -> int:
        """Return the measured time at an instant of this round."""
        return instant_ns + self.offset_ns

    @property
    def offset_ns(self) -> int:
        """What is added to an instant of this round to give its measured time."""
        return self._before_ns - (self._origin_ns or 0)
