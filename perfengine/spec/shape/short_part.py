"""A part that has a short form: a scalar in place of its mapping."""

from typing import Any, ClassVar

from pydantic import GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from perfengine.spec.shape.part import Part


class ShortPart(Part):
    """A part that may be written as the text of one of its keys alone; then it has no node."""

    short: ClassVar[str]
    short_schema: ClassVar[dict[str, Any]]

    @model_validator(mode="before")
    @classmethod
    def _widen(cls, data: object) -> object:
        return data if isinstance(data, dict | list) else cls.widened(data)

    @classmethod
    def widened(cls, data: object) -> object:
        """Return the mapping that a scalar stands for."""
        return {cls.short: data}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema: the short form or the mapping."""
        return {"anyOf": [cls.short_schema, super().__get_pydantic_json_schema__(schema, handler)]}
