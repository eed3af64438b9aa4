"""What may be done on tables that others use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.compiler.crud import compile_crud
from perfengine.compiler.existing.access import keep_to_own_rows
from perfengine.errors import PlanError
from perfengine.model.entity import Field, FieldType
from perfengine.model.operation import Effect, Group, Kind, Operation, Pick
from perfengine.model.settings import LoadSettings
from perfengine.model.transaction import Argument, Isolation, StatementStep, Transaction
from perfengine.model.workload import NOTHING_SAID
from tests.entities import make_draft, make_entity
from tests.unit.execution.transactions import transacting


def selected(
    *, rollback: bool = False, own: tuple[Operation, ...] = (), **said: object
) -> tuple[Operation, ...]:
    """Return the operations of an entity and some of the author's own, as the pass leaves them."""
    draft = compile_crud(make_draft(make_entity("order", Field(name="amount", type=FieldType.INTEGER))))
    workload = replace(NOTHING_SAID, **said)  # type: ignore[arg-type]
    draft = replace(
        draft,
        scenario=replace(draft.scenario, workload=workload),
        settings=LoadSettings(rollback=rollback),
        selected=(*draft.operations, *own),
    )
    return keep_to_own_rows(draft).selected


def test_operations_are_as_they_were_where_nothing_is_rolled_back() -> None:
    """Their rows are ours already."""
    assert all(one.transaction is None for one in selected())


def test_what_writes_is_a_transaction_that_rolls_back() -> None:
    """Its rows are as they were afterwards: none is used up, and no effect is looked for; reads are left alone."""
    found = {one.kind: one for one in selected(rollback=True)}
    create, query = found[Kind.INSERT], found[Kind.SIMPLE_SELECT]
    assert query.transaction is None
    assert create.transaction == Transaction(
        steps=(
            StatementStep(
                sql=create.sql,
                bindings=tuple(Argument(position=n) for n in range(len(create.parameters))),
                expectation=create.expectation,
            ),
        ),
        rolls_back=True,
    )
    assert create.rows
    assert (create.rows.consumed, create.rows.effect) == (False, Effect.NONE)


def test_a_transaction_of_the_authors_own_keeps_what_it_says() -> None:
    """Its steps and its isolation; also a lone statement that is tried again becomes a block."""
    lone = transacting(isolation=Isolation.SERIALIZABLE, explicit=False)
    (done,) = [one for one in selected(rollback=True, own=(lone,)) if one.group is Group.OWN]
    assert done.transaction
    assert lone.transaction
    assert done.transaction == replace(lone.transaction, explicit=True, rolls_back=True)


@pytest.mark.parametrize("pick", [Pick.LOCK, Pick.FIRST])
def test_statements_that_look_for_their_rows_are_refused(pick: Pick) -> None:
    """They would find rows of others."""
    with pytest.raises(
        PlanError, match=f"pick: {pick}: the statements would look for their rows among those of others"
    ):
        selected(pick=pick)


def test_all_that_is_wrong_is_said_at_once() -> None:
    """A line each."""
    with pytest.raises(PlanError) as caught:
        selected(pick=Pick.LOCK, prepare=False, own=(transacting(),))
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "pick",
        "prepare",
        "transfer is a statement of your own, and which rows it changes on existing tables cannot be known",
    ]


def test_what_says_that_it_reads_is_let_through() -> None:
    """As a block that can do nothing else."""
    (done,) = [one for one in selected(own=(transacting(writes=False),)) if one.group is Group.OWN]
    assert done.transaction
    assert done.transaction.read_only


@pytest.mark.parametrize("rollback", [True, False])
def test_a_step_that_ends_its_transaction_is_refused(rollback: bool) -> None:
    """A COMMIT among the steps once kept what --rollback should have undone, on tables of others."""
    steps = (StatementStep(sql="UPDATE customer SET name = ''"), StatementStep(sql="COMMIT"))
    own = transacting(writes=rollback, steps=steps)
    with pytest.raises(
        PlanError, match=r"transfer ends its transaction in one of its steps: .*--exclude transfer"
    ):
        selected(rollback=rollback, own=(own,))
