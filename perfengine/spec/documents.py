"""Document files to bytes: the only input of this room, so that everything else works on text alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfengine.errors import UsageError
from perfengine.spec.mistakes import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The largest document. A scenario of a hundred entities is a tenth of it.
MAX_BYTES: Final = 1 << 20

_OTHER_LANGUAGES: Final = {
    ".py": "this is Python, and a YAML document is needed here",
    ".sql": "SQL scripts cannot be run yet: give a YAML document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """The bytes of a document file and the path as the user typed it."""

    path: str
    data: bytes


def load_documents(paths: Sequence[str]) -> tuple[DocumentText, ...]:
    """Return the bytes of each file, of a file that is too large only as much as shows that it is.

    Raises: UsageError with a line for each path that is missing, a directory, unreadable or no YAML document.
    """
    documents: list[DocumentText] = []
    problems: list[str] = []
    for path in paths:
        try:
            documents.append(_load(path))
        except UsageError as error:
            problems.append(str(error))
    if problems:
        raise UsageError("\n".join(problems))
    return tuple(documents)


def _load(path: str) -> DocumentText:
    language = _OTHER_LANGUAGES.get(Path(path).suffix.lower())
    if language:
        raise UsageError(f"{path}: {language}")
    try:
        with Path(path).open("rb") as file:
            return DocumentText(path=path, data=file.read(MAX_BYTES + 1))
    except FileNotFoundError:
        raise UsageError(_missing(path)) from None
    except IsADirectoryError:
        raise UsageError(f"{path}: is a directory: give a file in it") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise UsageError(f"{path!r}: cannot be read: {error}") from None


def _missing(path: str) -> str:
    message = f"{path}: no such file"
    folder = Path(path).parent
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError:
        return message
    near = nearest(Path(path).name, names)
    return f'{message}, did you mean "{folder / near}"?' if near else message
