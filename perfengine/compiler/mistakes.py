"""Pass: what is wrong in the documents and only shows against the tables and operations, all of it at once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from perfengine.errors import SpecError
from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.compiler.draft import Draft
    from perfengine.model.mistake import Position

#: Allowed words that are shown; a hundred names help nobody.
_MAX_SHOWN: Final = 20


def refuse_mistakes(draft: Draft) -> Draft:
    """Return the draft as it is. Raises: SpecError with every mistake that was found, in file order."""
    if draft.mistakes:
        paths = list(draft.scenario.paths)

        def place(mistake: Mistake) -> tuple[int, str, int, int]:
            at = mistake.position
            rank = paths.index(at.path) if at.path in paths else len(paths)
            return rank, at.path, at.line, at.column

        raise SpecError(tuple(sorted(dict.fromkeys(draft.mistakes), key=place)))
    return draft


def unknown_word(position: Position, what: str, word: str, known: Iterable[str]) -> Mistake:
    """Return the mistake of a word that is none of `known`: `unknown table "ordr"`, with what was probably meant."""
    words = tuple(dict.fromkeys(known))
    folded = {one.casefold(): one for one in words}
    near = get_close_matches(word.casefold(), folded, n=1)
    return Mistake(
        position=position,
        message=f'unknown {what} "{word}"' + ("" if words else "; there is none"),
        allowed=words if len(words) <= _MAX_SHOWN else (*words[:_MAX_SHOWN], "..."),
        suggestion=folded[near[0]] if near else None,
    )
