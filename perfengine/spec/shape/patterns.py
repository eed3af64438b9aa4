"""The patterns of an entity: each in the spelling that this room reads, and in a schema for the others too."""

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.entity_parts import StateMachinePart, ValidationPart
from perfengine.spec.shape.written import wording
from perfengine.spec.text.tree import MapNode, described

PATTERNS: Final = ("state_machine", "validation")
_SPELLING: Final = 'write "- name: state_machine" (or validation) with its keys beside the name'


def _check_spelling(value: object) -> object:
    """Return a pattern that is spelled as we read it. Raises: wording for what no spelling in use is."""
    if not isinstance(value, MapNode):
        raise wording(f"a pattern is a mapping, found {described(value)}: {_SPELLING}", whole=True)
    if "name" not in value:
        raise wording('a pattern needs "name"', allowed=PATTERNS, whole=True)
    name = value["name"]
    if not isinstance(name, str) or name not in PATTERNS:
        found = name if isinstance(name, str) else described(name)
        raise wording(
            f"unknown pattern {quoted(found)}", allowed=PATTERNS, found=found, whole=True, at="name"
        )
    return value


PatternPart = Annotated[
    Annotated[StateMachinePart | ValidationPart, Field(discriminator="name")],
    BeforeValidator(_check_spelling),
]


#: Patterns that other programs read and that no load depends on.
SKIPPED_PATTERNS: Final = ("audit_trail", "multi_tenant", "soft_delete", "translations", "versioning")
#: A pattern that is spelled anew before it is read, in any of these ways.
_RESPELLED: Final[list[dict[str, Any]]] = [
    {"type": "string", "enum": [*PATTERNS, *SKIPPED_PATTERNS]},
    {"type": "object", "required": ["state_machine"]},
    {"type": "object", "required": ["validation"]},
    {"type": "object", "required": ["type"]},
    {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"enum": ["validation_chain", *SKIPPED_PATTERNS]}},
    },
]


class _AnySpelling:
    """Says to editors that a list of patterns may be spelled otherwise, and a mapping."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema."""
        listed = handler(schema)
        listed["items"] = {"anyOf": [listed["items"], *_RESPELLED]}
        named = {"type": "object", "propertyNames": {"enum": [*PATTERNS, *SKIPPED_PATTERNS]}}
        return {"anyOf": [listed, named]}


Patterns = Annotated[list[PatternPart], _AnySpelling()]
