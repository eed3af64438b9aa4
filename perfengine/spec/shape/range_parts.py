"""The shape of generators with a low and a high end: numbers, days, instants."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from pydantic import Field

from perfengine.spec.shape.amounts import Day, Instant, Integer, Number, Positive
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import DurationNs, whole
from perfengine.spec.shape.written import one_of

DISTRIBUTIONS: Final = ("uniform", "normal", "exponential", "zipf")
MAX_SCALE: Final = 18

Dist = Annotated[str, one_of("distribution", DISTRIBUTIONS)]


class SpreadPart(Part):
    """The keys that say how numbers are spread."""

    dist: Dist | None = Field(None, description="uniform (unless said), normal, exponential or zipf.")
    mean: Number | None = Field(
        None, description="Of normal: the middle. Of exponential: the distance from min."
    )
    stdev: Positive | None = Field(None, description="Of normal: a sixth of the range unless said.")
    sd: Positive | None = Field(None, description="The same as stdev.")
    s: Positive | None = Field(None, description="Of zipf: the exponent, 1.1 unless said.")

    @classmethod
    def synonyms(cls) -> Mapping[str, str]:
        """Return other words for the keys."""
        return {"distribution": "dist", "low": "min", "high": "max", "stddev": "stdev", "theta": "s"}


class IntPart(SpreadPart):
    """`{min: 1, max: 100}`."""

    noun: ClassVar[str] = "int"

    min: Integer = Field(description="The least value.")
    max: Integer = Field(description="The greatest value, included.")


class DecimalPart(SpreadPart):
    """`{min: 10, max: 1010, scale: 2}`."""

    noun: ClassVar[str] = "decimal"

    min: Number = Field(description="The least value.")
    max: Number = Field(description="The greatest value, included.")
    scale: Annotated[int, whole(0, MAX_SCALE)] | None = Field(None, description="Digits after the point.")


class FloatPart(DecimalPart):
    """`{min: 0, max: 1}`."""

    noun: ClassVar[str] = "float"


class DatePart(Part):
    """`{min: 2024-01-01, max: 2024-12-31}`."""

    noun: ClassVar[str] = "date"

    min: Day = Field(description="The first day.")
    max: Day = Field(description="The last day.")


class TimestampPart(Part):
    """`{min: 2024-01-01, max: 2024-12-31T12:00:00Z}`."""

    noun: ClassVar[str] = "timestamp"

    min: Instant = Field(description="The earliest instant; UTC unless it says otherwise.")
    max: Instant = Field(description="The latest instant.")


class AgoPart(Part):
    """`{max: 30 days}`."""

    noun: ClassVar[str] = "ago"

    max: DurationNs | None = Field(
        None, description="How far from the start of the run: 365 days unless said."
    )
    type: Annotated[str, one_of("type", ("timestamp", "date"))] | None = Field(
        None, description="Of a parameter: timestamp unless said. A field says it itself."
    )
