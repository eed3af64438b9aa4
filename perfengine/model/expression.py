"""The words of an SQL expression, as PostgreSQL's own scanner cuts them.

This is a scanner, not a parser: enough to tell which fields a rule reads and which literals it holds. Whether the
expression is valid SQL is the database's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from perfengine.model.keywords import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class TokenKind(StrEnum):
    """What a word of an expression is."""

    NAME = "name"  #: unquoted, folded to lower case
    QUOTED = "quoted"  #: a name in double quotes, as written
    NUMBER = "number"
    TEXT = "text"  #: a string constant, decoded
    SYMBOL = "symbol"  #: operators and punctuation


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression; `text` is what it stands for, quotes gone."""

    kind: TokenKind
    text: str

    @property
    def is_column_name(self) -> bool:
        """Whether the word can name a column: quoted, or not reserved."""
        return self.kind is TokenKind.QUOTED or (self.kind is TokenKind.NAME and self.text not in RESERVED)

    def is_word(self, *words: str) -> bool:
        """Return whether this is one of the unquoted words, given in lower case."""
        return self.kind is TokenKind.NAME and self.text in words

    def is_symbol(self, *symbols: str) -> bool:
        """Return whether this is one of the symbols."""
        return self.kind is TokenKind.SYMBOL and self.text in symbols


_SCANNER: Final = re.compile(
    r"""
      (?P<skip>    \s+ | --[^\n]* )
    | (?P<comment> /\* )
    | (?P<dollar>  \$(?P<tag>(?:[^\W\d]\w*)?)\$(?P<body>.*?)\$(?P=tag)\$ )
    | (?P<escaped> [eE]'(?:[^'\\]|''|\\.)*' )
    | (?P<plain>   (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*' )
    | (?P<quoted>  (?:[uU]&)?"(?:[^"]|"")*" )
    | (?P<number>  (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})? )
    | (?P<name>    [^\W\d][\w$]* )
    | (?P<symbol>  :: | <= | >= | <> | != | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE: Final = re.compile(r"/\*|\*/")
_BACKSLASH: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
#: PostgreSQL folds ASCII letters only, whatever the locale thinks of the others.
_FOLDED: Final = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


def tokens_of(expression: str) -> tuple[Token, ...]:
    """Return the words of `expression`, comments and blanks left out; never raises."""
    tokens, position = [], 0
    while match := _SCANNER.match(expression, position):
        position = match.end()
        if match.lastgroup == "comment":
            position = _after_comment(expression, position)
        elif token := _token(match):
            tokens.append(token)
    return tuple(tokens)


def fields_read(expression: str, fields: Collection[str]) -> tuple[str, ...]:
    """Return those of `fields` that the expression reads, in order of appearance, once each."""
    tokens = tokens_of(expression)
    edge = Token(TokenKind.SYMBOL, "")
    found = [
        token.text
        for before, token, after in zip((edge, *tokens), tokens, (*tokens[1:], edge), strict=False)
        if token.is_column_name and token.text in fields and not _is_type_or_function(before, after)
    ]
    return tuple(dict.fromkeys(found))


def _token(match: re.Match[str]) -> Token | None:
    kind = match.lastgroup or ""
    return _DECODERS[kind](match) if kind in _DECODERS else None


_DECODERS: Final[dict[str, Callable[[re.Match[str]], Token]]] = {
    "dollar": lambda match: Token(TokenKind.TEXT, match["body"]),
    "escaped": lambda match: Token(TokenKind.TEXT, _unescaped(match[0][2:-1].replace("''", "'"))),
    "plain": lambda match: Token(TokenKind.TEXT, _inside(match[0], "'")),
    "quoted": lambda match: Token(TokenKind.QUOTED, _inside(match[0], '"')),
    "number": lambda match: Token(TokenKind.NUMBER, match[0]),
    "name": lambda match: Token(TokenKind.NAME, match[0].translate(_FOLDED)),
    "symbol": lambda match: Token(TokenKind.SYMBOL, match[0]),
}


def _inside(text: str, quote: str) -> str:
    """Return what stands between the quotes, doubled ones single; a prefix like `U&` is left out."""
    return text[text.index(quote) + 1 : -1].replace(quote * 2, quote)


def _unescaped(text: str) -> str:
    r"""Return the text of an escape string, `\n` and its like decoded; any other sign stands for itself."""
    return _BACKSLASH.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)


def _after_comment(expression: str, position: int) -> int:
    """Return where the comment that began before `position` ends; comments nest."""
    depth = 1
    while depth and (edge := _COMMENT_EDGE.search(expression, position)):
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return len(expression) if depth else position


def _is_type_or_function(before: Token, after: Token) -> bool:
    """Return whether a name between these two is a type (`::date`, `AS date`, `date '...'`) or a call."""
    return (
        before.is_symbol("::") or before.is_word("as") or after.is_symbol("(") or after.kind is TokenKind.TEXT
    )
