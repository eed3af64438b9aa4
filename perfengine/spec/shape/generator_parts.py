"""The shape of a generator: `uuid`, `{int: {min: 1, max: 10, dist: zipf}}`, `{ref: customer, null: 0.1}`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict, Field

from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.amounts import Integer, Positive, Share
from perfengine.spec.shape.names import Name, Text
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import whole
from perfengine.spec.shape.range_parts import (
    AgoPart,
    DatePart,
    DecimalPart,
    Dist,
    FloatPart,
    IntPart,
    TimestampPart,
)
from perfengine.spec.shape.short_part import ShortPart
from perfengine.spec.shape.words import ChoiceWords, ScalarText
from perfengine.spec.shape.written import wording

#: Generators that need no more than their name.
BARE_WORDS: Final = ("uuid", "bool", "text", "sequence", "ago", "ahead")
GENERATORS: Final = (
    *("uuid", "int", "float", "decimal", "text", "choice", "sequence", "template"),
    *("date", "timestamp", "ago", "ahead", "bool", "ref", "const"),
)
_SYNONYMS: Final[Mapping[str, str]] = {
    "integer": "int",
    "bigint": "int",
    "number": "decimal",
    "numeric": "decimal",
    "string": "text",
    "boolean": "bool",
    "enum": "choice",
    "oneof": "choice",
    "serial": "sequence",
    "reference": "ref",
    "constant": "const",
    "value": "const",
    "datetime": "timestamp",
    "guid": "uuid",
    "probability": "p",
    "stddev": "stdev",
}
#: How each generator that needs more than its name is written.
EXAMPLES: Final[Mapping[str, str]] = {
    "int": "{int: {min: 1, max: 100}}",
    "float": "{float: {min: 0, max: 1}}",
    "decimal": "{decimal: {min: 10, max: 1010, scale: 2}}",
    "choice": "{choice: [a, b]} or {choice: {a: 70, b: 30}}",
    "template": '{template: "user_{index}@example.com"}',
    "date": "{date: {min: 2024-01-01, max: 2024-12-31}}",
    "timestamp": "{timestamp: {min: 2024-01-01, max: 2024-12-31}}",
    "ref": "{ref: customer}",
    "const": "{const: 5}",
}
MAX_TEXT: Final = 1_000


class NoOptionsPart(Part):
    """`{}`."""

    noun: ClassVar[str] = "uuid"


class TextPart(Part):
    """`{length: 16}`."""

    noun: ClassVar[str] = "text"

    length: Annotated[int, whole(1, MAX_TEXT)] | None = Field(None, description="Characters: 16 unless said.")


class SequencePart(Part):
    """`{start: 1, step: 1}`."""

    noun: ClassVar[str] = "sequence"

    start: Integer | None = Field(None, description="The first value: 1 unless said.")
    step: Integer | None = Field(None, description="From one value to the next: 1 unless said.")


class BoolPart(Part):
    """`{p: 0.3}`."""

    noun: ClassVar[str] = "bool"

    p: Share | None = Field(None, description="The share of true: 0.5 unless said.")


class GeneratorPart(ShortPart):
    """How values are made: one of the generators, and `null` beside it if some are to be NULL."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [key]} for key in GENERATORS]})
    noun: ClassVar[str] = "a generator"
    needs_more: ClassVar[str] = "one, such as uuid or {int: {min: 1, max: 100}}"
    short: ClassVar[str] = "word"
    short_schema: ClassVar[dict[str, Any]] = {"enum": list(BARE_WORDS)}

    uuid: NoOptionsPart | None = Field(None, description="A uuid that no other has.")
    int: IntPart | None = Field(None, description="Whole numbers from min to max.")
    float: FloatPart | None = Field(None, description="Numbers from min to max, as double.")
    decimal: DecimalPart | None = Field(None, description="Numbers from min to max, as numeric; scale 2.")
    text: TextPart | None = Field(None, description="Lower-case hex digits.")
    choice: ChoiceWords | None = Field(None, description="A list of values, or value: weight.")
    sequence: SequencePart | None = Field(None, description="start, start + step, ...")
    template: Text | None = Field(None, description="Text with {index} and {word} in it.")
    date: DatePart | None = Field(None, description="Days from min to max.")
    timestamp: TimestampPart | None = Field(None, description="Instants from min to max.")
    ago: AgoPart | None = Field(None, description="Before the start of the run, at most max.")
    ahead: AgoPart | None = Field(None, description="After the start of the run, at most max.")
    bool: BoolPart | None = Field(None, description="true or false.")
    ref: Name | None = Field(None, description="The key of a row of that table.")
    const: ScalarText | None = Field(None, description="Always this value.")
    dist: Dist | None = Field(None, description="Of ref: uniform (unless said) or zipf.")
    s: Positive | None = Field(None, description="Of ref with zipf: the exponent, 1.1 unless said.")
    null: Share | None = Field(None, description="The share of NULL.")

    @classmethod
    def synonyms(cls) -> Mapping[str, str]:
        """Return other words for the generators."""
        return _SYNONYMS

    @classmethod
    def widened(cls, data: object) -> object:
        """Return the generator that a word alone stands for. Raises: wording."""
        if data in BARE_WORDS:
            return {data: {}}
        if data in GENERATORS:
            raise wording(f"{data} needs more than its name: write {EXAMPLES[str(data)]}")
        if isinstance(data, str):
            message = f"unknown generator {quoted(data)}"
            raise wording(message, allowed=GENERATORS, found=data, synonyms=_SYNONYMS, whole=True)
        raise wording("nothing is written here: give a generator, such as uuid")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The generators that are written here, wrong ones included: there should be one."""
        written = self.model_fields_set if self._node is None else self._node.origin
        return tuple(key for key in GENERATORS if key in written)
