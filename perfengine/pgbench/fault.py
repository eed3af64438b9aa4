"""What is wrong in a piece of a script, by its place in that piece."""

from __future__ import annotations


class Fault(Exception):  # noqa: N818 - named for what it is; never leaves this room
    """A mistake at characters `start`..`stop`, counted from 0."""

    def __init__(
        self, message: str, start: int, stop: int, *, found: str | None = None, allowed: tuple[str, ...] = ()
    ) -> None:
        """`found` is compared with `allowed` for a "did you mean"."""
        self.message = message
        self.start, self.stop = start, stop
        self.found = found
        self.allowed = allowed
        super().__init__(message)

    def shifted(self, offset: int) -> Fault:
        """Return the mistake as one of the text in which the piece begins at `offset`."""
        start, stop = self.start + offset, self.stop + offset
        return Fault(self.message, start, stop, found=self.found, allowed=self.allowed)
