"""A complaint of the YAML parser, said so that its reader knows what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.mistake import Mistake

if TYPE_CHECKING:
    import yaml

    from perfengine.spec.text.source import SourceText


@dataclass(frozen=True, slots=True)
class _Wording:
    piece: str  #: in the words of both parsers
    message: str
    at_context: bool = False  #: the fault lies where the parser began what it could not finish


#: How deep containers may be nested. The parser in C has a limit of its own, and reads ahead to it.
MAX_DEPTH: Final = 50
_TAB: Final = "a tab cannot indent: use spaces"
#: The first piece that is found wins.
_WORDINGS: Final = (
    _Wording(
        "mapping values are not allowed", 'a ":" is not expected here: align the key, or quote text with ": "'
    ),
    _Wording("tab character", _TAB),
    _Wording(
        "escape",
        "a \\ in these double quotes begins no known escape: use single quotes, or \\\\",
        at_context=True,
    ),
    _Wording("while scanning a quoted scalar", "a quote is opened here and never closed", at_context=True),
    _Wording("a flow sequence", 'a "[" is opened here and not closed, or a "," is missing', at_context=True),
    _Wording("a flow mapping", 'a "{" is opened here and not closed, or a "," is missing', at_context=True),
    _Wording("a flow node", 'a value, "]" or "}" is expected here'),
    _Wording("a block mapping", "this does not line up with the keys above it: mend the indent"),
    _Wording("a block collection", 'this does not line up with the "-" above it: mend the indent'),
    _Wording("a simple key", 'a ":" is missing after this key', at_context=True),
    _Wording("document start", 'a new document begins here without a line of "---"'),
    _Wording("incompatible YAML document", "this version of YAML is not read: remove the line %YAML"),
    _Wording("maximum nesting depth", f"the document is nested deeper than {MAX_DEPTH} levels"),
    _Wording("an alias", 'a "*" begins an alias, which is not read: put the text in quotes'),
)


def syntax_mistake(source: SourceText, error: yaml.MarkedYAMLError) -> Mistake:
    """Return the parser's complaint as a mistake at the place where it can be mended."""
    words = f"{error.context or ''} {error.problem or ''}"
    wording = next((wording for wording in _WORDINGS if wording.piece in words), None)
    mark = error.problem_mark or error.context_mark
    if wording and wording.at_context and error.context_mark:
        mark = error.context_mark
    position = source.position(mark.line, mark.column) if mark else source.position(0, 0)
    if "cannot start any token" in words:
        return Mistake(
            position=position, message=_stray(position.source[position.column - 1 : position.column])
        )
    message = wording.message if wording else f"this is not YAML: {error.problem or 'it cannot be parsed'}"
    return Mistake(position=position, message=message)


def _stray(char: str) -> str:
    return _TAB if char == "\t" else f"a value cannot begin with {char!r}: put it in quotes"
