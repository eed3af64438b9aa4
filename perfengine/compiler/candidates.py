"""Values to try a rule with: from its literals and their neighbours, then samples of the field's type.

Nothing here decides whether a rule accepts a value. The database does, by evaluating the rule over them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from perfengine.compiler import samples
from perfengine.compiler.pattern_sample import sample_of
from perfengine.compiler.sql_types import NUMBERS, TEXTS, limits_of, round_down, round_up, step_of
from perfengine.model.entity import FieldType
from perfengine.model.expression import Token, TokenKind, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from perfengine.model.entity import Field

MAX_CANDIDATES: Final = 200
#: NULL comes after a value and its neighbours, yet early: of a rule over many fields only the first few are tried.
_NULL_PLACE: Final = 3
#: Longer texts prove no more about a rule and make every attempt heavier.
MAX_TEXT: Final = 10_000
_LONG_TEXT: Final = 1_000
#: JSON numbers beyond this are not read alike everywhere.
_SAFE_INTEGER: Final = 2**53
_LENGTHS: Final = frozenset({"length", "char_length", "character_length", "octet_length", "bit_length"})
#: `{3}`, `{3,}`, `{3,5}` of a regular expression.
_QUANTIFIER: Final = re.compile(r"\{(\d{1,4})(?:,(\d{0,4}))?\}")
#: Python reads more of ISO 8601 than PostgreSQL; both read this.
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?\Z")
_JSON_KEY: Final = re.compile(r"[^\W\d]\w*\Z")


@dataclass(frozen=True, slots=True)
class Literals:
    """The constants of an expression, in order of appearance."""

    numbers: tuple[Decimal, ...]
    texts: tuple[str, ...]
    lengths: tuple[int, ...]  #: lengths of text that the expression seems to speak of


def literals_of(expression: str) -> Literals:
    """Return the constants of `expression`; a minus counts where no operand stands before it."""
    tokens = tokens_of(expression)
    numbers = tuple(dict.fromkeys(_numbers(tokens)))
    texts = tuple(dict.fromkeys(token.text for token in tokens if token.kind is TokenKind.TEXT))
    lengths = [int(n) for text in texts for pair in _QUANTIFIER.findall(text) for n in pair if n]
    if any(token.is_word(*_LENGTHS) for token in tokens):
        lengths += [int(n) for n in numbers if 0 <= n <= MAX_TEXT and n == n.to_integral_value()]
    return Literals(numbers=numbers, texts=texts, lengths=tuple(dict.fromkeys(lengths)))


def candidates_of(field: Field, literals: Literals) -> tuple[str | None, ...]:
    """Return at most 200 texts that the field's type can read, the likeliest first; None is NULL."""
    if field.values:
        values = list(field.values)
    elif field.type in NUMBERS:
        values = _number_texts(field, literals)
    else:
        make = _FROM_LITERALS.get(field.type, _none)
        values = [*make(literals), *(_filled(text) for text in field.like), *samples.BY_TYPE[field.type]]
    if field.type in TEXTS and not field.values:
        limit = field.length if field.type is FieldType.STRING else MAX_TEXT
        values = [text for text in (*values, "x" * min(limit, _LONG_TEXT)) if len(text) <= limit]
    distinct: list[str | None] = list(dict.fromkeys(values))
    if field.nullable:
        distinct.insert(_NULL_PLACE, None)
    return tuple(distinct[:MAX_CANDIDATES])


def _filled(text: str) -> str:
    return text.replace("{index}", "1").replace("{word}", "0123abcd")


def _numbers(tokens: Sequence[Token]) -> Iterator[Decimal]:
    start = Token(TokenKind.SYMBOL, "(")
    for first, before, token in zip((start, start, *tokens), (start, *tokens), tokens, strict=False):
        if token.kind is TokenKind.NUMBER:
            negative = before.is_symbol("-") and first.kind is not TokenKind.NUMBER and not _is_operand(first)
            number = Decimal(token.text)
            yield number.copy_negate() if negative else number


def _is_operand(token: Token) -> bool:
    return token.is_column_name or token.kind is TokenKind.TEXT or token.is_symbol(")", "]")


def _number_texts(field: Field, literals: Literals) -> list[str]:
    step, (least, most) = step_of(field), limits_of(field)
    near: list[Decimal] = []
    for number in (*literals.numbers, *_numbers_in(literals.texts), *map(Decimal, samples.NUMBERS)):
        if least <= number <= most:
            near += [
                round_down(number, step),
                round_up(number, step),
                round_down(number, step) - step,
                round_up(number, step) + step,
            ]
    values = [f"{value:f}" for value in (*near, most, least) if least <= value <= most]
    # only a rule that speaks of it: NaN passes every "greater than", which says nothing about a rule
    not_a_number = ["NaN"] if any(text.lower() == "nan" for text in literals.texts) else []
    return [*values, *not_a_number] if field.type in {FieldType.DECIMAL, FieldType.FLOAT} else values


def _numbers_in(texts: Sequence[str]) -> list[Decimal]:
    return [Decimal(text) for text in texts if re.fullmatch(r"[-+]?\d{1,30}(\.\d{1,30})?", text)]


def _none(_: Literals) -> list[str]:
    return []


def _words(literals: Literals) -> list[str]:
    # Lengths first: a literal may belong to another field, and of a rule over many fields few values are tried.
    found = _of_lengths(literals, "a")
    for text in literals.texts:
        plain = text.replace("%", "a").replace("_", "a")  # what LIKE's wildcards may stand for
        found += [text, plain, sample_of(text), text.upper(), text.lower(), f"{text}x", text[:-1]]
    return found + _of_lengths(literals, "A") + _of_lengths(literals, "1")


def _of_lengths(literals: Literals, letter: str) -> list[str]:
    """Return texts as long as the rule says, one shorter and one longer."""
    near = [size for length in literals.lengths for size in (length, length - 1, length + 1)]
    return [letter * size for size in near if 0 <= size <= MAX_TEXT]


def _instants(literals: Literals) -> list[str]:
    found: list[str] = []
    for text in literals.texts:
        instant = _instant(text)
        if instant is not None:
            found += [text, *(str(near) for near in _days_around(instant))]
    return found


def _instant(text: str) -> date | None:
    if not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _days_around(instant: date) -> Iterator[date]:
    for days in (-1, 1):
        try:
            yield instant + timedelta(days=days)
        except OverflowError:
            continue


def _uuids(literals: Literals) -> list[str]:
    return [text for text in literals.texts if _is_uuid(text)]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _documents(literals: Literals) -> list[str]:
    """Return JSON: literals that are JSON already, then objects that have the literals as keys."""
    keys = [text for text in literals.texts if _JSON_KEY.match(text)]
    near = [int(n) + d for n in literals.numbers if -_SAFE_INTEGER < n < _SAFE_INTEGER for d in (0, 1, -1)]
    values: list[object] = [1, "a", *near, *literals.texts, True, None, [], {}]
    found = [text for text in literals.texts if _is_json(text)]
    if keys:
        found.append(json.dumps(dict.fromkeys(keys, "a")))
    return found + [json.dumps({key: value}) for key in keys for value in values]


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return "\\u" not in text  # escapes that Python reads and jsonb refuses: NUL, half a surrogate pair


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


_FROM_LITERALS: Final[dict[FieldType, Callable[[Literals], list[str]]]] = {
    FieldType.DATE: _instants,
    FieldType.JSON: _documents,
    FieldType.STRING: _words,
    FieldType.TEXT: _words,
    FieldType.TIMESTAMP: _instants,
    FieldType.UUID: _uuids,
}
