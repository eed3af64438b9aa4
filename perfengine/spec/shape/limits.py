"""The words of a limit: `p95` in a requirements document, `target_p95` and `max_p95` in a test configuration."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final

from pydantic import Field

from perfengine.model.requirement import METRIC_OF_WORD, Metric
from perfengine.spec.shape.names import Subject
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import DurationNs, ErrorRate

_PREFIXES: Final = ("target_", "max_")

Latency = Annotated[DurationNs | None, Field(description="The response time must not be above this.")]
Errors = Annotated[
    ErrorRate | None,
    Field(description="Refused, failed and timed out attempts must not be more than this share."),
]


def _metric(word: str) -> Metric | None:
    for prefix in _PREFIXES:
        if word not in METRIC_OF_WORD:
            word = word.removeprefix(prefix)
    return METRIC_OF_WORD.get(word)


class LimitSet(Part):
    """Limits on the response times of one operation, and on its errors."""

    def limits(self) -> Iterator[tuple[str, Metric, int | float]]:
        """Yield each limit in the order of writing: the word, the metric, the limit in ns or as a fraction."""
        attributes = {field.alias or name: name for name, field in type(self).model_fields.items()}
        for word in self.node:
            metric, value = _metric(word), getattr(self, attributes.get(word, ""), None)
            if metric is not None and value is not None:
                yield word, metric, value if isinstance(value, int) else float(value)


class LimitsPart(LimitSet):
    """`{p95: 200ms, mean: 100ms, error_rate: 0.01}`."""

    noun: ClassVar[str] = "the limits of an operation"
    needs_more: ClassVar[str] = "a limit, such as p95: 200ms"

    mean: Latency = None
    median: Latency = None
    p50: Latency = None
    p90: Latency = None
    p95: Latency = None
    p99: Latency = None
    p999: Latency = None
    p99_9: Latency = Field(None, alias="p99.9")
    min: Latency = None
    max: Latency = None
    stdev: Latency = None
    error_rate: Errors = None

    @classmethod
    def synonyms(cls) -> Mapping[str, str]:
        """Return the spellings of a test configuration."""
        return {prefix + word: word for word in METRIC_OF_WORD for prefix in _PREFIXES}


class TargetsPart(LimitSet):
    """`{operation: order_confirm, target_p95: 200ms, max_error_rate: 0.01}`."""

    noun: ClassVar[str] = "a requirement"
    needs_more: ClassVar[str] = "a limit, such as target_p95: 200ms"

    operation: Subject = Field(description="An operation, an alias of one, or a kind.")
    target_mean: Latency = None
    target_median: Latency = None
    target_p50: Latency = None
    target_p90: Latency = None
    target_p95: Latency = None
    target_p99: Latency = None
    target_p999: Latency = None
    target_p99_9: Latency = Field(None, alias="target_p99.9")
    target_min: Latency = None
    target_max: Latency = None
    target_stdev: Latency = None
    max_mean: Latency = None
    max_median: Latency = None
    max_p50: Latency = None
    max_p90: Latency = None
    max_p95: Latency = None
    max_p99: Latency = None
    max_p999: Latency = None
    max_p99_9: Latency = Field(None, alias="max_p99.9")
    max_min: Latency = None
    max_max: Latency = None
    max_stdev: Latency = None
    max_error_rate: Errors = None

    @classmethod
    def synonyms(cls) -> Mapping[str, str]:
        """Return the spellings of a requirements document."""
        return {**{word: f"target_{word}" for word in METRIC_OF_WORD}, "error_rate": "max_error_rate"}
