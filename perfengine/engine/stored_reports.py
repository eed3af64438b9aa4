"""A stored result rendered again: read, and then as `run` renders its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.engine.formats import FORMATS, Written
from perfengine.engine.result_files import result_text
from perfengine.errors import UsageError
from perfengine.metrics.hdr_codec import decode
from perfengine.stored.whole.result import read_whole_document

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_WORDS = tuple(form.word for form in FORMATS)


def read_written(path: Path, *, strict: bool = False) -> Written:
    """Return a stored result. Raises: UsageError for a file that cannot be read, SpecError for no result."""
    document, result = read_whole_document(result_text(path), str(path), decode)
    return Written(document=document, result=result, strict=strict)


def rendered(written: Written, word: str) -> bytes:
    """Return the result in the format of that word. Raises: UsageError for a word that is no format."""
    form = next((form for form in FORMATS if form.word == word), None)
    if form is None:
        raise UsageError(f"--format {word}: no such format; one of: {', '.join(FORMAT_WORDS)}")
    return form.render(written)
