"""The operations of one trigger: single, bulk, and the call from a wrong state that must be refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.picks import picked, search_sql, searches
from perfengine.compiler.sql_types import argument_type
from perfengine.compiler.transitions import REFUSED_SQLSTATE, one_of
from perfengine.model.entity import NotBuilt
from perfengine.model.operation import (
    ClaimedKey,
    Effect,
    Expectation,
    Group,
    Kind,
    Operation,
    Pick,
    RowUse,
    Success,
)
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.entity import Entity, StateMachine, Transition
    from perfengine.model.table import Check

#: Rows that one attempt of a bulk operation works on.
BULK_ROWS: Final = 100
#: The benchmark scripts of the original document call the trigger `confirm` so in Python.
_OTHER_WORDS: Final = {"confirm": "confirmation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A transition with the names it goes by."""

    entity: Entity
    machine: StateMachine
    transition: Transition
    word: str  #: the trigger; with its target where one trigger has several
    function: str
    guard: Check | None

    @property
    def call(self) -> str:
        """The function as SQL."""
        return quote_identifier(self.function)

    @property
    def key_type(self) -> str:
        """The type of its argument."""
        return argument_type(self.entity.key)

    def also(self, prefix: str) -> tuple[str, ...]:
        """The name under which the original document knows the operation in Python, if it does."""
        other = _OTHER_WORDS.get(self.word)
        return (f"{prefix}_{self.entity.name}_{other}",) if other else ()


def transition_operations(trigger: Trigger, pick: Pick) -> list[Operation]:
    """Return the operations of a trigger, whose statements find their rows as `pick` says."""
    wrong_states = _wrong_states(trigger)
    single, bulk = _single(trigger), _bulk(trigger)
    found = [_picking(single, trigger, pick), _picking(bulk, trigger, pick)]
    return [*found, _invalid(trigger, tuple(wrong_states))] if wrong_states else found


def why_no_invalid(trigger: Trigger) -> list[NotBuilt]:
    """Return that the call from a wrong state is missing, where no state is wrong."""
    if _wrong_states(trigger):
        return []
    name = f"invalid_{trigger.entity.name}_{trigger.word}"
    return [NotBuilt(name=name, reason="the transition leads away from every state: none is wrong")]


def _wrong_states(trigger: Trigger) -> list[str]:
    return [state for state in trigger.machine.states if state not in trigger.transition.sources]


def _single(trigger: Trigger) -> Operation:
    name = trigger.entity.name
    return Operation(
        name=f"single_{name}_{trigger.word}",
        entity=name,
        group=Group.STATE_MACHINE,
        kind=Kind.SINGLE_TRANSITION,
        sql=f"SELECT {trigger.call}($1::{trigger.key_type})",
        parameters=(ClaimedKey(),),
        expectation=Expectation(success=Success.RETURNED),
        default_iterations=100,
        aliases=(
            f"{name}_{trigger.word}",
            *trigger.also("single"),
            *((trigger.word,) if trigger.transition.is_action else ()),
        ),
        rows=_rows(trigger, 1),
    )


def _bulk(trigger: Trigger) -> Operation:
    name = trigger.entity.name
    return Operation(
        name=f"bulk_{name}_{trigger.word}",
        entity=name,
        group=Group.STATE_MACHINE,
        kind=Kind.BULK_TRANSITION,
        # count() of the call's result: the planner drops a call whose result nobody reads
        sql=f"SELECT count({trigger.call}(u.id)) FROM unnest($1::{trigger.key_type}[]) AS u(id)",
        parameters=(ClaimedKey(bulk=True),),
        expectation=Expectation(success=Success.COUNTED, count=BULK_ROWS),
        default_iterations=10,
        aliases=trigger.also("bulk"),
        rows=_rows(trigger, BULK_ROWS),
    )


def _invalid(trigger: Trigger, wrong_states: tuple[str, ...]) -> Operation:
    return replace(
        _single(trigger),
        name=f"invalid_{trigger.entity.name}_{trigger.word}",
        kind=Kind.TRANSITION_REJECT,
        expectation=Expectation(success=Success.REFUSED, sqlstate=REFUSED_SQLSTATE),
        aliases=(),
        rows=RowUse(per_attempt=1, source_states=wrong_states, consumed=False),
        optional=True,
    )


def _rows(trigger: Trigger, per_attempt: int) -> RowUse:
    """Return rows in the source states. A row already in the target would show the effect before any attempt."""
    transition = trigger.transition
    sources = tuple(state for state in transition.sources if state != transition.target)
    if not sources:
        return RowUse(per_attempt=per_attempt, source_states=transition.sources, guard=trigger.guard)
    return RowUse(
        per_attempt=per_attempt,
        source_states=sources,
        target_state=transition.target,
        effect=Effect.STATE,
        guard=trigger.guard,
    )


def _picking(operation: Operation, trigger: Trigger, pick: Pick) -> Operation:
    """Return the operation with the statement that a policy asks for."""
    rows = picked(operation.rows, pick) if operation.rows else None
    if rows is None or not searches(pick):
        return replace(operation, rows=rows)
    condition = f"{quote_identifier(trigger.machine.field)} {one_of(rows.source_states)}"
    if trigger.transition.guard:
        # the guard ends on a line of its own, in case it ends in a comment
        condition += f" AND (\n{trigger.transition.guard}\n)"
    search = search_sql(trigger.entity, pick, rows.per_attempt, condition)
    call = f"{trigger.call}(u.id)"
    is_bulk = operation.kind is Kind.BULK_TRANSITION
    # HAVING: no row found is no row back, whichever of the two it is
    answer, nothing = (f"count({call})", " HAVING count(*) > 0") if is_bulk else (call, "")
    return replace(
        operation,
        sql=f"SELECT {answer} FROM ({search}) AS u{nothing}",
        parameters=(),
        expectation=replace(operation.expectation, empty_is_starved=True),
        rows=rows,
    )
