"""Names and texts of a document. They are what was written, whatever YAML 1.1 thinks of `on`, `010` or `12:30`."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Final

from perfengine.model.sql import MAX_IDENTIFIER_BYTES
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.written import Written, text_of, wording
from perfengine.spec.text.tree import described


def read_name(value: object) -> str:
    """Return the name of an entity, a field, a state or a rule. Raises: wording."""
    if value is None:
        raise wording('a name is needed here; "null" in quotes, if that is the name')
    text = text_of(value, "a name")
    if not text.strip():
        raise wording("a name is empty")
    if text != text.strip() or any(char in text for char in "\n\t\x85\u2028\u2029"):
        raise wording(f"{quoted(text)} is not a name: it has blanks around it, a tab or a line end in it")
    size_bytes = len(text.encode())
    if size_bytes > MAX_IDENTIFIER_BYTES:
        raise wording(f"{quoted(text)} has {size_bytes} bytes, a name has at most {MAX_IDENTIFIER_BYTES}")
    return text


def read_word(value: object, index: int, what: str) -> str:
    """Return a name in a list. Raises: wording with its place in the list."""
    if not isinstance(value, str):
        raise wording(f"each item must be the name of {what}, found {described(value)}", at=index)
    return read_name(value)


def _read_subject(value: object) -> str:
    text = text_of(value, "the name of an operation")
    if not text.strip() or "\n" in text:
        raise wording("the name of an operation is one line of text")
    return text


def _read_text(value: object) -> str:
    text = text_of(value, "text")
    if not text.strip():
        raise wording("the text is empty")
    return text


def _read_remark(value: object) -> str:
    return "" if value is None else text_of(value, "text")


def _read_path(value: object) -> str:
    """Return a path that cannot leave the results directory: a scenario may come from somebody else."""
    text = _read_text(value)
    if "\n" in text:
        raise wording("a path is one line of text")
    posix, windows = PurePosixPath(text), PureWindowsPath(text)
    if posix.is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        raise wording(
            f"{quoted(text)} is outside the results directory: write a file name, or use --report for any path"
        )
    return text


#: What YAML 1.2 makes of an unquoted word.
WORD_SCHEMA: Final = {"type": ["string", "number", "boolean"]}

Name = Annotated[str, Written(read_name, WORD_SCHEMA)]
Subject = Annotated[str, Written(_read_subject, WORD_SCHEMA)]
Text = Annotated[str, Written(_read_text, {"type": "string", "minLength": 1})]
FilePath = Annotated[str, Written(_read_path, {"type": "string", "minLength": 1})]
Remark = Annotated[str, Written(_read_remark, {"type": ["string", "number", "boolean", "null"]})]
