"""Dealing: one process or four, the attempts of a round are the same, with the same values, and each is made once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.datagen.values import key_value
from perfengine.engine.dealing import Dealer
from perfengine.engine.messages import Shard
from perfengine.model.entity import FieldType
from perfengine.model.load import ClosedLoad
from perfengine.model.operation import AttemptNumber, ClaimedKey, FieldValue, Pick, RowUse
from perfengine.model.plan import KeyRange, OperationPlan, PhasePlan
from perfengine.model.rows import Fate
from perfengine.units import NS_PER_S
from tests.builders import make_operation
from tests.tables import ANCHOR, make_column, make_source, make_table

if TYPE_CHECKING:
    from perfengine.engine.dealing import Hand
    from perfengine.execution.script import Item

ORDER = make_table("order", make_column("note", FieldType.TEXT))
SOURCE = make_source(ORDER, rows={"order": 50})
PROCESSES = (1, 2, 4)

CLAIM = RowUse(per_attempt=1)
BULK = RowUse(per_attempt=3)
RANDOM = RowUse(per_attempt=2, pick=Pick.RANDOM, consumed=False)
#: By the rows they use: each its own, several, whichever it draws, none.
USES: tuple[RowUse | None, ...] = (CLAIM, BULK, RANDOM, None)
amounts = st.lists(st.integers(0, 12), min_size=4, max_size=4)


def plan_of(number: int, use: RowUse | None, **parts: Any) -> OperationPlan:
    """Return the plan of an operation with rows of its own, whose arguments say which attempt it is."""
    key = ClaimedKey(bulk=use is not None and use.per_attempt > 1)
    parameters = (key, FieldValue(field="note"), AttemptNumber()) if use else (AttemptNumber(),)
    operation = replace(make_operation(f"operation_{number}"), parameters=parameters, rows=use)
    plan = OperationPlan(
        operation=operation,
        concurrency=4,
        timeout_ns=NS_PER_S,
        iterations=None,
        duration_ns=None,
        warmup_attempts=parts.pop("warmup_attempts", 2),
        keys=KeyRange(start=1000 * (number + 1), count=999),
        round_attempts=parts.pop("round_attempts", 9),
    )
    return replace(plan, **parts)


def phase_of(*plans: OperationPlan, **parts: Any) -> PhasePlan:
    """Return a mix of the operations."""
    phase = PhasePlan(
        name="mix",
        operations=plans,
        load=ClosedLoad(users=4),
        iterations=100,
        duration_ns=None,
        timeout_ns=NS_PER_S,
        warmup_attempts=sum(plan.warmup_attempts for plan in plans),
        warmup_ns=None,
        round_attempts=sum(plan.round_attempts for plan in plans),
    )
    return replace(phase, **parts)


def mix_of(counts: list[int], **parts: Any) -> PhasePlan:
    """Return a mix of the four kinds of operations, each so many times a round."""
    plans = [plan_of(n, use, round_attempts=counts[n]) for n, use in enumerate(USES)]
    return phase_of(*plans, **parts)


def dealers(phase: PhasePlan, processes: int) -> list[Dealer]:
    """Return the dealer of each load process."""
    return [
        Dealer(phase, Shard(index=index, count=processes), SOURCE, ANCHOR, {}) for index in range(processes)
    ]


def items_of(hand: Hand) -> list[Item]:
    """Return the attempts that a hand gives out, in order."""
    return list(islice(hand.script, len(hand.lanes)))


def interleaved(hands: list[Hand]) -> list[Item]:
    """Return the attempts of all processes in the order of the deck."""
    parts = [iter(items_of(hand)) for hand in hands]
    together = []
    while parts:
        for part in list(parts):
            item = next(part, None)
            if item is None:
                parts.remove(part)
            else:
                together.append(item)
    return together


def overlaid(hands: list[Hand], phase: PhasePlan) -> dict[str, bytes]:
    """Return the fates of all processes laid over each other; fails where two have had the same attempt."""
    fates: dict[str, bytearray] = {}
    for hand in hands:
        for name, claims in hand.claims(phase.operations).items():
            whole = fates.setdefault(name, bytearray(len(claims.fates)))
            for n, fate in enumerate(claims.fates):
                assert not (fate and whole[n]), f"attempt {n} of {name} was handed out twice"
                whole[n] |= fate
    return {name: bytes(whole) for name, whole in fates.items()}


@given(counts=amounts, number=st.integers(0, 5), attempts=st.integers(0, 48))
def test_any_number_of_processes_makes_the_same_attempts(
    counts: list[int], number: int, attempts: int
) -> None:
    """The same operations with the same values and rows, in the same order; each in one process only."""
    phase = mix_of(counts)
    by_processes = [
        interleaved([dealer.round(number, attempts) for dealer in dealers(phase, processes)])
        for processes in PROCESSES
    ]
    assert by_processes[0] == by_processes[1] == by_processes[2]
    assert len(by_processes[0]) == min(attempts, sum(counts))


@given(counts=amounts, processes=st.sampled_from(PROCESSES), number=st.integers(0, 3))
def test_a_round_is_the_whole_deck(counts: list[int], processes: int, number: int) -> None:
    """Every operation as often as the plan says; its k-th attempt works on its k-th rows, each row once."""
    phase = mix_of(counts)
    together = interleaved([dealer.round(number, 100) for dealer in dealers(phase, processes)])
    assert Counter(lane for lane, _ in together) == +Counter(dict(enumerate(counts)))
    for lane, plan in enumerate(phase.operations):
        given_ = [arguments for one, arguments in together if one == lane]
        assert [arguments[-1] for arguments in given_] == [
            2 + number * counts[lane] + turn for turn in range(counts[lane])
        ]
        if plan.operation.rows in (CLAIM, BULK):
            per_attempt = plan.operation.rows.per_attempt
            first = plan.first_row(number)
            rows = [key_value(SOURCE.seed, ORDER, first + n) for n in range(per_attempt * counts[lane])]
            handed = [arguments[0] for arguments in given_]
            assert (list(chain(*handed)) if per_attempt > 1 else handed) == rows


@given(
    counts=amounts,
    processes=st.sampled_from(PROCESSES),
    taken=st.lists(st.integers(0, 12), min_size=4, max_size=4),
)
def test_the_fates_of_all_processes_are_those_of_the_round(
    counts: list[int], processes: int, taken: list[int]
) -> None:
    """Laid over each other: each attempt has one fate, that of the process that made it, or none was made."""
    phase = mix_of(counts)
    hands = [dealer.round(0, 100) for dealer in dealers(phase, processes)]
    expected = {
        plan.operation.name: bytearray(plan.round_attempts)
        for plan in phase.operations
        if plan.operation.rows in (CLAIM, BULK)
    }
    for hand, many in zip(hands, taken, strict=False):
        for place, item in enumerate(islice(hand.script, many)):
            lane, turn = hand.lanes[place], hand.turns[place]
            fate = (Fate.OK, Fate.FAILED, Fate.IN_DOUBT, Fate.NOT_TAKEN)[place % 4]
            if fate in {Fate.FAILED, Fate.IN_DOUBT}:
                hand.script.fail(item, in_doubt=fate is Fate.IN_DOUBT)
            elif fate is Fate.NOT_TAKEN:
                hand.script.give_back(item)
            name = phase.operations[lane].operation.name
            if name in expected:
                expected[name][turn] = fate
    assert overlaid(hands, phase) == {name: bytes(fates) for name, fates in expected.items()}


def test_claims_say_which_rows_they_are_about() -> None:
    """Those of the round, three an attempt; nobody asks about rows that may be handed out again, or about none."""
    phase = mix_of([4, 4, 4, 4])
    (dealer,) = dealers(phase, 1)
    claims = dealer.round(0, 100).claims(phase.operations)
    assert set(claims) == {"operation_0", "operation_1"}
    assert (claims["operation_0"].first_row, claims["operation_0"].per_attempt) == (1002, 1)
    assert (claims["operation_1"].first_row, claims["operation_1"].per_attempt) == (2006, 3)
    assert claims["operation_1"].last_row == 2006 + 3 * 4 - 1


@pytest.mark.parametrize("processes", PROCESSES)
@pytest.mark.parametrize("use", [CLAIM, RANDOM, None])
def test_attempts_beyond_the_rows_are_starved(processes: int, use: RowUse | None) -> None:
    """They are handed out all the same, down the lane that sends nothing; nobody claims a row for them."""
    phase = phase_of(plan_of(0, use, round_attempts=9, rows_for=5), plan_of(1, CLAIM, round_attempts=3))
    hands = [dealer.round(0, 100) for dealer in dealers(phase, processes)]
    together = interleaved(hands)
    assert Counter(lane for lane, _ in together) == {0: 5, 1: 3, 2: 4}
    assert {arguments for lane, arguments in together if lane == 2} == {()}
    fates = overlaid(hands, phase)
    assert fates["operation_1"] == bytes([Fate.OK] * 3)
    assert fates.get("operation_0", b"") == (bytes([Fate.OK] * 5) if use is CLAIM else b"")


@pytest.mark.parametrize("processes", PROCESSES)
def test_only_the_rows_that_are_there_are_drawn_at_random(processes: int) -> None:
    """An operation that picks for itself picks among those of the round."""
    plan = plan_of(0, RANDOM, round_attempts=40, rows_for=7)
    hands = [dealer.round(0, 100) for dealer in dealers(phase_of(plan), processes)]
    rows = {key_value(SOURCE.seed, ORDER, plan.first_row(0) + n) for n in range(2 * 7)}
    for _, arguments in interleaved(hands)[:7]:
        assert len(set(arguments[0])) == 2
        assert set(arguments[0]) <= rows


@given(counts=amounts, processes=st.sampled_from(PROCESSES))
def test_a_warm_up_is_apart_from_what_is_measured(counts: list[int], processes: int) -> None:
    """It has rows and numbers of its own, before those of the first round; the same for all numbers of processes."""
    plans = [plan_of(n, use, warmup_attempts=counts[n]) for n, use in enumerate(USES)]
    phase = phase_of(*plans)
    warm_up = interleaved([dealer.warm_up() for dealer in dealers(phase, processes)])
    assert warm_up == interleaved([dealer.warm_up() for dealer in dealers(phase, 1)])
    assert Counter(lane for lane, _ in warm_up) == +Counter(dict(enumerate(counts)))
    measured = interleaved([dealer.round(0, 100) for dealer in dealers(phase, processes)])
    for lane, use in enumerate(USES):
        before = [arguments for one, arguments in warm_up if one == lane]
        after = [arguments for one, arguments in measured if one == lane]
        assert [arguments[-1] for arguments in (*before, *after)] == list(range(counts[lane] + 9))
        if use in (CLAIM, BULK):
            rows = [str(arguments[0]) for arguments in (*before, *after)]
            assert len(set(rows)) == len(rows)


def test_rounds_have_the_same_order_and_other_values() -> None:
    """With a stride other rows too; without one the same rows, made anew."""
    for stride in (0, 100):
        phase = phase_of(plan_of(0, CLAIM, stride=stride), plan_of(1, None))
        (dealer,) = dealers(phase, 1)
        first, second = (items_of(dealer.round(number, 100)) for number in range(2))
        assert [lane for lane, _ in first] == [lane for lane, _ in second]
        keys = [[arguments[0] for lane, arguments in items if lane == 0] for items in (first, second)]
        assert (keys[0] == keys[1]) is (stride == 0)
        numbers = [arguments[-1] for _, arguments in (*first, *second)]
        assert sorted(numbers) == sorted([*range(2, 20)] * 2)


@pytest.mark.parametrize(
    ("repeats", "iterations", "over"), [(True, None, True), (True, 10, False), (False, None, False)]
)
def test_a_round_that_uses_nothing_up_may_start_over(
    repeats: bool, iterations: int | None, over: bool
) -> None:
    """While time is what ends it; a warm-up may whatever ends the round."""
    phase = phase_of(plan_of(0, None), repeats=repeats, iterations=iterations)
    (dealer,) = dealers(phase, 1)
    for hand, starts_over in ((dealer.round(0, 100), over), (dealer.warm_up(), repeats)):
        length = len(hand.lanes)
        assert len(list(islice(hand.script, 3 * length))) == (3 * length if starts_over else length)


@given(counts=amounts)
def test_no_two_attempts_are_the_same_object(counts: list[int]) -> None:
    """The load loop knows an attempt by its identity, also one that is starved and has no arguments."""
    plans = [plan_of(n, use, round_attempts=counts[n], rows_for=counts[n] // 2) for n, use in enumerate(USES)]
    (dealer,) = dealers(phase_of(*plans), 1)
    items = items_of(dealer.round(0, 100))
    assert len({id(item) for item in items}) == len(items)
