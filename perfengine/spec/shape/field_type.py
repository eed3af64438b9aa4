"""The type words of fields: `uuid`, `decimal(12,3)`, `string(40)?`, `enum(a, b) = a`, `ref(Company)!`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic_core import core_schema

from perfengine.spec.shape.rich_types import RICH_TYPES
from perfengine.spec.shape.type_text import MAKERS, SQL_WORDS, TYPE_WORDS, TypeWord, parse_type
from perfengine.spec.shape.written import text_of

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo


def _any_case(word: str) -> str:
    return "".join(f"[{char}{char.upper()}]" if char.isalpha() else char for char in word)


_ANY_WORD: Final = "|".join(
    [*TYPE_WORDS, *map(_any_case, SQL_WORDS), *(word.upper() for word in TYPE_WORDS), *RICH_TYPES]
)
_ONE: Final = (
    rf"(({_ANY_WORD})(\s*\(\s*\d+\s*(,\s*\d+\s*)?\))?(\[\])?|({'|'.join(MAKERS)})(\s*[(\[].*[)\]])?)"
)
TYPE_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "pattern": rf"^\s*{_ONE}\s*[?!]?\s*(=.*)?$",
    "examples": [*TYPE_WORDS, "decimal(12,3)", "string(40)?", "enum(new, paid) = new", "ref(Customer)!"],
}


def read_type_word(value: object, info: ValidationInfo) -> TypeWord:
    """Return the type that a word stands for. Raises: wording."""
    text = text_of(value, "a type such as uuid or decimal(12,3)").strip()
    return parse_type(text, info.context.owner if info.context else "")


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """Has a type read from its text, for which the entity must be known."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the validator: `read_type_word`."""
        return core_schema.with_info_plain_validator_function(read_type_word)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON Schema."""
        return dict(TYPE_SCHEMA)


FieldWord = Annotated[TypeWord, _Read()]
