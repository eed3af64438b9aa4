"""A complaint of the YAML parser, said so that its reader knows what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    import yaml

    from perfengine.spec.text.source import SourceText

#: A piece of the parser's words, the message for it, and whether the fault lies where the context began.
_WORDINGS: Final = (
    (
        "mapping values are not allowed",
        'a ":" is not expected here: align the key, or put text with ": " in quotes',
        False,
    ),
    ("tab character", "a tab cannot indent: use spaces", False),
    ("while scanning a quoted scalar", "a quote is opened here and never closed", True),
    (
        "while parsing a quoted scalar",
        "this escape is not known in double quotes: use single quotes or \\\\",
        False,
    ),
    ("while parsing a flow sequence", 'a "[" is opened here and not closed, or a "," is missing', True),
    ("while parsing a flow mapping", 'a "{" is opened here and not closed, or a "," is missing', True),
    ("while parsing a flow node", 'a value, "]" or "}" is expected here', False),
    ("while parsing a block mapping", "this does not line up with the keys above it: mend the indent", False),
    (
        "while parsing a block collection",
        'this does not line up with the "-" above it: mend the indent',
        False,
    ),
    ("while scanning a simple key", 'a ":" is missing after this key', True),
    ("document start", 'a new document begins here without a line of "---"', False),
    ("incompatible YAML document", "this version of YAML is not read: remove the line %YAML", False),
    ("while scanning an alias", 'a "*" begins an alias, which is not read: put the text in quotes', False),
)


def syntax_mistake(source: SourceText, error: yaml.MarkedYAMLError) -> Mistake:
    """Return the parser's complaint as a mistake at the place where it can be mended."""
    words = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    message = f"this is not YAML: {error.problem or 'it cannot be parsed'}"
    for piece, wording, at_context in _WORDINGS:
        if piece in words:
            message = wording
            mark = error.context_mark if at_context and error.context_mark else mark
            break
    line, column = (mark.line, mark.column) if mark else (0, 0)
    position = source.position(line, column)
    if "cannot start any token" in words:
        message = _stray_character(position.source[position.column - 1 : position.column])
    return Mistake(position=position, message=message)


def _stray_character(char: str) -> str:
    if char == "\t":
        return "a tab cannot indent: use spaces"
    return f"a value cannot begin with {char!r}: put it in quotes"
