"""How a scalar of a document becomes a value: the one kind of annotation that all scalar types share.

Each says its own JSON Schema, in the words of YAML 1.2 that editors use. A wrong value raises `wording`, whose
message the door shows as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import PydanticCustomError, core_schema

from perfengine.spec.mistakes import quoted
from perfengine.spec.text.tree import described

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

#: The longest text that can be a number with a unit; more digits are no slip of the pen.
MAX_QUANTITY: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A scalar type: `read` gets what the YAML holds, and `schema` describes it to editors."""

    read: Callable[[object], object]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the validator: `read` alone."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON Schema."""
        return dict(self.schema)


def wording(
    message: str,
    *,
    allowed: Sequence[str] = (),
    found: str | None = None,
    synonyms: Mapping[str, str] | None = None,
    whole: bool = False,
    at: str | int | None = None,
) -> PydanticCustomError:
    """Return the error that carries a message to the door.

    `whole`: the message needs no key before it. `at`: the key or index inside the value where the fault lies.
    """
    context: dict[str, Any] = {"message": message, "allowed": tuple(allowed), "found": found}
    context |= {"synonyms": dict(synonyms or {}), "whole": whole, "at": at}
    return PydanticCustomError("wording", "{message}", context)


def text_of(value: object, what: str) -> str:
    """Return a scalar's text. Raises: wording when there is a list, a mapping or nothing."""
    if isinstance(value, str):
        return value
    if value is None:
        raise wording(f"nothing is written here, it must be {what}")
    raise wording(f"it must be {what}, found {described(value)}")


def quantity(parse: Callable[[str], object], what: str) -> Callable[[object], object]:
    """Return a reader that gives a scalar's text to `parse` and words its ValueError."""

    def read(value: object) -> object:
        text = text_of(value, what)
        if len(text) > MAX_QUANTITY:
            raise wording(f"{quoted(text)} is too long for {what}")
        try:
            return parse(text)
        except ValueError as error:
            raise wording(str(error)) from None

    return read


def one_of(
    noun: str,
    words: Sequence[str],
    *,
    synonyms: Mapping[str, str] | None = None,
    schema: Mapping[str, Any] | None = None,
) -> Written:
    """Return the scalar type of a word out of `words`."""

    def read(value: object) -> str:
        text = text_of(value, f"a {noun}")
        if text not in words:
            raise wording(
                f"unknown {noun} {quoted(text)}", allowed=words, found=text, synonyms=synonyms, whole=True
            )
        return text

    return Written(read, schema or {"type": "string", "enum": list(words)})
