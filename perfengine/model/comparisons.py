"""The simple comparisons that a rule is a conjunction of: `total > 0 AND status IN ('a', 'b')`.

What is not understood is left out, and never read wrongly: a comparison that comes back must hold wherever the
whole expression holds. A rule with OR at its top says nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from perfengine.model.expression import Token, TokenKind, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Literal = str | Decimal | bool | None

_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>", "!=": "<>"}
_SAME: Final = {"!=": "<>"}
_WORDS: Final[dict[str, Literal]] = {"true": True, "false": False, "null": None}
#: Longer ones are not written by hand; what they say is not looked for.
_MAX_CHARACTERS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`field` compared with constants; one constant for every operator but `in`."""

    field: str
    operator: str  #: = <> < <= > >= in; NULL is compared with `=`, meaning IS NULL
    literals: tuple[Literal, ...]


def comparisons_of(expression: str) -> tuple[Comparison, ...]:
    """Return the comparisons that hold wherever the expression holds; never raises."""
    if len(expression) > _MAX_CHARACTERS:
        return ()
    conjuncts = _conjuncts(tokens_of(expression))
    return tuple(comparison for conjunct in conjuncts for comparison in _read(conjunct))


def _conjuncts(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    found: list[Sequence[Token]] = []
    waiting = [tokens]
    while waiting:
        parts = _split_at_and(_unwrapped(waiting.pop()))
        if len(parts) > 1:
            waiting += reversed(parts)
        else:
            found += parts
    return found


def _unwrapped(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens without parentheses around the whole."""
    closing = _closings(tokens)
    begin, end = 0, len(tokens) - 1
    while end - begin > 1 and closing.get(begin) == end:
        begin, end = begin + 1, end - 1
    return tokens[begin : end + 1]


def _closings(tokens: Sequence[Token]) -> dict[int, int]:
    """Return where each parenthesis closes, by the index at which it opens."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.is_symbol("("):
            opened.append(index)
        elif token.is_symbol(")") and opened:
            found[opened.pop()] = index
    return found


def _split_at_and(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Return the parts between top-level ANDs; none when a top-level OR stands among them."""
    parts: list[Sequence[Token]] = []
    depth, begin, in_between = 0, 0, False
    for index, token in enumerate(tokens):
        # CASE ... END holds conditions of its own, like a parenthesis
        depth += token.is_symbol("(") + token.is_word("case") - token.is_symbol(")") - token.is_word("end")
        if depth:
            continue
        if token.is_word("or"):
            return []
        if token.is_word("between"):
            in_between = True
        elif token.is_word("and"):
            if not in_between:
                parts.append(tokens[begin:index])
                begin = index + 1
            in_between = False
    return [*parts, tokens[begin:]]


def _read(tokens: Sequence[Token]) -> list[Comparison]:
    """Return what one conjunct says; nothing where it has another shape."""
    if len(tokens) < 3:
        return _truth(tokens)
    name, operator, rest = tokens[0], tokens[1], tokens[2:]
    if operator.is_word("between"):
        return _between(name, rest)
    if operator.is_word("in", "not"):
        return _membership(name, tokens[1:])
    if operator.is_word("is"):
        return _compare(name, "=", _literals(rest, 1))
    if operator.is_symbol(*_FLIPPED) and name.is_column_name:
        return _compare(name, _SAME.get(operator.text, operator.text), _literals(rest, 1))
    flipped = _FLIPPED.get(tokens[-2].text, "")
    return _compare(tokens[-1], flipped, _literals(tokens[:-2], 1)) if flipped else []


def _truth(tokens: Sequence[Token]) -> list[Comparison]:
    """Return what `active` and `NOT active` say."""
    if len(tokens) == 2 and tokens[0].is_word("not"):
        return _compare(tokens[1], "=", [False])
    return _compare(tokens[0], "=", [True]) if len(tokens) == 1 else []


def _between(name: Token, tokens: Sequence[Token]) -> list[Comparison]:
    middle = next((n for n, token in enumerate(tokens) if token.is_word("and")), None)
    if middle is None:
        return []
    low, high = _literals(tokens[:middle], 1), _literals(tokens[middle + 1 :], 1)
    return _compare(name, ">=", low) + _compare(name, "<=", high) if low and high else []


def _membership(name: Token, tokens: Sequence[Token]) -> list[Comparison]:
    negated = tokens[0].is_word("not")
    tokens = tokens[1:] if negated else tokens
    if len(tokens) < 4 or not tokens[0].is_word("in") or _closings(tokens).get(1) != len(tokens) - 1:
        return []
    literals = _literals(tokens[2:-1], len(tokens))
    if not negated:
        return _compare(name, "in", literals)
    return [part for literal in literals for part in _compare(name, "<>", [literal])]


def _compare(name: Token, operator: str, literals: list[Literal]) -> list[Comparison]:
    if not literals or not name.is_column_name:
        return []
    return [Comparison(field=name.text, operator=operator, literals=tuple(literals))]


def _literals(tokens: Sequence[Token], most: int) -> list[Literal]:
    """Return the constants of a list with commas; empty when anything else is in it, or more than `most`."""
    found: list[Literal] = []
    part: list[Token] = []
    for token in (*tokens, Token(TokenKind.SYMBOL, ",")):
        if not token.is_symbol(","):
            part.append(token)
            continue
        if not _is_constant(part):
            return []
        found.append(_constant(part))
        part = []
    return found if len(found) <= most else []


def _is_constant(tokens: Sequence[Token]) -> bool:
    match [token.kind for token in tokens]:
        case [TokenKind.NUMBER] | [TokenKind.TEXT]:
            return True
        case [TokenKind.NAME]:
            return tokens[0].text in _WORDS
        case [TokenKind.SYMBOL, TokenKind.NUMBER]:
            return tokens[0].text in {"-", "+"}
    return False


def _constant(tokens: Sequence[Token]) -> Literal:
    last = tokens[-1]
    if last.kind is TokenKind.NAME:
        return _WORDS[last.text]
    if last.kind is TokenKind.TEXT:
        return last.text
    number = Decimal(last.text)
    return number.copy_negate() if tokens[0].is_symbol("-") else number  # exact, however long
