"""What an update of an action sets: `Order SET status = 'paid', paid_at = now() WHERE id = :id`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.expression import Token, TokenKind, tokens_of

if TYPE_CHECKING:
    from perfengine.spec.text.tree import Node

#: What a parameter of an action begins with: `:id`, `$1`, `?`, `@id`.
PARAMETER_SIGNS: Final = frozenset("$:?@")


def constant_text(value: Node) -> str | None:
    """Return the text that a value in a mapping stands for; None when it is something to be computed."""
    if not isinstance(value, str) or value[:1] in PARAMETER_SIGNS or "(" in value:
        return None
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] == "'" else value


def parse_update(text: str) -> tuple[str, tuple[tuple[str, str | None], ...]]:
    """Return the entity of `Order SET a = 'x', b = now() WHERE ...`, and what is set; never raises."""
    tokens = tokens_of(text)
    marks = [n for n, token in enumerate(tokens) if token.is_word("set")]
    head = tokens[: marks[0]] if marks else tokens[:1]
    names = [token.text for token in head if token.kind in {TokenKind.NAME, TokenKind.QUOTED}]
    sets = _assignments(tokens[marks[0] + 1 :]) if marks else ()
    return (names[-1] if names else ""), sets


def _assignments(tokens: tuple[Token, ...]) -> tuple[tuple[str, str | None], ...]:
    found: list[tuple[str, str | None]] = []
    part: list[Token] = []
    depth = 0
    for token in (*tokens, Token(TokenKind.SYMBOL, ",")):
        depth += token.is_symbol("(", "[") - token.is_symbol(")", "]")
        if depth == 0 and token.is_word("where"):
            break
        if depth == 0 and token.is_symbol(","):
            found += _assignment(part)
            part = []
        else:
            part.append(token)
    else:
        return tuple(found)
    return (*found, *_assignment(part))


def _assignment(part: list[Token]) -> list[tuple[str, str | None]]:
    if len(part) < 3 or not part[1].is_symbol("="):
        return []
    is_text = len(part) == 3 and part[2].kind is TokenKind.TEXT
    return [(part[0].text, part[2].text if is_text else None)]
