"""Which step of a range a word stands for: evenly, or by the distribution that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.datagen.distributions import exponential, normal, zipf
from perfengine.datagen.permutation import Permutation, permutation_of
from perfengine.model.generator import Exponential, Normal, Uniform
from perfengine.seeds import pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.datagen.quantiles import Quantiles
    from perfengine.datagen.scale import Steps
    from perfengine.model.generator import Distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The function from a word to one of the steps 0..span-1."""

    span: int
    quantiles: Quantiles | None = None  #: None: every step alike
    permutation: Permutation | None = None  #: of ranks to steps

    def function(self) -> Callable[[int], int]:
        """Return it for Python."""
        span, quantiles, permutation = self.span, self.quantiles, self.permutation
        if quantiles is None:
            return lambda word: pick(word, span)
        if permutation is None:
            return quantiles.at
        return lambda word: permutation.at(quantiles.at(word))


def spread_of(distribution: Distribution, steps: Steps, seed: int, stream: str) -> Spread:
    """Return how words are spread over the steps; `stream` names the permutation of hot ones.

    Mean and deviation are in the unit of the values, not of the steps.
    """
    steps_in_one = 10**steps.digits / steps.stride
    match distribution:
        case Uniform():
            return Spread(span=steps.span)
        case Normal(mean=mean, stdev=stdev):
            middle = mean * steps_in_one - steps.low / steps.stride
            return Spread(span=steps.span, quantiles=normal(middle, stdev * steps_in_one, steps.span))
        case Exponential(mean=mean):
            return Spread(span=steps.span, quantiles=exponential(mean * steps_in_one, steps.span))
    hot = permutation_of(seed, stream, steps.span)
    return Spread(span=steps.span, quantiles=zipf(distribution.s, steps.span), permutation=hot)
