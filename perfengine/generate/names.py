"""Names of files, schemas and functions, made of the author's."""

from __future__ import annotations

import re
from hashlib import md5
from typing import Final

#: What is safe in the name of a file on every system, and in no need of quotes in a shell.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
_HASH_DIGITS: Final = 8
#: File systems take 255 bytes; what stands behind the stem needs some of them.
_LONGEST: Final = 100
#: A test's name with what goes around it fits into a line of 88 characters.
_LONGEST_WORD: Final = 42


def file_stem(entity: str) -> str:
    """Return the beginning of file names: the entity's name, or what is left of it with a hash of the whole."""
    if _PLAIN.match(entity) and not entity.startswith("-"):
        return entity
    left = re.sub(r"[^A-Za-z0-9_-]+", "_", entity).strip("_-")[:_LONGEST]
    return f"{left}_{_digest(entity)}" if left else f"entity_{_digest(entity)}"


def identifier(name: str) -> str:
    """Return a part of a Python name: letters, digits and underscores of ASCII, at most 42 of them."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name)
    if plain == name and len(name) <= _LONGEST_WORD:
        return name
    return f"{plain[: _LONGEST_WORD - _HASH_DIGITS - 1].strip('_')}_{_digest(name)}"


def one_line(text: str) -> str:
    """Return text from outside for a comment: one line, and nothing in it that a terminal would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))


def _digest(name: str) -> str:
    return md5(name.encode(), usedforsecurity=False).hexdigest()[:_HASH_DIGITS]
