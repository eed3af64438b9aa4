"""What is loaded at a time, from its pilot on: pairs until they are enough, and fresh ones for a change."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.comparison.figures import merge_samples
from perfengine.comparison.paired import further_pairs
from perfengine.comparison.slices import slice_order
from perfengine.engine.ab.answers import answers_of, changes
from perfengine.engine.ab.samples import merge_slices, whole_of
from perfengine.engine.ab.sizing import SliceLength, sized, slice_length
from perfengine.engine.events import Note
from perfengine.errors import TargetError, leaf
from perfengine.model.ab import AbPair, AbUnit
from perfengine.model.measurement import ProcessCost
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.comparison.paired import Pair
    from perfengine.engine.ab.arm import Arm, Slice
    from perfengine.engine.ab.request import AbSettings
    from perfengine.engine.events import Watch
    from perfengine.engine.interrupt import Interrupt
    from perfengine.model.comparison import OperationComparison, OperationSample
    from perfengine.model.plan import PhasePlan
    from perfengine.model.requirement import Metric

#: Attempts that are made ready for a pilot, at most.
_PILOT_ATTEMPTS: Final = 5_000
_PILOTS_NS: Final = (NS_PER_S, 5 * NS_PER_S, 30 * NS_PER_S)
#: Attempts that a pilot must show of each arm, or a longer one follows.
_ENOUGH: Final = 30


class Unit:
    """An operation, or a mix, in both arms. `run` may be called once."""

    def __init__(
        self,
        phases: tuple[PhasePlan, PhasePlan],
        arms: tuple[Arm, Arm],
        settings: AbSettings,
        gating: Mapping[str, frozenset[Metric]],
        *,
        seed: int,
        arms_here: int,
        interrupt: Interrupt,
        watch: Watch,
    ) -> None:
        """`gating` says by row what decides; `arms_here` how many arms share a server's connections."""
        self._phases = phases
        self._arms = arms
        self._settings = settings
        self._gating = gating
        self._seed = seed
        self._arms_here = arms_here
        self._interrupt = interrupt
        self._watch = watch
        self._began = time.monotonic()
        self._costs = {arm.letter: ProcessCost() for arm in arms}
        self._length: SliceLength | None = None
        self.name = phases[0].name
        self.pairs: list[AbPair] = []
        self.notes: list[str] = []

    async def run(self, budget_s: float | None) -> None:
        """Measure pairs until the least certain gating metric is certain enough, the time is over or a signal came.

        Confirming a change comes on top of `budget_s`. Raises: PerfengineError; the pairs until then are kept.
        """
        await self._begin([sized(phase, _PILOT_ATTEMPTS) for phase in self._phases])
        pilots = await self._pilot()
        await self._end()
        if pilots is None:
            return
        length = self._length = slice_length(pilots, self._settings.slice_ns)
        self._say_length(length)
        await self._begin([sized(phase, length.attempts) for phase in self._phases])
        await self._all_pairs(length, budget_s)
        await self._end()

    async def _all_pairs(self, length: SliceLength, budget_s: float | None) -> None:
        while more := self._more():
            if not await self._some(more, length, budget_s, is_fresh=False):
                break
        if not self._interrupt.requested and changes(self.compare(judging_only=True)):
            fresh = self._settings.rule.pairs_least
            self._watch(Note(text=f"{self.name}: a change; {fresh} fresh pairs to confirm it"))
            await self._some(fresh, length, None, is_fresh=True)

    async def _some(self, count: int, length: SliceLength, budget_s: float | None, *, is_fresh: bool) -> bool:
        """Measure so many pairs; return False when time or a signal ended that."""
        for _ in range(count):
            if budget_s is not None and time.monotonic() - self._began > budget_s:
                self.notes.append(f"{self.name}: its time was over after {len(self.pairs)} pairs")
                return False
            if not await self._pair(length, is_fresh=is_fresh):
                return False
        return True

    def _more(self) -> int:
        rule = self._settings.rule
        rows = self.rows(self.pairs)
        return max(further_pairs([rows[name]], rule, gating=gating) for name, gating in self._gating.items())

    async def _begin(self, phases: Sequence[PhasePlan]) -> None:
        for arm, phase in zip(self._arms, phases, strict=True):
            await arm.begin(phase, arms_here=self._arms_here)

    async def _end(self) -> None:
        if self._interrupt.requested:
            return  # the sandboxes go whole, and their rows with them
        for arm in self._arms:
            self.notes += await arm.end()

    async def _pilot(self) -> tuple[OperationSample, OperationSample] | None:
        """Return what each arm shows in a second, or in more when that is a handful; None after a signal.

        Raises: TargetError for an arm in which nothing is ok.
        """
        found: list[OperationSample] = []
        for arm in self._arms:
            shown: list[OperationSample] = []
            for number, window_ns in enumerate(_PILOTS_NS):
                slice_ = await arm.measure(number, window_ns=window_ns, lead_ns=0)
                shown.append(whole_of(self.name, slice_.samples))
                if self._interrupt.requested:
                    return None
                if sum(sample.ok for sample in shown) >= _ENOUGH or slice_.failures:
                    break
            found.append(merge_samples(shown))
            if not found[-1].ok:
                why = f": {slice_.failures[0]}" if slice_.failures else ""
                raise TargetError(f"{self.name}: no attempt of arm {arm.letter} was ok{why}")
        return found[0], found[1]

    def _say_length(self, length: SliceLength) -> None:
        slice_s, needed_s = length.slice_ns / NS_PER_S, length.needed_ns / NS_PER_S
        pair_s = 2 * self._settings.slices * slice_s
        self._watch(Note(text=f"{self.name}: slices of {slice_s:.3g} s, a pair takes {pair_s:.3g} s or more"))
        if length.is_short:
            self.notes.append(
                f"{self.name}: slices of {slice_s:.3g} s as --slice says; changing over between the arms asks "
                f"for {needed_s:.3g} s, or a part of a change may not show"
            )

    async def _pair(self, length: SliceLength, *, is_fresh: bool) -> bool:
        """Measure one pair and keep it; return False, and keep nothing, when a signal came."""
        number, slices = len(self.pairs), self._settings.slices
        arms = dict(zip("AB", self._arms, strict=True))
        taken: dict[str, list[tuple[OperationSample, ...]]] = {"A": [], "B": []}
        if number:
            await self._renew(number * slices)
        order = slice_order(self._seed, number, slices)
        for letter in order:
            turn = number * slices + len(taken[letter])
            slice_ = await arms[letter].measure(turn, window_ns=length.slice_ns, lead_ns=length.lead_ns)
            if self._interrupt.requested:
                return False
            self._add_cost(letter, slice_, length.slice_ns)
            taken[letter].append(slice_.samples)
        before, after = (merge_slices(taken[letter]) for letter in "AB")
        self.pairs.append(AbPair(order="".join(order), before=before, after=after, is_fresh=is_fresh))
        self._say_pair()
        return True

    async def _renew(self, turn: int) -> None:
        try:
            async with anyio.create_task_group() as both:
                for arm in self._arms:
                    both.start_soon(partial(arm.renew, turn, arms_here=self._arms_here))
        except BaseExceptionGroup as group:
            raise leaf(group) from group

    def _add_cost(self, letter: str, slice_: Slice, window_ns: int) -> None:
        """Add what a slice cost its load process; waiting for the slice to begin is none of it."""
        cost, before = slice_.generator.processes[0], self._costs[letter]
        self._costs[letter] = ProcessCost(
            wall_ns=before.wall_ns + min(cost.wall_ns, window_ns),
            cpu_ns=before.cpu_ns + cost.cpu_ns,
            run_queue_ns=before.run_queue_ns + cost.run_queue_ns,
        )

    def _say_pair(self) -> None:
        last = self.rows(self.pairs[-1:])[self.name][0]
        means = [sample.mean_ns or 0 for sample in last]
        change = f"{means[1] / means[0] - 1:+.1%}" if all(means) else "?"
        what = "fresh pair" if self.pairs[-1].is_fresh else "pair"
        self._watch(Note(text=f"{self.name}: {what} {len(self.pairs)}: mean {change}"))

    def rows(self, pairs: Sequence[AbPair]) -> dict[str, list[Pair]]:
        """Return the pairs by row: the unit as a whole, and of a mix each of its operations."""
        rows: dict[str, list[Pair]] = {
            self.name: [(whole_of(self.name, p.before), whole_of(self.name, p.after)) for p in pairs]
        }
        names = [plan.operation.name for plan in self._phases[0].operations]
        for place, name in enumerate(names):
            if name != self.name:
                rows[name] = [(pair.before[place], pair.after[place]) for pair in pairs]
        return rows

    def compare(self, *, judging_only: bool = False) -> tuple[OperationComparison, ...]:
        """Return what the pairs say, row by row; `judging_only` leaves out what does not decide."""
        rows = {
            name: (self._of(name, is_fresh=False), self._of(name, is_fresh=True)) for name in self.rows(())
        }
        return answers_of(
            rows,
            self._settings.rule,
            gating=self._gating,
            seed=self._seed,
            share=self.result.generator_share,
            only=self._gating if judging_only else None,
        )

    def _of(self, name: str, *, is_fresh: bool) -> list[Pair]:
        return self.rows([pair for pair in self.pairs if pair.is_fresh is is_fresh])[name]

    @property
    def result(self) -> AbUnit:
        """What was measured."""
        shares = [
            (cost.cpu_ns + cost.run_queue_ns) / cost.wall_ns for cost in self._costs.values() if cost.wall_ns
        ]
        length = self._length
        return AbUnit(
            name=self.name,
            load=self._phases[0].load,
            slice_ns=length.slice_ns if length else 0,
            lead_ns=length.lead_ns if length else 0,
            slices=self._settings.slices,
            pairs=tuple(self.pairs),
            took_s=time.monotonic() - self._began,
            generator_share=max(shares, default=0.0),
        )
