"""A text to the type that it stands for: `decimal(12,3)`, `enum(a, b) = a`, `ref(Company)!`, `list(text)?`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType
from perfengine.spec.mistakes import nearest, quoted
from perfengine.spec.shape.names import read_name
from perfengine.spec.shape.rich_types import RICH_TYPES
from perfengine.spec.shape.written import wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

#: The words of our own, which documents and messages speak of first.
TYPE_WORDS: Final = tuple(sorted(FieldType))
#: Words that take others in parentheses.
MAKERS: Final = ("enum", "list", "ref")
#: Words of SQL that mean one of ours, upper or lower case.
SQL_WORDS: Final = {
    "bool": FieldType.BOOLEAN,
    "char": FieldType.STRING,
    "double": FieldType.FLOAT,
    "int": FieldType.INTEGER,
    "int4": FieldType.INTEGER,
    "int8": FieldType.BIGINT,
    "jsonb": FieldType.JSON,
    "numeric": FieldType.DECIMAL,
    "real": FieldType.FLOAT,
    "smallint": FieldType.INTEGER,
    "timestamptz": FieldType.TIMESTAMP,
    "varchar": FieldType.STRING,
}
#: Words of other languages, for the suggestion.
_SYNONYMS: Final = {"long": "bigint", "str": "string", "guid": "uuid", "array": "list", "reference": "ref"}
_PARTS: Final = re.compile(r"((?:\s*+[^?!=\s]++)*+)\s*+([?!]?)\s*+(?:=\s*+(.*))?", re.DOTALL)
_SIZED: Final = re.compile(r"(\w+)(?:\s*\(\s*(\d{1,9})\s*(?:,\s*(\d{1,9})\s*)?\))?", re.ASCII)
#: One level of parentheses inside, as in `list(decimal(10,2))`; text in quotes may hold any sign.
_MADE: Final = re.compile(
    r"""(enum|list|ref)\s*[(\[]((?:[^()\[\]'"]|'(?:[^']|'')*+'|"[^"]*"|\([^()]*\)|\[[^\[\]]*\])*+)[)\]]"""
)
_WORD: Final = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,]*)\s*(?:,|$)""")
_CUT_IN_TWO: Final = re.compile(r"\w+\s*[(\[][^)\]]*")
_MAX_PRECISION: Final = 1000
_MAX_LENGTH: Final = 10_485_760
_MAX_VALUES: Final = 1000
_MAX_DIMENSIONS: Final = 6
#: Two words of a list, as JSON: what a list is kept as.
_LIST_LIKE: Final = ('["a", "b"]', "[1, 2, 3]")
_SIZES: Final = "decimal(12,3) and string(40) do"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWord:
    """A type as written: the type, its size where one was given, and whether a `?` or a `!` follows."""

    type: FieldType
    precision: int = 10
    scale: int = 2
    length: int = 255
    nullable: bool | None = None  #: None: neither `?` nor `!`
    values: tuple[str, ...] = ()  #: of an `enum(...)`
    targets: tuple[str, ...] = ()  #: of a `ref(...)`, as written; several: of a reference to any of them
    default: str | None = None  #: what follows a `=`
    low: Decimal | None = None
    high: Decimal | None = None
    like: tuple[str, ...] = ()
    kept_as: str = ""  #: `list(text) as json`, where the column is not what the word says
    maker: str = ""  #: `enum`, `list` or `ref`, with or without what belongs in its parentheses


def parse_type(text: str, owner: str = "") -> TypeWord:
    """Return the type that a text stands for; `owner` is said in the message. Raises: wording."""
    made = _MADE.match(text)
    head = made[0] if made else ""
    match = _PARTS.fullmatch(text[len(head) :])
    if match is None or (made and match[1]):
        raise _unknown(text, text, owner)
    word = _core(head or match[1], text, owner)
    nullable = {"?": True, "!": False}.get(match[2])
    return replace(word, nullable=nullable, default=_default(match[3]))


def _core(text: str, whole: str, owner: str) -> TypeWord:
    made = _MADE.fullmatch(text)
    if made:
        inside = made[2].strip()
        return _list(inside, whole, owner) if made[1] == "list" else _MAKE[made[1]](inside)
    if text in MAKERS:
        return TypeWord(type=FieldType.UUID if text == "ref" else FieldType.TEXT, maker=text)
    if text.endswith("[]"):
        if text.count("[]") > _MAX_DIMENSIONS:
            raise wording(f"an array has at most {_MAX_DIMENSIONS} dimensions")
        return _list(text[:-2].strip(), whole, owner)
    if text in RICH_TYPES:
        return _rich(text)
    sized = _SIZED.fullmatch(text)
    word = _own_word(sized[1]) if sized else None
    if sized is None or word is None:
        raise _unknown(whole, sized[1] if sized else text, owner)
    if sized[2] is None:
        return TypeWord(type=word, length=1 if sized[1].lower() == "char" else 255)
    return _sized(word, int(sized[2]), int(sized[3]) if sized[3] else None)


def _own_word(text: str) -> FieldType | None:
    if text in TYPE_WORDS:
        return FieldType(text)
    if text.isupper() and text.lower() in TYPE_WORDS:
        return FieldType(text.lower())
    return SQL_WORDS.get(text.lower())


def _sized(word: FieldType, first: int, second: int | None) -> TypeWord:
    if word is FieldType.DECIMAL:
        scale = second or 0
        if not (1 <= first <= _MAX_PRECISION and scale <= first):
            raise wording(f"a decimal has 1 to {_MAX_PRECISION} digits, and its scale is not more than that")
        return TypeWord(type=word, precision=first, scale=scale)
    if word is FieldType.STRING and second is None:
        if not 1 <= first <= _MAX_LENGTH:
            raise wording(f"a string has 1 to {_MAX_LENGTH} characters")
        return TypeWord(type=word, length=first)
    raise wording(f"the type {word} takes no size like this; {_SIZES}")


def _rich(text: str) -> TypeWord:
    rich = RICH_TYPES[text]
    return TypeWord(
        type=rich.type,
        precision=rich.precision,
        scale=rich.scale,
        low=rich.low,
        high=rich.high,
        like=rich.like,
        kept_as=f"{text} as {rich.kept_as}" if rich.kept_as else "",
    )


def _enum(inside: str) -> TypeWord:
    return TypeWord(type=FieldType.TEXT, values=enum_values(_words(inside)), maker="enum")


def enum_values(words: Sequence[object]) -> tuple[str, ...]:
    """Return the values of an enumeration. Raises: wording for none, too many, one twice, and what is no name."""
    values = tuple(read_name(word) for word in words)
    if not values:
        raise wording("an enum needs its values, as in enum(pending, paid)")
    if len(values) > _MAX_VALUES:
        raise wording(f"there are {len(values)} values, at most {_MAX_VALUES} are read")
    twice = [value for value in dict.fromkeys(values) if values.count(value) > 1]
    if twice:
        raise wording(f"the value {quoted(twice[0])} is there twice")
    return values


def _ref(inside: str) -> TypeWord:
    targets = tuple(part.strip() for part in inside.split("|"))
    for target in targets:
        if not target:
            raise wording("a ref names the entity it refers to, as in ref(Customer)")
        read_name(target.rpartition(".")[2])
    return TypeWord(type=FieldType.UUID, targets=targets, maker="ref")


def _list(inside: str, whole: str, owner: str) -> TypeWord:
    if not inside:
        raise wording("a list says of what, as in list(text)")
    _core(inside, whole, owner)  # its items must be of a type, whatever it is kept as
    return TypeWord(type=FieldType.JSON, like=_LIST_LIKE, kept_as=f"list({inside}) as json", maker="list")


_MAKE: Final = {"enum": _enum, "ref": _ref}


def _words(inside: str) -> list[str]:
    """Return words apart by commas, quotes gone; a comma in quotes is part of its word."""
    words = [_unquoted(part) for part in _WORD.findall(inside)]
    return words[:-1] if words and not words[-1] else words


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def _default(text: str | None) -> str | None:
    if text is None:
        return None
    if not text.strip():
        raise wording("nothing stands behind the =: give the default, or remove it")
    return _unquoted(text)


def _unknown(text: str, word: str, owner: str) -> Exception:
    if _CUT_IN_TWO.fullmatch(text):
        return wording(
            f'{quoted(text)} is cut off at its comma: put the type in quotes, as in "decimal(12,3)"'
        )
    message = f"unknown field type {quoted(text)}{owner}"
    near = _SYNONYMS.get(word.casefold()) or nearest(word, (*TYPE_WORDS, *MAKERS, *RICH_TYPES))
    meant = {word.casefold(): near} if near else {}
    return wording(message, allowed=(*TYPE_WORDS, *MAKERS, "..."), found=word, synonyms=meant, whole=True)
