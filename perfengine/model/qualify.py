"""The schema before names in SQL, for sessions whose search path is not ours: read as PostgreSQL reads the text.

Sources: PostgreSQL documentation, appendix C "SQL Key Words", and the pages of SELECT, INSERT, UPDATE, DELETE, MERGE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.replacing import replaced
from perfengine.model.sql_words import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from perfengine.model.sql_words import Word

#: After these a table is named, unless ...
_BEFORE_TABLE: Final = frozenset({"from", "join", "into", "update", "only", "table", "using"})
#: ... another word stands before them: IS DISTINCT FROM, FOR UPDATE, FOR NO KEY UPDATE, DO UPDATE, THEN UPDATE.
_NOT_BEFORE_TABLE: Final = frozenset(
    {("distinct", "from"), *((word, "update") for word in ("for", "key", "do", "then"))}
)
#: What a WITH defines cannot be changed: after these the table of that name is meant.
_CHANGED: Final = frozenset({"into", "update"})
#: Between their parentheses FROM is a part of the call.
_CALLS_WITH_FROM: Final = frozenset({"extract", "overlay", "substring", "trim"})
_AFTER_LIST: Final = """
where group having window union intersect except order limit offset fetch for set returning values select when ;
"""
_LIST_ENDS: Final = frozenset(_AFTER_LIST.split())
#: After these a name with a parenthesis is a type, or has a list of columns.
_NO_CALL_AFTER: Final = frozenset({".", "::", "as", ")"})


class _Level:
    """What is inside of one pair of parentheses."""

    __slots__ = ("in_list", "is_call")

    def __init__(self, *, is_call: bool = False) -> None:
        self.is_call = is_call  #: of a function whose arguments are set apart by FROM
        self.in_list = False  #: of tables: a comma is followed by the next


def qualify(sql: str, schema: str, tables: Collection[str], functions: Collection[str]) -> str:
    """Return `sql` with `schema`, quoted, before names of `tables` and calls of `functions`.

    Those are as SQL quotes them; a name that the author did not quote is folded to lower case first. What has a
    schema keeps it, what a WITH defines is left alone, and so is all else, letter by letter. Raises: SqlTextError.
    """
    places = _places(words_of(sql), tables, functions)
    return replaced(sql, ((place, place, f"{schema}.") for place in places))


def _places(words: list[Word], tables: Collection[str], functions: Collection[str]) -> Iterator[int]:
    """Yield where in the text the schema belongs."""
    keys = ["", *(word.key for word in words), ""]
    defined = _defined(words)
    levels = [_Level()]
    expected = False  #: a table, as the next word
    for word, before, after in zip(words, keys, keys[2:], strict=False):
        named = expected and word.name in tables and after not in {".", "&"}
        if named:
            if word.name not in defined or before in _CHANGED:
                yield word.start
        elif after == "(" and word.name in functions and before not in _NO_CALL_AFTER and before[:1] != '"':
            yield word.start
        expected = _expects_table(word.key, before, levels[-1], expected=expected)
        _follow(levels, word.key, before, begins_list=expected and (word.key == "from" or after != "("))


def _expects_table(key: str, before: str, level: _Level, *, expected: bool) -> bool:
    """Return whether a table comes after this word, where one was expected as the word itself or not."""
    if key == "(":
        return expected and before != "using"
    if key == ",":
        return level.in_list
    if key == "from" and level.is_call:
        return False
    return key in _BEFORE_TABLE and (before, key) not in _NOT_BEFORE_TABLE


def _follow(levels: list[_Level], key: str, before: str, *, begins_list: bool) -> None:
    """Keep count of the parentheses and of the lists of tables in them."""
    if key == "(":
        levels.append(_Level(is_call=before in _CALLS_WITH_FROM))
    elif key == ")":
        del levels[max(1, len(levels) - 1) :]
    elif key in {"from", "using"} and begins_list:
        levels[-1].in_list = True
    elif key in _LIST_ENDS:
        levels[-1].in_list = False


def _defined(words: list[Word]) -> set[str]:
    """Return the names that a WITH gives to queries: `name AS (`, `name (columns) AS MATERIALIZED (`."""
    found = set()
    for number, word in enumerate(words):
        before = words[number - 1].key if number else ""
        if word.name and before in {"with", "recursive", ","} and _is_defined(words, number + 1):
            found.add(word.name)
    return found


def _is_defined(words: list[Word], place: int) -> bool:
    keys = [word.key for word in words[place:]]
    if keys[:1] == ["("] and ")" in keys:
        keys = keys[keys.index(")") + 1 :]
    rest = [key for key in keys[1:4] if key not in {"not", "materialized"}]
    return keys[:1] == ["as"] and rest[:1] == ["("]
