"""Collecting every mistake of every document, so that a user sees all of them at once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.mistake import Position

#: Mistakes kept of one run. More than that is one wrong file, not so many slips.
MAX_MISTAKES: Final = 100
_MAX_SHOWN: Final = 20
_MAX_COMPARED: Final = 300
_MAX_QUOTED: Final = 60


class RefusedError(Exception):
    """A document cannot be read any further; `mistake` says why. Never leaves this room."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake
        super().__init__(mistake.message)


def quoted(text: str) -> str:
    """Return `text` in double quotes, cut to a readable length."""
    return f'"{text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 3] + "..."}"'


def nearest(found: str, known: Sequence[str]) -> str | None:
    """Return the word of `known` that `found` was probably meant to be, None if none is near."""
    if len(found) > _MAX_QUOTED or len(known) > _MAX_COMPARED:
        return None
    by_folded = {word.casefold(): word for word in known}
    near = get_close_matches(found.casefold(), by_folded, n=1)
    return by_folded[near[0]] if near else None


class Mistakes:
    """The mistakes found so far, at most `MAX_MISTAKES`, each place and message once."""

    def __init__(self) -> None:
        self._found: dict[tuple[Position, str], Mistake] = {}
        self._overflowed = False

    def __len__(self) -> int:
        return len(self._found)

    def add(
        self,
        position: Position,
        message: str,
        *,
        allowed: Iterable[str] = (),
        found: str | None = None,
        synonyms: Mapping[str, str] | None = None,
    ) -> None:
        """Note a mistake. `found` is compared with `allowed` (and `synonyms`) for a "did you mean"."""
        if len(self._found) >= MAX_MISTAKES:
            self._overflowed = True
            return
        words = tuple(allowed)
        suggestion = None
        if found is not None:
            suggestion = (synonyms or {}).get(found.casefold()) or nearest(found, words)
        shown = words if len(words) <= _MAX_SHOWN else (*words[:_MAX_SHOWN], "...")
        mistake = Mistake(position=position, message=message, allowed=shown, suggestion=suggestion)
        self._found.setdefault((position, message), mistake)

    def keep(self, mistake: Mistake) -> None:
        """Note a mistake that is ready made."""
        self._found.setdefault((mistake.position, mistake.message), mistake)

    def in_file_order(self, paths: Sequence[str]) -> tuple[Mistake, ...]:
        """Return all mistakes: by file as in `paths`, then by line and column."""
        rank = {path: index for index, path in reversed(list(enumerate(paths)))}
        ordered = sorted(
            self._found.values(),
            key=lambda mistake: (
                rank.get(mistake.position.path, len(rank)),
                mistake.position.line,
                mistake.position.column,
            ),
        )
        if self._overflowed:
            last = ordered[-1].position
            ordered.append(
                Mistake(position=last, message=f"more than {MAX_MISTAKES} mistakes: mend these first")
            )
        return tuple(ordered)
