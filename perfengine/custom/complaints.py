"""Mistakes in the user's Python: raised where they are made, or gathered while a file of theirs is imported."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from typing import TYPE_CHECKING

from perfengine.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.mistake import Mistake

_gathered: ContextVar[list[Mistake] | None] = ContextVar("perfengine_gathered_mistakes", default=None)


@contextmanager
def gathering() -> Iterator[list[Mistake]]:
    """Give the mistakes that are found in the block, all of them, instead of raising at the first."""
    mistakes: list[Mistake] = []
    token = _gathered.set(mistakes)
    try:
        yield mistakes
    finally:
        _gathered.reset(token)


def is_importing() -> bool:
    """Return whether a file of the user's is being imported right now."""
    return _gathered.get() is not None


def complain(mistakes: Sequence[Mistake]) -> None:
    """Put the mistakes where they are gathered. Raises: UsageError with all of them where nobody gathers."""
    if not mistakes:
        return
    gathered = _gathered.get()
    if gathered is None:
        raise usage_error(mistakes)
    gathered.extend(mistakes)


def usage_error(mistakes: Sequence[Mistake]) -> UsageError:
    """Return one error that says all the mistakes, each with its place."""
    return UsageError("\n\n".join(mistake.render() for mistake in mistakes))


def nearest(found: str, known: Sequence[str]) -> str | None:
    """Return the word that `found` was probably meant to be, None if none is near."""
    return next(iter(get_close_matches(found, known, n=1)), None)
