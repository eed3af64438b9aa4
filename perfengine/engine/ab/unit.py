"""What is loaded at a time, from its pilot on: pairs until they are enough, and fresh ones for a change."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.comparison.slices import slice_order
from perfengine.engine.ab.answers import changes
from perfengine.engine.ab.pilot import pilot
from perfengine.engine.ab.samples import merge_slices
from perfengine.engine.ab.sizing import SliceLength, sized, slice_length
from perfengine.engine.events import Note
from perfengine.errors import leaf
from perfengine.metrics.merge import add_costs
from perfengine.metrics.summary import generator_share
from perfengine.model.ab import AbPair, AbUnit
from perfengine.model.measurement import GeneratorState, ProcessCost
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.engine.ab.arm import Arm
    from perfengine.engine.ab.pairs import UnitPairs
    from perfengine.engine.ab.request import AbSettings
    from perfengine.engine.ab.samples import Slice
    from perfengine.engine.ab.time_budget import TimeBudget
    from perfengine.engine.events import Watch
    from perfengine.engine.interrupt import Interrupt
    from perfengine.model.comparison import OperationComparison, OperationSample
    from perfengine.model.plan import PhasePlan

#: Attempts that are made ready for a pilot, at most.
_PILOT_ATTEMPTS: Final = 5_000


class Unit:
    """An operation, or a mix, in both arms. `run` may be called once."""

    def __init__(
        self,
        phases: tuple[PhasePlan, PhasePlan],
        arms: tuple[Arm, Arm],
        settings: AbSettings,
        measured: UnitPairs,
        *,
        arms_here: int,
        budget: TimeBudget,
        interrupt: Interrupt,
        watch: Watch,
    ) -> None:
        """`measured` takes the pairs; `arms_here` says how many arms share a server's connections."""
        self._phases = phases
        self._arms = arms
        self._settings = settings
        self._arms_here = arms_here
        self._budget = budget
        self._interrupt = interrupt
        self._watch = watch
        self._took_s = 0.0  #: of `run`
        self._costs = {arm.letter: ProcessCost() for arm in arms}
        self._length: SliceLength | None = None
        self._measured = measured
        self.name = measured.name
        self.notes: list[str] = []

    @property
    def pairs(self) -> Sequence[AbPair]:
        """Those that were measured so far."""
        return self._measured.kept

    async def run(self) -> None:
        """Measure pairs until the least certain gating metric is certain enough, the time is over or a signal came.

        Raises: PerfengineError; the pairs until then are kept.
        """
        began_s = time.monotonic()
        try:
            await self._pilot_and_pairs()
        finally:
            self._took_s = time.monotonic() - began_s

    async def _pilot_and_pairs(self) -> None:
        await self._begin(_PILOT_ATTEMPTS)
        pilots = await pilot(self.name, self._arms, self._interrupt)
        await self._end()
        if pilots is None:
            return
        length = self._length = slice_length(pilots, self._settings.slice_ns)
        self._say_length(length)
        await self._begin(length.attempts)
        await self._all_pairs(length)
        await self._end()

    async def _all_pairs(self, length: SliceLength) -> None:
        while more := self._measured.missing:
            if not await self._some(more, length):
                break
        if not self._interrupt.requested and changes(self.compare(judging_only=True)):
            fresh = self._settings.rule.pairs_least
            self._watch(Note(text=f"{self.name}: a change; {fresh} fresh pairs to confirm it"))
            with self._budget.on_top():
                await self._some(fresh, length, is_fresh=True)

    async def _some(self, count: int, length: SliceLength, *, is_fresh: bool = False) -> bool:
        """Measure so many pairs; return False when a signal ended that, or the time, which is not for fresh ones."""
        for _ in range(count):
            if self._budget.is_over and not is_fresh:
                self.notes.append(f"{self.name}: its time was over after {len(self.pairs)} pairs")
                return False
            if not await self._pair(length, is_fresh=is_fresh):
                return False
        return True

    async def _begin(self, attempts: int) -> None:
        for arm, phase in zip(self._arms, self._phases, strict=True):
            await arm.begin(sized(phase, attempts), arms_here=self._arms_here)

    async def _end(self) -> None:
        if self._interrupt.requested:
            return  # the sandboxes go whole, and their rows with them
        for arm in self._arms:
            self.notes += await arm.end()

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
        order = slice_order(self._measured.seed, number, slices)
        for letter in order:
            turn = number * slices + len(taken[letter])
            slice_ = await arms[letter].measure(turn, window_ns=length.slice_ns, lead_ns=length.lead_ns)
            if self._interrupt.requested:
                return False
            self._add_cost(letter, slice_, length.slice_ns)
            taken[letter].append(slice_.samples)
        before, after = (merge_slices(taken[letter]) for letter in "AB")
        self._measured.kept.append(
            AbPair(order="".join(order), before=before, after=after, is_fresh=is_fresh)
        )
        what = "fresh pair" if is_fresh else "pair"
        self._watch(Note(text=f"{self.name}: {what} {len(self.pairs)}: mean {self._measured.last_change}"))
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
        (cost,) = slice_.generator.processes
        own = replace(cost, wall_ns=min(cost.wall_ns, window_ns))
        self._costs[letter] = add_costs(self._costs[letter], own)

    def compare(self, *, judging_only: bool = False) -> tuple[OperationComparison, ...]:
        """Return what the pairs say, row by row; `judging_only` leaves out what does not decide."""
        return self._measured.compare(self._generator_share, judging_only=judging_only)

    @property
    def _generator_share(self) -> float:
        return generator_share(GeneratorState(processes=tuple(self._costs.values())))

    @property
    def result(self) -> AbUnit:
        """What was measured."""
        length = self._length
        return AbUnit(
            name=self.name,
            load=self._phases[0].load,
            slice_ns=length.slice_ns if length else 0,
            lead_ns=length.lead_ns if length else 0,
            slices=self._settings.slices,
            pairs=tuple(self.pairs),
            took_s=self._took_s,
            generator_share=self._generator_share,
        )
