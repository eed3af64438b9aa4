"""How the numbers of a range are spread, with what is meant where the document says less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.generator import Exponential, Normal, Uniform, Zipf

if TYPE_CHECKING:
    from decimal import Decimal

    from perfengine.model.generator import Distribution
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.generator_parts import GeneratorPart
    from perfengine.spec.shape.range_parts import SpreadPart

DEFAULT_S: Final = 1.1
#: Of the range: where nobody said the spread of a normal distribution, and the mean of an exponential one.
_SIXTH: Final = 6
_TENTH: Final = 10
_KEYS_OF: Final = {
    "uniform": frozenset[str](),
    "normal": frozenset({"mean", "stdev", "sd"}),
    "exponential": frozenset({"mean"}),
    "zipf": frozenset({"s"}),
}
_OPTIONS: Final = ("mean", "stdev", "sd", "s")


def build_distribution(part: SpreadPart, low: Decimal, high: Decimal, mistakes: Mistakes) -> Distribution:
    """Return the distribution of the numbers `low`..`high`."""
    dist = part.dist or "uniform"
    _check_options(part, dist, mistakes)
    span = float(high - low)
    if dist == "normal":
        stdev = part.stdev or part.sd
        middle = float(low) + span / 2 if part.mean is None else float(part.mean)
        _check_mean(part, low, high, mistakes)
        return Normal(mean=middle, stdev=float(stdev) if stdev else (span / _SIXTH or 1.0))
    if dist == "exponential":
        if part.mean is not None and part.mean <= 0:
            mistakes.add(part.place("mean"), "mean: the distance from min must be above 0")
        return Exponential(mean=float(part.mean) if part.mean else (span / _TENTH or 1.0))
    return Zipf(s=float(part.s or DEFAULT_S)) if dist == "zipf" else Uniform()


def reference_distribution(part: GeneratorPart, mistakes: Mistakes) -> Distribution:
    """Return the distribution of a `ref:`, whose rows have no middle and no mean."""
    dist = part.dist or "uniform"
    if dist not in {"uniform", "zipf"}:
        mistakes.add(
            part.place("dist"), f"dist: rows have no order, so not {dist}", allowed=("uniform", "zipf")
        )
    if part.s is not None and dist != "zipf":
        mistakes.add(part.place("s"), "s: belongs to dist: zipf")
    return Zipf(s=float(part.s or DEFAULT_S)) if dist == "zipf" else Uniform()


def _check_options(part: SpreadPart, dist: str, mistakes: Mistakes) -> None:
    for key in _OPTIONS:
        if getattr(part, key) is not None and key not in _KEYS_OF[dist]:
            owners = [name for name, keys in _KEYS_OF.items() if key in keys]
            mistakes.add(part.place(key), f"{key}: belongs to dist: {' or '.join(owners)}, not to {dist}")
    if part.stdev is not None and part.sd is not None:
        mistakes.add(part.place("sd"), "sd: is the same as stdev: keep one of them")


def _check_mean(part: SpreadPart, low: Decimal, high: Decimal, mistakes: Mistakes) -> None:
    if part.mean is not None and not low <= part.mean <= high:
        mistakes.add(part.place("mean"), f"mean: {part.mean} is not between min and max")
