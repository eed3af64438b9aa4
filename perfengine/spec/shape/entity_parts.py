"""The shape of an entity: fields, and the patterns `state_machine` and `validation`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from perfengine.spec.shape.names import WORD_SCHEMA, Name, Remark, Text, read_name, read_word
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import Switch
from perfengine.spec.shape.short_part import ShortPart
from perfengine.spec.shape.written import Written, wording


class StatePart(ShortPart):
    """`pending`, or a mapping with `name`."""

    noun: ClassVar[str] = "a state"
    skipped: ClassVar[tuple[str, ...]] = ("color", "final", "initial", "label", "metadata", "terminal")
    short: ClassVar[str] = "name"
    short_schema: ClassVar[dict[str, Any]] = WORD_SCHEMA

    name: Name = Field(description="The value of the state column.")
    description: Remark = Field("", description="For readers; never sent to the database.")


def _read_sources(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return (read_name(value),)
    if not value:
        raise wording("the list is empty: name a state, or write any")
    return tuple(read_word(item, index, "a state") for index, item in enumerate(value))


_WORD_OR_LIST = {"anyOf": [WORD_SCHEMA, {"type": "array", "minItems": 1, "items": WORD_SCHEMA}]}


#: `[pending, confirmed]`: a transition without a trigger.
_PAIR = {"type": "array", "items": WORD_SCHEMA, "minItems": 2, "maxItems": 2}


class TransitionPart(Part):
    """`{from: pending, to: confirmed, trigger: confirm}`."""

    noun: ClassVar[str] = "a transition"
    skipped: ClassVar[tuple[str, ...]] = (
        "action",
        "actions",
        "events",
        "label",
        "metadata",
        "reason",
        "retries",
        "timeout",
        "validations",
    )

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
    loosely: ClassVar[tuple[str, ...]] = ("initial_state", "states")
    skipped: ClassVar[tuple[str, ...]] = ("custom_tests", "metadata", "tests")

    name: Literal["state_machine"]
    description: Remark = Field("", description="For readers; never sent to the database.")
    field: Name | None = Field(None, description='The column of the state: "status" or "state" unless said.')
    initial_state: Name | None = Field(None, description="The state of a new row.")
    states: list[StatePart] | None = Field(None, description="All states.")
    transitions: list[TransitionPart] | None = Field(None, description="What may change to what.")
    allow_self_transitions: Switch | None = Field(
        None, description="Whether a transition may lead to where it began."
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema: transitions may be a mapping, from which the states follow."""
        described = super().__get_pydantic_json_schema__(schema, handler)
        listed = described["properties"]["transitions"]
        described["properties"]["transitions"] = {
            "description": listed.pop("description"),
            "anyOf": [listed, {"type": "array", "items": _PAIR}, {"type": "object"}],
        }
        return described


class RulePart(Part):
    """`{name: positive_total, field: total_amount, rule: "total_amount > 0"}`."""

    noun: ClassVar[str] = "a rule"
    loosely: ClassVar[tuple[str, ...]] = ("field", "rule")
    respelled: ClassVar[Mapping[str, str]] = {
        "fields": "The fields the rule is about.",
        "columns": "The same.",
        "condition": "Beside a rule: where it is asked for. Alone: the rule.",
        "expression": "The rule.",
        "check": "The rule.",
        "error": "For readers.",
        "error_message": "For readers.",
    }
    skipped: ClassVar[tuple[str, ...]] = ("metadata", "severity", "tests")

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
