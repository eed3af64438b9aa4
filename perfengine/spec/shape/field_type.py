"""The type words of fields: `uuid`, `decimal(12,3)`, `string(40)?`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import core_schema

from perfengine.model.entity import FieldType
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.written import text_of, wording

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo

TYPE_WORDS: Final = tuple(sorted(FieldType))

#: Words of SQL and of other languages, for the suggestion.
_SYNONYMS: Final = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "long": "bigint",
    "bool": "boolean",
    "varchar": "string",
    "char": "string",
    "str": "string",
    "numeric": "decimal",
    "money": "decimal",
    "double": "float",
    "real": "float",
    "jsonb": "json",
    "datetime": "timestamp",
    "timestamptz": "timestamp",
    "guid": "uuid",
}
_WORD: Final = re.compile(r"(\w+)(?:\s*\(\s*(\d{1,9})\s*(?:,\s*(\d{1,9})\s*)?\))?(\?)?", re.ASCII)
_CUT_IN_TWO: Final = re.compile(r"\w+\s*\(\s*\d+\s*")
_MAX_PRECISION: Final = 1000
_MAX_LENGTH: Final = 10_485_760


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWord:
    """A type as written: the type, its size where one was given, and whether a `?` follows."""

    type: FieldType
    precision: int = 10
    scale: int = 2
    length: int = 255
    nullable: bool = False

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the validator: `read_type_word`, which needs to know the entity."""
        return core_schema.with_info_plain_validator_function(read_type_word)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON Schema."""
        return dict(TYPE_SCHEMA)


TYPE_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "pattern": rf"^({'|'.join(TYPE_WORDS)})(\s*\(\s*\d+\s*(,\s*\d+\s*)?\))?\??$",
    "examples": list(TYPE_WORDS),
}


def read_type_word(value: object, info: ValidationInfo) -> TypeWord:
    """Return the type that a word stands for. Raises: wording."""
    text = text_of(value, "a type such as uuid or decimal(12,3)").strip()
    match = _WORD.fullmatch(text)
    if match is None or match[1] not in TYPE_WORDS:
        raise _unknown(text, match[1] if match else text, info.context.owner if info.context else "")
    word, nullable = FieldType(match[1]), match[4] is not None
    if match[2] is None:
        return TypeWord(type=word, nullable=nullable)
    return _sized(word, int(match[2]), int(match[3]) if match[3] else None, nullable=nullable)


def _sized(word: FieldType, first: int, second: int | None, *, nullable: bool) -> TypeWord:
    if word is FieldType.DECIMAL:
        scale = second or 0
        if not (1 <= first <= _MAX_PRECISION and scale <= first):
            raise wording(f"a decimal has 1 to {_MAX_PRECISION} digits, and its scale is not more than that")
        return TypeWord(type=word, precision=first, scale=scale, nullable=nullable)
    if word is FieldType.STRING and second is None:
        if not 1 <= first <= _MAX_LENGTH:
            raise wording(f"a string has 1 to {_MAX_LENGTH} characters")
        return TypeWord(type=word, length=first, nullable=nullable)
    raise wording(f"the type {word} takes no size like this; decimal(12,3) and string(40) do")


def _unknown(text: str, word: str, owner: str) -> Exception:
    if _CUT_IN_TWO.fullmatch(text):
        return wording(
            f'{quoted(text)} is cut off at its comma: put the type in quotes, as in "decimal(12,3)"'
        )
    message = f"unknown field type {quoted(text)}{owner}"
    return wording(message, allowed=TYPE_WORDS, found=word, synonyms=_SYNONYMS, whole=True)
