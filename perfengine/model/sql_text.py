"""What an author writes into SQL for us: `:name`, `:step.column` and `{{entity}}`, found as PostgreSQL reads text.

Values never become text: a placeholder becomes `$1`. Quoted text, quoted identifiers, comments, dollar quotes, casts
(`::`), assignments (`:=`) and slices of arrays (`a[1:2]`, `a[i:j]`) are left alone.

Sources: PostgreSQL documentation, chapter 4.1 "Lexical Structure"; src/backend/parser/scan.l, for what the page
leaves out: a string continued on the next line, comments inside operators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.replacing import place_before, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.model.replacing import Replacement

#: Every character that is not ASCII may stand in a name, even an arrow.
_WORD: Final = r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*+"
_TAG: Final = r"\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*+)?\$"
_TOKEN: Final = re.compile(
    rf"""
      (?P<comment>--[^\n\r]*+)
    | (?P<block>/\*)
    | (?P<escaped>[eE]')
    | (?P<quote>['"])
    | (?P<dollar>{_TAG})
    | (?P<numbered>\$\d+)
    | (?P<word>{_WORD}|\d\w*+)
    | (?P<other>::|:=)
    | (?P<placeholder>:(?P<name>[^\W\d]\w*+)(?:\.(?P<column>[^\W\d]\w*+))?)
    | (?P<table>\{{\{{\s*+(?P<entity>[^{{}}\s](?:[^{{}}\n]*[^{{}}\s])?)\s*+\}}\}})
    | (?P<space>[\x20\t\n\r\f\v]++)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN_END: Final = {"'": re.compile(r"[^']*+(?:''[^']*+)*+'"), '"': re.compile(r'[^"]*+(?:""[^"]*+)*+"')}
_ESCAPED_END: Final = re.compile(r"(?:[^'\\]|\\.|'')*+'", re.DOTALL)
#: A string goes on after a line break; comments may stand between its pieces.
_CONTINUED: Final = re.compile(r"(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+'")
#: The last character of a name, a number or a closed expression.
_ENDS_VALUE: Final = re.compile(r"[\w$)\]'\"\x80-\U0010ffff]")
_BLOCK_EDGE: Final = re.compile(r"/\*|\*/")


class SqlTextError(ValueError):
    """A quote or a comment that nothing ends: what it is, and the `offset` at which it begins."""

    def __init__(self, what: str, offset: int) -> None:
        self.what = what
        self.offset = offset
        super().__init__(f"{what} that begins at character {offset + 1} has no end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """`:name` or `:step.column`, at `start`..`stop` of the text."""

    name: str  #: of a parameter; with a column, of a step
    column: str | None
    start: int
    stop: int

    @property
    def key(self) -> tuple[str, str | None]:
        """What it stands for, wherever it is."""
        return self.name, self.column


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMark:
    """`{{entity}}`, at `start`..`stop` of the text."""

    name: str
    start: int
    stop: int


def placeholders(sql: str) -> tuple[Placeholder, ...]:
    """Return the placeholders of `sql` in order. Raises: SqlTextError."""
    return tuple(
        Placeholder(name=token["name"], column=token["column"], start=token.start(), stop=token.end())
        for token in tokens_of(sql)
        if token.lastgroup == "placeholder"
    )


def table_marks(sql: str) -> tuple[TableMark, ...]:
    """Return the `{{entity}}` of `sql` in order. Raises: SqlTextError."""
    return tuple(
        TableMark(name=token["entity"], start=token.start(), stop=token.end())
        for token in tokens_of(sql)
        if token.lastgroup == "table"
    )


def numbered_parameters(sql: str) -> tuple[str, ...]:
    """Return the `$1` that the author wrote, in order. Raises: SqlTextError."""
    return tuple(token[0] for token in tokens_of(sql) if token.lastgroup == "numbered")


def count_statements(sql: str) -> int:
    """Return how many statements `sql` has; what is empty between semicolons is none. Raises: SqlTextError."""
    count, is_empty = 0, True
    for token in tokens_of(sql):
        if token[0] == ";":
            is_empty = True
        elif is_empty and token.lastgroup not in {"space", "comment", "block"}:
            count, is_empty = count + 1, False
    return count


def bind(
    sql: str, numbers: Mapping[tuple[str, str | None], int], tables: Mapping[str, str] | None = None
) -> str:
    """Return `sql` with `$n` for each placeholder, by its key, and SQL for each `{{entity}}`, by its name.

    All else stays as it is, letter by letter. Raises: SqlTextError; KeyError for what has no number or table.
    """
    return replaced(sql, _replacements(sql, numbers, tables or {}))


def place_before_binding(
    sql: str, numbers: Mapping[tuple[str, str | None], int], tables: Mapping[str, str], place: int
) -> int:
    """Return where the character at `place` of what `bind` returns stands in `sql`.

    Of what was put in for a placeholder or an `{{entity}}`, where that begins. Raises: as `bind`.
    """
    return place_before(_replacements(sql, numbers, tables), place)


def _replacements(
    sql: str, numbers: Mapping[tuple[str, str | None], int], tables: Mapping[str, str]
) -> Iterator[Replacement]:
    """Yield what is written instead of placeholders and `{{entity}}`."""
    for token in tokens_of(sql):
        if token.lastgroup == "placeholder":
            text = f"${numbers[token['name'], token['column']]}"
        elif token.lastgroup == "table":
            text = tables[token["entity"]]
        else:
            continue
        # `LIMIT:n` would become a name with a dollar sign in it
        gap = " " if _ENDS_VALUE.match(sql, token.start() - 1) and token.start() else ""
        yield token.start(), token.end(), f"{gap}{text}"


def tokens_of(sql: str) -> Iterator[re.Match[str]]:
    """Yield what stands outside of quotes and comments, and the beginnings of those."""
    place, brackets = 0, 0
    while token := _TOKEN.match(sql, place):
        if token.lastgroup == "placeholder" and brackets and _ENDS_VALUE.match(sql, place - 1):
            place += 1  # the colon of a slice
            continue
        yield token
        brackets = max(0, brackets + (token[0] == "[") - (token[0] == "]"))
        place = end_of(sql, token)


def end_of(sql: str, token: re.Match[str]) -> int:
    """Return where the token ends, with all that is quoted or commented out after its beginning."""
    match token.lastgroup:
        case "quote":
            what = "the text" if token[0] == "'" else "the quoted identifier"
            return _past(_PLAIN_END[token[0]].match(sql, token.end()), what, token)
        case "escaped":
            end = _past(_ESCAPED_END.match(sql, token.end()), "the text", token)
            while more := _CONTINUED.match(sql, end):
                end = _past(_ESCAPED_END.match(sql, more.end()), "the text", token)
            return end
        case "dollar":
            end = sql.find(token[0], token.end())
            if end < 0:
                raise SqlTextError(f"the text after {token[0]}", token.start())
            return end + len(token[0])
        case "block":
            return _past_block(sql, token)
    return token.end()


def _past(found: re.Match[str] | None, what: str, token: re.Match[str]) -> int:
    if found is None:
        raise SqlTextError(what, token.start())
    return found.end()


def _past_block(sql: str, token: re.Match[str]) -> int:
    """Return where a comment ends; comments may stand inside it."""
    depth, place = 1, token.end()
    while depth:
        edge = _BLOCK_EDGE.search(sql, place)
        if edge is None:
            raise SqlTextError("the comment", token.start())
        depth += 1 if edge[0] == "/*" else -1
        place = edge.end()
    return place
