"""From what a slice measured to samples that are compared. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.comparison.figures import merge_samples
from perfengine.model.comparison import OperationSample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.measurement import GeneratorState, Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What one turn of an arm measured."""

    samples: tuple[OperationSample, ...]  #: by operation of the phase
    generator: GeneratorState
    failures: tuple[str, ...]  #: causes of attempts that were not ok


def slice_of(measured: Sequence[Measurement], measured_ns: int) -> Slice:
    """Return what the operations of a phase, one or more, showed in so much measured time."""
    causes = (failure.message for part in measured for failure in part.failures)
    return Slice(
        samples=tuple(sample_of(part, measured_ns) for part in measured),
        generator=measured[0].generator,
        failures=tuple(dict.fromkeys(causes)),
    )


def sample_of(measured: Measurement, measured_ns: int) -> OperationSample:
    """Return what a slice says of one operation."""
    response, moments = measured.response, measured.response.moments
    return OperationSample(
        name=measured.operation,
        response=response.counts,
        mean_ns=moments.total / moments.count if moments.count else None,
        ok=moments.count,
        bad=measured.attempts - moments.count - measured.starved,
        due=measured.attempts + measured.dropped + measured.unfinished,
        measured_ns=measured_ns,
    )


def whole_of(name: str, samples: Sequence[OperationSample]) -> OperationSample:
    """Return operations that were loaded together as one: in the same measured time, not one after the other."""
    response: Counter[int] = Counter()
    for sample in samples:
        response.update(sample.response)
    ok = sum(sample.ok for sample in samples)
    return OperationSample(
        name=name,
        response=dict(response),
        mean_ns=sum(sample.ok * (sample.mean_ns or 0) for sample in samples) / ok if ok else None,
        ok=ok,
        bad=sum(sample.bad for sample in samples),
        due=sum(sample.due for sample in samples),
        measured_ns=max(sample.measured_ns for sample in samples),
    )


def merge_slices(slices: Sequence[Sequence[OperationSample]]) -> tuple[OperationSample, ...]:
    """Return the slices of an arm as one, by operation: one histogram each, never a mean of percentiles."""
    return tuple(merge_samples(of_operation) for of_operation in zip(*slices, strict=True))
