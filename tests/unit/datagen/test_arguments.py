"""Arguments of attempts: made before measuring, the same however attempts are cut into rounds and processes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.datagen.arguments import arguments_of
from perfengine.datagen.generated import generated_values
from perfengine.datagen.values import column_values, key_value
from perfengine.model.entity import FieldType
from perfengine.model.generator import (
    Choice,
    OrNull,
    Recent,
    ReferenceTo,
    Sequence,
    Text,
    Uniform,
    Uuid,
    Zipf,
)
from perfengine.model.operation import (
    AttemptNumber,
    ClaimedKey,
    Constant,
    DataSetKey,
    FieldValue,
    Generated,
    NewKey,
    Pick,
    RowUse,
    RuleValue,
)
from tests.builders import make_operation
from tests.tables import ANCHOR, between, make_column, make_source, make_table
from tests.unit.datagen.chi_square import chi_square_p

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfengine.model.generator import Generator
    from perfengine.model.operation import Operation, Parameter

CUSTOMER = make_table("customer")
ORDER = make_table(
    "order",
    make_column("customer_id", FieldType.UUID, ReferenceTo(table="customer")),
    make_column("note", FieldType.TEXT),
    make_column("total", FieldType.DECIMAL, between(1, 1000)),
    make_column("at", FieldType.TIMESTAMP, Recent()),
)
SOURCE = make_source(ORDER, CUSTOMER, rows={"order": 500, "customer": 50})
RULE_VALUES = {("sound", "total", True): Decimal(5), ("sound", "total", False): Decimal(-5)}
FIRST_ROW = 1000


def operation_of(*parameters: Parameter, **rows: Any) -> Operation:
    """Return an operation with these parameters; `rows` are those of its `RowUse`, none: it only reads."""
    use = RowUse(**rows) if rows else None
    return replace(make_operation(), parameters=parameters, rows=use)


GENERATORS: tuple[Generator, ...] = (
    replace(between(1, 10**6), distribution=Zipf(s=1.1)),
    Choice(values=("a", "b"), weights=(1, 3)),
    ReferenceTo(table="customer", distribution=Zipf(s=1)),
    Uuid(),
    Sequence(),
    OrNull(share=0.5, generator=Text()),
)
ALL: tuple[Parameter, ...] = (
    ClaimedKey(),
    ClaimedKey(bulk=True),
    DataSetKey(),
    Constant(value="pending"),
    RuleValue(field="total", rule="sound", accept=False),
    *(FieldValue(field=name) for name in ("customer_id", "note", "total", "at")),
    AttemptNumber(),
    *(Generated(name=f"p{number}", generator=generator) for number, generator in enumerate(GENERATORS)),
)


def turns(operation: Operation, attempts: Iterable[int], rows: int = 100) -> list[tuple[Any, ...]]:
    """Return the arguments of some attempts of a round that begins with the first row and attempt number 7."""
    return arguments_of(
        operation,
        SOURCE,
        anchor=ANCHOR,
        rule_values=RULE_VALUES,
        first_row=FIRST_ROW,
        first_attempt=7,
        attempts=attempts,
        rows=rows,
    )


def arguments(operation: Operation, first_attempt: int, attempts: int) -> list[tuple[Any, ...]]:
    """Return the arguments of a stretch of attempts, with the rows that belong to it."""
    per_attempt = operation.rows.per_attempt if operation.rows else 1
    return arguments_of(
        operation,
        SOURCE,
        anchor=ANCHOR,
        rule_values=RULE_VALUES,
        first_row=FIRST_ROW + first_attempt * per_attempt,
        first_attempt=first_attempt,
        attempts=range(attempts),
        rows=attempts * per_attempt,
    )


@given(st.lists(st.integers(0, 100), max_size=6), st.sampled_from((1, 2, 7)))
def test_rounds_do_not_matter(cuts: list[int], per_attempt: int) -> None:
    """However a hundred attempts are cut into rounds, each attempt gets the same arguments."""
    operation = operation_of(*ALL, per_attempt=per_attempt)
    ends = [0, *sorted(cuts), 100]
    in_rounds = [given for begin, end in pairwise(ends) for given in arguments(operation, begin, end - begin)]
    assert in_rounds == arguments(operation, 0, 100)


@given(st.integers(1, 8), st.integers(0, 60))
def test_claims_are_disjoint(per_attempt: int, attempts: int) -> None:
    """No row is handed to two attempts, and together they get exactly the rows from the first on."""
    bulk = operation_of(ClaimedKey(bulk=True), per_attempt=per_attempt)
    claimed = [key for (keys,) in arguments(bulk, 0, attempts) for key in keys]
    rows = range(FIRST_ROW, FIRST_ROW + attempts * per_attempt)
    assert claimed == [key_value(SOURCE.seed, ORDER, row) for row in rows]
    assert len(set(claimed)) == len(claimed)


@pytest.mark.parametrize("parameter", [ClaimedKey(), NewKey()])
def test_one_key_an_attempt(parameter: Parameter) -> None:
    """A single key is that of the attempt's own row, no key of the data set."""
    keys = [key for (key,) in arguments(operation_of(parameter, per_attempt=1), 0, 50)]
    assert keys == [key_value(SOURCE.seed, ORDER, FIRST_ROW + n) for n in range(50)]
    assert not set(keys) & {key_value(SOURCE.seed, ORDER, row) for row in range(500)}


def test_keys_of_the_data_set() -> None:
    """A drawn key is one of the data set, and which one depends on the operation and the attempt."""
    reading = operation_of(DataSetKey())
    there = {key_value(SOURCE.seed, ORDER, row) for row in range(500)}
    drawn = [key for (key,) in arguments(reading, 0, 3000)]
    assert set(drawn) <= there
    assert len(set(drawn)) > 490  # nearly all of 500 in 3000 draws
    other = replace(reading, name="order_query")
    assert [key for (key,) in arguments(other, 0, 3000)] != drawn


def test_warm_up_asks_for_other_keys() -> None:
    """Attempts that are numbered on from the warm-up's draw other keys than the warm-up."""
    reading = operation_of(DataSetKey())
    assert arguments(reading, 0, 100) != arguments(reading, 100, 100)


def test_constants_and_rule_values() -> None:
    """Constants and values of rules are the same for every attempt."""
    operation = operation_of(
        Constant(value=None),
        RuleValue(field="total", rule="sound", accept=True),
        RuleValue(field="total", rule="sound", accept=False),
    )
    assert set(arguments(operation, 0, 20)) == {(None, Decimal(5), Decimal(-5))}


def test_a_new_row_is_the_row_that_seeding_would_make() -> None:
    """An insert writes the values that its row would have been seeded with."""
    insert = operation_of(
        NewKey(), *(FieldValue(field=c.name) for c in ORDER.columns[1:]), per_attempt=1, inserts=True
    )
    makers = [column_values(SOURCE, ORDER, column, ANCHOR) for column in ORDER.columns]
    seeded = [tuple(make(FIRST_ROW + n) for make in makers) for n in range(40)]
    assert arguments(insert, 0, 40) == seeded


def test_an_update_changes_the_row() -> None:
    """An update writes other values than the row was seeded with, and references that exist."""
    update = operation_of(FieldValue(field="total"), FieldValue(field="customer_id"), per_attempt=1)
    seeded = column_values(SOURCE, ORDER, ORDER.column("total"), ANCHOR)
    written = arguments(update, 0, 100)
    assert sum(total != seeded(FIRST_ROW + n) for n, (total, _) in enumerate(written)) > 95
    parents = {key_value(SOURCE.seed, CUSTOMER, row) for row in range(50)}
    assert {customer for _, customer in written} <= parents


def test_an_update_changes_the_row_in_every_round() -> None:
    """Rounds have the same rows: values that followed from the row alone were there already in later ones, once."""
    update = operation_of(ClaimedKey(), FieldValue(field="total"), per_attempt=1, consumed=False)

    def written(first_attempt: int) -> list[tuple[Any, ...]]:
        return arguments_of(
            update,
            SOURCE,
            anchor=ANCHOR,
            rule_values=RULE_VALUES,
            first_row=FIRST_ROW,
            first_attempt=first_attempt,
            attempts=range(100),
            rows=100,
        )

    rounds = [written(first_attempt) for first_attempt in (0, 100, 200)]
    for before, after in pairwise(rounds):
        assert [key for key, _ in before] == [key for key, _ in after]
        assert sum(old != new for (_, old), (_, new) in zip(before, after, strict=True)) > 95


def test_values_of_a_bulk_attempt() -> None:
    """An attempt on several rows draws as one on a single row does."""
    single = operation_of(FieldValue(field="note"), per_attempt=1)
    bulk = operation_of(FieldValue(field="note"), per_attempt=10)
    assert arguments(bulk, 0, 5) == arguments(single, 0, 5)


@given(st.integers(0, 60), st.sampled_from((1, 3)), st.sampled_from(tuple(Pick)), st.sampled_from((1, 2, 4)))
def test_processes_do_not_matter(attempts: int, per_attempt: int, pick: Pick, processes: int) -> None:
    """However many processes share the attempts of a round, the union of what they make is the same."""
    operation = operation_of(*ALL, per_attempt=per_attempt, pick=pick)
    made: dict[int, tuple[Any, ...]] = {}
    for process in range(processes):
        own = range(process, attempts, processes)
        made |= dict(zip(own, turns(operation, own), strict=True))
    assert [made[k] for k in range(attempts)] == turns(operation, range(attempts))


@given(st.lists(st.integers(0, 500), unique=True, max_size=20))
def test_any_selection_of_attempts(selected: list[int]) -> None:
    """An attempt gets what it gets alone, whichever others are asked for and in whatever order."""
    operation = operation_of(*ALL, per_attempt=2)
    assert turns(operation, selected) == [turns(operation, [k])[0] for k in selected]


@given(st.integers(1, 5), st.integers(5, 40))
def test_random_rows(per_attempt: int, rows: int) -> None:
    """Rows drawn at random are the operation's own; those of one attempt differ, those of two attempts need not."""
    operation = operation_of(ClaimedKey(bulk=True), ClaimedKey(), per_attempt=per_attempt, pick=Pick.RANDOM)
    there = [key_value(SOURCE.seed, ORDER, FIRST_ROW + row) for row in range(rows)]
    drawn = turns(operation, range(60), rows)
    for keys, key in drawn:
        assert len(set(keys)) == len(keys) == per_attempt
        assert set(keys) <= set(there)
        assert key == keys[0]
    assert len({tuple(keys) for keys, _ in drawn}) > 1


@pytest.mark.parametrize("per_attempt", [1, 4])
def test_random_rows_are_uniform(per_attempt: int) -> None:
    """Every row is drawn about as often as the others, in every place of an attempt's rows."""
    operation = operation_of(ClaimedKey(bulk=True), per_attempt=per_attempt, pick=Pick.RANDOM)
    drawn = turns(operation, range(8000), rows=40)
    for place in range(per_attempt):
        counts = Counter(keys[place] for (keys,) in drawn)
        assert len(counts) == 40
        assert chi_square_p(list(counts.values()), [1] * 40) > 0.001


def test_fewer_rows_than_an_attempt_takes() -> None:
    """An attempt that wants more rows than there are gets all of them."""
    operation = operation_of(ClaimedKey(bulk=True), per_attempt=5, pick=Pick.RANDOM)
    ((keys,),) = turns(operation, [0], rows=3)
    assert set(keys) == {key_value(SOURCE.seed, ORDER, FIRST_ROW + row) for row in range(3)}


def test_attempt_numbers() -> None:
    """An operation written in Python gets the number of its attempt, counted on from the warm-up's."""
    assert turns(operation_of(AttemptNumber()), [0, 5, 2]) == [(7,), (12,), (9,)]


def test_values_of_a_parameter() -> None:
    """A parameter's stream is that of its operation and its name, its index the number of the attempt."""
    generator = replace(between(1, 10**9), distribution=Uniform())
    operation = operation_of(
        Generated(name="a", generator=generator), Generated(name="b", generator=generator)
    )
    drawn = turns(operation, range(50))
    expected = generated_values(SOURCE, generator, f"{operation.full_id}/a", ANCHOR)
    assert [a for a, _ in drawn] == [expected(7 + k) for k in range(50)]
    assert all(a != b for a, b in drawn)


def test_an_operation_of_no_table() -> None:
    """An own operation may have an entity that is no table, as long as no parameter asks for its rows."""
    own = replace(operation_of(AttemptNumber(), Constant(value=1)), entity="workload")
    assert turns(own, [1]) == [(8, 1)]


def test_attempts_share_no_tuple() -> None:
    """Every attempt has a tuple of its own, also where all values are equal: failures are noted by identity."""
    handed_out = arguments(operation_of(Constant(value=1)), 0, 50)
    assert len({id(one) for one in handed_out}) == 50
