"""The shape of the fields of an entity, and of its indexes."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from perfengine.spec.shape.amounts import Number
from perfengine.spec.shape.field_type import TYPE_SCHEMA, FieldWord
from perfengine.spec.shape.names import Name, Remark, read_name, read_word
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import Switch
from perfengine.spec.shape.short_part import ShortPart
from perfengine.spec.shape.type_text import enum_values
from perfengine.spec.shape.written import Written, one_of, wording
from perfengine.spec.text.tree import MapNode, described


def _read_values(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise wording(f"it must be a list of values, found {described(value)}")
    return enum_values([item.get("name") if isinstance(item, MapNode) else item for item in value])


EnumWords = Annotated[tuple[str, ...], Written(_read_values, {"type": "array", "minItems": 1})]


class FieldPart(ShortPart):
    """`total: decimal(12,3)?`, or a mapping with `type`."""

    noun: ClassVar[str] = "a field"
    short: ClassVar[str] = "type"
    short_schema: ClassVar[dict[str, Any]] = TYPE_SCHEMA
    skipped: ClassVar[tuple[str, ...]] = (
        "comment",
        "example",
        "format",
        "help",
        "label",
        "max_length",
        "min_length",
        "on_delete",
        "pattern",
        "placeholder",
        "primary_key",
        "schema",
        "searchable",
        "translatable",
    )

    type: FieldWord = Field(description="uuid, string(40), decimal(12,3), ...; a ? at the end allows NULL")
    nullable: Switch | None = Field(None, description="Whether NULL is allowed.")
    required_: Switch | None = Field(None, alias="required", description="The opposite of nullable.")
    default: Remark | None = Field(
        None, description="The state of a new row, where the field holds the state."
    )
    values: EnumWords | None = Field(None, description="Of type enum: its values.")
    references: Name | None = Field(None, description="The entity whose key it holds.")
    min: Number | None = Field(None, description="The least number it holds.")
    max: Number | None = Field(None, description="The largest number it holds.")
    indexed: Switch | None = Field(None, description="Whether there is an index on it.")
    unique: Switch | None = Field(None, description="The same: an index, which admits values twice.")
    description: Remark = Field("", description="For readers; never sent to the database.")


METHODS = ("brin", "btree", "gin", "gist", "hash")


def _read_fields(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (read_name(value),)
    if not isinstance(value, list) or not value:
        raise wording(f"it must be a list of fields, found {described(value)}")
    return tuple(read_word(item, index, "a field") for index, item in enumerate(value))


class IndexPart(Part):
    """`{fields: [status, created_at]}`."""

    noun: ClassVar[str] = "an index"
    skipped: ClassVar[tuple[str, ...]] = ("name", "where", "include", "comment")

    fields_: Annotated[tuple[str, ...], Written(_read_fields, {"type": ["array", "string"]})] = Field(
        alias="fields", description="The fields, in order."
    )
    type: Annotated[str, one_of("kind of index", METHODS)] = Field("btree", description="Its kind.")
    unique: Switch | None = Field(None, description="Values may be there twice even so.")
    description: Remark = Field("", description="For readers; never sent to the database.")
