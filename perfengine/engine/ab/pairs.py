"""The pairs of a unit row by row: how many more it takes, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.comparison.paired import further_pairs
from perfengine.engine.ab.answers import answers_of
from perfengine.engine.ab.samples import whole_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfengine.comparison.paired import Pair
    from perfengine.model.ab import AbPair
    from perfengine.model.comparison import CompareRule, OperationComparison
    from perfengine.model.requirement import Metric


@dataclass(slots=True, kw_only=True)
class UnitPairs:
    """What was measured of a unit so far. Its rows are the unit as a whole, and of a mix each of its operations.

    Mutable: pairs are added one after the other.
    """

    name: str
    operations: tuple[str, ...]  #: in the order of the samples of a pair
    gating: Mapping[str, frozenset[Metric]]  #: by row what decides
    rule: CompareRule
    seed: int
    kept: list[AbPair] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many pairs are still to be measured, for the row that is the least certain of what decides."""
        rows = self._rows(self.kept)
        return max(
            further_pairs([rows[name]], self.rule, gating=gating) for name, gating in self.gating.items()
        )

    @property
    def last_change(self) -> str:
        """How the mean of B is to that of A in the last pair, `+1.2%`; `?` where an arm has none."""
        ((before, after),) = self._rows(self.kept[-1:])[self.name]
        return f"{after.mean_ns / before.mean_ns - 1:+.1%}" if before.mean_ns and after.mean_ns else "?"

    def compare(self, share: float, *, judging_only: bool = False) -> tuple[OperationComparison, ...]:
        """Return what the pairs say, row by row; `judging_only` leaves out what does not decide.

        `share` is the generator's: one without a moment to spare hides what the server does.
        """
        first = self._rows(pair for pair in self.kept if not pair.is_fresh)
        fresh = self._rows(pair for pair in self.kept if pair.is_fresh)
        return answers_of(
            {name: (first[name], fresh[name]) for name in first},
            self.rule,
            gating=self.gating,
            seed=self.seed,
            share=share,
            only=self.gating if judging_only else None,
        )

    def _rows(self, pairs: Iterable[AbPair]) -> dict[str, list[Pair]]:
        listed = list(pairs)
        rows: dict[str, list[Pair]] = {
            self.name: [(whole_of(self.name, p.before), whole_of(self.name, p.after)) for p in listed]
        }
        for place, name in enumerate(self.operations):
            if name != self.name:
                rows[name] = [(pair.before[place], pair.after[place]) for pair in listed]
        return rows
