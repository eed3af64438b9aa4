"""The shape of an entity: fields, and the patterns `state_machine` and `validation`."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.field_type import TYPE_SCHEMA, TypeWord
from perfengine.spec.shape.names import WORD_SCHEMA, Name, Remark, Text, read_name
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import Switch
from perfengine.spec.shape.short_part import ShortPart
from perfengine.spec.shape.written import Written, wording
from perfengine.spec.text.tree import MapNode, described


class FieldPart(ShortPart):
    """`total: decimal(12,3)?`, or a mapping with `type`."""

    noun: ClassVar[str] = "a field"
    short: ClassVar[str] = "type"
    short_schema: ClassVar[dict[str, Any]] = TYPE_SCHEMA

    type: TypeWord = Field(description="uuid, string(40), decimal(12,3), ...; a ? at the end allows NULL")
    nullable: Switch | None = Field(None, description="Whether NULL is allowed; false unless said.")
    description: Remark = Field("", description="For readers; never sent to the database.")


class StatePart(ShortPart):
    """`pending`, or a mapping with `name`."""

    noun: ClassVar[str] = "a state"
    short: ClassVar[str] = "name"
    short_schema: ClassVar[dict[str, Any]] = WORD_SCHEMA

    name: Name = Field(description="The value of the state column.")
    description: Remark = Field("", description="For readers; never sent to the database.")


def _read_sources(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return (read_name(value),)
    if not value:
        raise wording("the list is empty: name a state, or write any")
    return tuple(_read_source(item, index) for index, item in enumerate(value))


def _read_source(value: object, index: int) -> str:
    if not isinstance(value, str):
        raise wording(f"each item must be the name of a state, found {described(value)}", at=index)
    return read_name(value)


_WORD_OR_LIST = {"anyOf": [WORD_SCHEMA, {"type": "array", "minItems": 1, "items": WORD_SCHEMA}]}


class TransitionPart(Part):
    """`{from: pending, to: confirmed, trigger: confirm}`."""

    noun: ClassVar[str] = "a transition"

    sources: Annotated[tuple[str, ...], Written(_read_sources, _WORD_OR_LIST)] = Field(
        alias="from", description="A state, a list of states, or any."
    )
    to: Name = Field(description="The state it leads to.")
    trigger: Name = Field(description="The name of the transition; its function is {entity}_{trigger}.")
    guard: Text | None = Field(None, description="An SQL expression over the fields that must hold.")
    description: Remark = Field("", description="For readers; never sent to the database.")


class StateMachinePart(Part):
    """The pattern `state_machine`."""

    noun: ClassVar[str] = "a state machine"
    needs: ClassVar[tuple[str, ...]] = ("initial_state", "states", "transitions")

    name: Literal["state_machine"]
    description: Remark = Field("", description="For readers; never sent to the database.")
    field: Name | None = Field(None, description='The column of the state: "status" or "state" unless said.')
    initial_state: Name | None = Field(None, description="The state of a new row.")
    states: list[StatePart] | None = Field(None, description="All states.")
    transitions: list[TransitionPart] | None = Field(None, description="What may change to what.")


class RulePart(Part):
    """`{name: positive_total, field: total_amount, rule: "total_amount > 0"}`."""

    noun: ClassVar[str] = "a rule"

    name: Name = Field(description="The name of the rule; its constraint is {entity}_{rule}.")
    field: Name = Field(description="The field the rule is about.")
    rule: Text = Field(description="An SQL expression over the fields that must hold.")
    message: Remark = Field("", description="For readers; never sent to the database.")
    description: Remark = Field("", description="For readers; never sent to the database.")
    error_code: Remark = Field("", description="For readers; never sent to the database.")


class ValidationPart(Part):
    """The pattern `validation`."""

    noun: ClassVar[str] = "a validation"

    name: Literal["validation"]
    description: Remark = Field("", description="For readers; never sent to the database.")
    rules: list[RulePart] = Field(description="The rules a row must satisfy.")


_PATTERNS = ("state_machine", "validation")
_SPELLING = 'write "- name: state_machine" (or validation) with its keys beside the name'


def _check_spelling(value: object) -> object:
    """Return a pattern that is spelled as we read it. Raises: wording for the other spellings in use."""
    if isinstance(value, str) and value in _PATTERNS:
        raise wording(f"a bare {quoted(value)} holds nothing to compile: {_SPELLING}", whole=True)
    if not isinstance(value, MapNode):
        raise wording(f"a pattern is a mapping, found {described(value)}: {_SPELLING}", whole=True)
    if "name" not in value:
        if any(key in value for key in (*_PATTERNS, "type", "pattern")):
            raise wording(f"this spelling of a pattern is not read yet: {_SPELLING}", whole=True)
        raise wording('a pattern needs "name"', allowed=_PATTERNS, whole=True)
    name = value["name"]
    if not isinstance(name, str) or name not in _PATTERNS:
        found = name if isinstance(name, str) else described(name)
        raise wording(
            f"unknown pattern {quoted(found)}", allowed=_PATTERNS, found=found, whole=True, at="name"
        )
    return value


PatternPart = Annotated[
    Annotated[StateMachinePart | ValidationPart, Field(discriminator="name")],
    BeforeValidator(_check_spelling),
]
