"""The attempts of a round for one load process: dealt from the deck of the phase, with their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat as always
from typing import TYPE_CHECKING, Any

from perfengine.datagen.arguments import arguments_of
from perfengine.datagen.deck import deal
from perfengine.execution.script import Script
from perfengine.model.rows import Claims
from perfengine.pgbench.arguments import script_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from perfengine.datagen.layout import RowSource
    from perfengine.engine.messages import Shard
    from perfengine.execution.script import Item
    from perfengine.model.plan import OperationPlan, PhasePlan

    RuleValues = Mapping[str, Mapping[tuple[str, str, bool], Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What one load process was dealt for a round: the script, and which attempt of which operation each item is."""

    script: Script
    lanes: Sequence[int]  #: by item, the number of its operation
    turns: Sequence[int]  #: by item, which attempt of its operation it is, from 0
    first_rows: Sequence[int]  #: by operation
    amounts: Sequence[int]  #: by operation, its attempts in the whole round, all processes together
    available: Sequence[int]  #: by operation, how many of them have rows

    def claims(self, operations: Sequence[OperationPlan]) -> dict[str, Claims]:
        """Return what became of the rows of operations that use theirs up, by operation name."""
        fates = self.script.fates()
        claims = {}
        for number, plan in enumerate(operations):
            rows = plan.operation.rows
            if rows is None or not rows.consumed:
                continue
            own = bytearray(self.amounts[number])
            for lane, turn, fate in zip(self.lanes, self.turns, fates, strict=True):
                if lane == number:
                    own[turn] = fate
            claims[plan.operation.name] = Claims(
                first_row=self.first_rows[number],
                per_attempt=rows.per_attempt,
                fates=bytes(own[: self.available[number]]),
            )
        return claims


class Dealer:
    """Deals the rounds of a phase to one load process. The decks are kept: every round has the same order."""

    def __init__(
        self,
        phase: PhasePlan,
        shard: Shard,
        source: RowSource,
        anchor: datetime,
        rule_values: RuleValues,
    ) -> None:
        self._phase = phase
        self._shard = shard
        self._source = source
        self._anchor = anchor
        self._rule_values = rule_values
        self._deck = deal([plan.round_attempts for plan in phase.operations], source.seed)

    def warm_up(self) -> Hand:
        """Return the attempts of the warm-up."""
        operations = self._phase.operations
        deck = deal([plan.warmup_attempts for plan in operations], self._source.seed)
        first_rows = [plan.keys.start for plan in operations]
        amounts = [plan.warmup_attempts for plan in operations]
        return self._deal(deck, first_rows, [0] * len(operations), amounts, repeat=True)

    def round(self, number: int, attempts: int) -> Hand:
        """Return the attempts of a measured round, of which all processes together have `attempts`."""
        operations = self._phase.operations
        deck = self._deck[:attempts]
        first_rows = [plan.first_row(number) for plan in operations]
        before = [plan.warmup_attempts + number * plan.round_attempts for plan in operations]
        available = [_available(plan, number) for plan in operations]
        return self._deal(deck, first_rows, before, available, repeat=False)

    def _deal(
        self,
        deck: Sequence[int],
        first_rows: Sequence[int],
        before: Sequence[int],
        available: Sequence[int],
        *,
        repeat: bool,
    ) -> Hand:
        lanes, turns, amounts = self._own_part(deck)
        items = self._items(lanes, turns, amounts, first_rows, before, available)
        script = Script(items, repeat=self._phase.repeats and (repeat or self._phase.iterations is None))
        return Hand(
            script=script,
            lanes=lanes,
            turns=turns,
            first_rows=first_rows,
            amounts=amounts,
            available=available,
        )

    def _items(
        self,
        lanes: Sequence[int],
        turns: Sequence[int],
        amounts: Sequence[int],
        first_rows: Sequence[int],
        before: Sequence[int],
        available: Sequence[int],
    ) -> list[Item]:
        """Return lane and arguments of each attempt; one that has no row has another lane, and none."""
        if len(amounts) == 1 and amounts[0] <= available[0]:  # quicker, for the same
            return list(zip(always(0), self._arguments(0, turns, first_rows[0], before[0]), strict=False))
        arguments = [
            iter(self._arguments(number, [t for lane, t in zip(lanes, turns, strict=True)
                                          if lane == number and t < available[number]],
                                 first_rows[number], before[number]))
            for number in range(len(amounts))
        ]  # fmt: skip
        return [
            (lane, next(arguments[lane])) if turn < available[lane] else (lane + len(amounts), ())
            for lane, turn in zip(lanes, turns, strict=True)
        ]

    def _own_part(self, deck: Sequence[int]) -> tuple[Sequence[int], Sequence[int], list[int]]:
        """Return lane and turn of this process's part of the deck, and how often each lane is in the whole of it."""
        if len(self._phase.operations) == 1:
            own = range(self._shard.index, len(deck), self._shard.count)
            return [0] * len(own), own, [len(deck)]
        amounts = [0] * len(self._phase.operations)
        lanes, turns = [], []
        for place, lane in enumerate(deck):
            if place % self._shard.count == self._shard.index:
                lanes.append(lane)
                turns.append(amounts[lane])
            amounts[lane] += 1
        return lanes, turns, amounts

    def _arguments(
        self, number: int, turns: Sequence[int], first_row: int, first_attempt: int
    ) -> list[tuple[Any, ...]]:
        plan = self._phase.operations[number]
        script = plan.operation.pgbench
        if script is not None and not script.commands:
            numbers = [first_attempt + turn for turn in turns]
            return script_arguments(script, plan.operation.full_id, self._source.seed, numbers)
        per_attempt = plan.operation.rows.per_attempt if plan.operation.rows else 1
        return arguments_of(
            plan.operation,
            self._source,
            anchor=self._anchor,
            rule_values=self._rule_values.get(plan.operation.entity, {}),
            first_row=first_row,
            first_attempt=first_attempt,
            attempts=turns,
            rows=per_attempt * _available(plan, 0),
        )


def _available(plan: OperationPlan, number: int) -> int:
    """Return how many attempts of a round have rows: all, or what the rounds before have left of a limited number."""
    if plan.rows_for is None:
        return plan.round_attempts
    return min(plan.round_attempts, max(0, plan.rows_for - number * plan.round_attempts))
