"""A plan of a mix: operations of one statement, of several steps, of Python, and one that draws its rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from perfengine.model.generator import Choice, NumberRange, OrNull, ReferenceTo, Text, Uuid, Zipf
from perfengine.model.load import Arrival, ClosedLoad, OpenLoad, Spread, Stage, ThinkTime
from perfengine.model.operation import (
    AttemptNumber,
    ClaimedKey,
    Expectation,
    Generated,
    Group,
    Kind,
    Pick,
    RowUse,
    Success,
)
from perfengine.model.plan import KeyRange, OperationPlan, PhasePlan, Plan
from perfengine.model.python_call import PythonCall
from perfengine.model.transaction import (
    Argument,
    Captured,
    Isolation,
    PauseStep,
    Retry,
    StatementStep,
    Transaction,
)
from perfengine.model.workload import Mode, StopRules, WhenExhausted
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import make_operation

if TYPE_CHECKING:
    from perfengine.model.load import Load
    from perfengine.model.operation import Operation

OPEN = OpenLoad(
    rate_per_s=0.0,
    arrival=Arrival.POISSON,
    clients=40,
    max_in_flight=200,
    stages=(Stage(duration_ns=10 * NS_PER_S, target=400.0), Stage(duration_ns=0, target=50.0)),
)
CLOSED = ClosedLoad(users=50, think=ThinkTime(spread=Spread.EXPONENTIAL, mean_ns=NS_PER_S))

SEARCH = replace(
    make_operation("search", entity="shop", group=Group.OWN, kind=Kind.STATEMENT),
    sql='SELECT * FROM "order"\n WHERE "customer_id" = $1 AND "note" = $2',
    parameters=(
        Generated(name="customer", generator=ReferenceTo(table="customer", distribution=Zipf(s=1.1))),
        Generated(name="note", generator=OrNull(share=0.1, generator=Text(length=8))),
    ),
    expectation=Expectation(success=Success.AT_LEAST, count=1),
    read_only=True,
)
PAY = replace(
    make_operation("pay", entity="shop", group=Group.OWN, kind=Kind.TRANSACTION),
    sql="",
    parameters=(
        Generated(name="account", generator=NumberRange(low=Decimal(1), high=Decimal(1000))),
        Generated(name="by", generator=Choice(values=("card", "cash"), weights=(3, 1))),
        Generated(name="id", generator=Uuid()),
    ),
    expectation=Expectation(success=Success.ANY),
    transaction=Transaction(
        steps=(
            StatementStep(
                sql="SELECT balance FROM account WHERE id = $1 FOR UPDATE",
                bindings=(Argument(position=0),),
                name="account",
                expectation=Expectation(success=Success.ROWS, count=1),
            ),
            PauseStep(think=ThinkTime(spread=Spread.CONSTANT, mean_ns=10 * NS_PER_MS)),
            StatementStep(
                sql="INSERT INTO payment (id, paid_by, balance) VALUES ($1, $2, $3)",
                bindings=(
                    Argument(position=2),
                    Argument(position=1),
                    Captured(step="account", column="balance"),
                ),
            ),
        ),
        isolation=Isolation.SERIALIZABLE,
        retry=Retry(max_retries=3, backoff_ns=5 * NS_PER_MS),
    ),
)
CHECKOUT = replace(
    make_operation("checkout", entity="shop", group=Group.OWN, kind=Kind.PYTHON),
    sql="",
    parameters=(AttemptNumber(),),
    expectation=Expectation(success=Success.ANY),
    python=PythonCall(path="workloads/checkout.py", name="checkout"),
)
CONFIRM = replace(
    make_operation("single_order_confirm"),
    parameters=(ClaimedKey(),),
    rows=RowUse(per_attempt=1, source_states=("pending",), pick=Pick.RANDOM, consumed=False),
)
SHIP = replace(
    make_operation("single_order_ship"),
    parameters=(ClaimedKey(),),
    rows=RowUse(per_attempt=1, source_states=("confirmed",), pick=Pick.LOCK),
)


def make_item(operation: Operation, weight: float, *, load: Load, start: int = 0) -> OperationPlan:
    """Return the part of a mix that one operation has."""
    return OperationPlan(
        operation=operation,
        concurrency=load.clients,
        timeout_ns=660 * NS_PER_S,
        iterations=None,
        duration_ns=60 * NS_PER_S,
        warmup_attempts=100,
        keys=KeyRange(start=start, count=1000 if operation.rows else 0),
        round_attempts=round(weight * 100),
        weight=weight,
    )


def make_mix_phase(load: Load, *operations: tuple[Operation, float]) -> PhasePlan:
    """Return a mix of operations with their weights, for a minute."""
    return PhasePlan(
        name="mix",
        operations=tuple(
            make_item(operation, weight, load=load, start=number * 1000)
            for number, (operation, weight) in enumerate(operations, start=1)
        ),
        load=load,
        iterations=None,
        duration_ns=60 * NS_PER_S,
        timeout_ns=660 * NS_PER_S,
        warmup_attempts=1000,
        warmup_ns=5 * NS_PER_S,
        round_attempts=1000,
        when_exhausted=WhenExhausted.STOP,
    )


def make_mix_plan(load: Load = CLOSED) -> Plan:
    """Return a plan of a mix with everything that a plan of the original document has not."""
    operations = ((SEARCH, 4.0), (PAY, 2.0), (CHECKOUT, 1.0), (CONFIRM, 2.0), (SHIP, 1.0))
    return Plan(
        tables=(),
        functions=(),
        phases=(make_mix_phase(load, *operations),),
        available=tuple(operation for operation, _ in operations),
        data_set="default",
        data_rows={"order": 1000},
        seed=42,
        mode=Mode.MIX,
        connections=20,
        processes=2,
        prepare=False,
        session={"lock_timeout": "2s"},
        setup=('ANALYZE "order"', "INSERT INTO account\nSELECT g, 0 FROM generate_series(1, 1000) g"),
        teardown=("TRUNCATE payment",),
        stop=StopRules(abort_on_fail=True, abort_delay_ns=10 * NS_PER_S, max_error_rate=0.05),
    )
