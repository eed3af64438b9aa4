"""Operations that the author wrote: statements, transactions, functions, Python."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from perfengine.errors import SpecError
from perfengine.model.generator import NumberRange, OrNull, ReferenceTo, Sequence, Uuid
from perfengine.model.load import Spread, ThinkTime
from perfengine.model.mistake import Position
from perfengine.model.operation import (
    AttemptNumber,
    Expectation,
    Generated,
    Group,
    Kind,
    Operation,
    Success,
)
from perfengine.model.python_call import PythonCall
from perfengine.model.scenario import Performance
from perfengine.model.settings import LoadSettings
from perfengine.model.statement_kinds import PATH_IS_SHARED
from perfengine.model.transaction import (
    Argument,
    Captured,
    Isolation,
    PauseStep,
    Retry,
    StatementStep,
    Transaction,
)
from perfengine.model.workload import OwnOperation, OwnPause, OwnStatement, Workload
from tests.entities import (
    HERE,
    compile_entities,
    make_entity,
    make_order,
    make_parameters,
    make_statement,
    operation_of,
    plan_of,
)

AMOUNT = NumberRange(low=Decimal(1), high=Decimal(9))
CUSTOMER = ReferenceTo(table="customer")
ANYTHING = Expectation(success=Success.ANY)
ONE_ROW = Expectation(success=Success.ROWS, count=1)
PAUSE = ThinkTime(spread=Spread.CONSTANT, mean_ns=10)


def own(*operations: OwnOperation) -> Workload:
    """Return a workload of own operations."""
    return Workload(operations=operations)


def compiled(operation: OwnOperation) -> Operation:
    """Return an operation as it is compiled beside the original document."""
    return operation_of(compile_entities(make_order(), workload=own(operation)), operation.name)


def test_a_statement_gets_numbers_for_its_names() -> None:
    """Names are numbered by first use, each once; the table is quoted."""
    written = make_statement(
        "SELECT * FROM {{order}} WHERE customer_id = :c AND total_amount > :a AND customer_id <> :c::uuid",
        a=AMOUNT,
        c=CUSTOMER,
    )
    operation = compiled(written)
    assert operation.sql == (
        'SELECT * FROM "order" WHERE customer_id = $1 AND total_amount > $2 AND customer_id <> $1::uuid'
    )
    assert operation.parameters == (
        Generated(name="c", generator=CUSTOMER),
        Generated(name="a", generator=AMOUNT),
    )
    assert (operation.kind, operation.group, operation.full_id) == (
        Kind.STATEMENT,
        Group.OWN,
        "order.own.lookup",
    )
    assert (operation.expectation, operation.transaction, operation.rows) == (ANYTHING, None, None)


@pytest.mark.parametrize(
    ("of_step", "of_operation", "expected"),
    [(None, None, ANYTHING), (ONE_ROW, None, ONE_ROW), (None, ONE_ROW, ONE_ROW)],
)
def test_what_a_statement_expects(
    of_step: Expectation | None, of_operation: Expectation | None, expected: Expectation
) -> None:
    """The statement or the operation says it, else anything goes."""
    step = OwnStatement(sql="SELECT 1", position=HERE, expectation=of_step)
    written = OwnOperation(name="one", position=HERE, steps=(step,), expectation=of_operation)
    assert compiled(written).expectation == expected


def test_a_statement_that_is_tried_again_is_no_block() -> None:
    """It commits itself, and is written once as a step and once as the operation's statement."""
    retry = Retry(max_retries=3, backoff_ns=5)
    written = replace(make_statement("SELECT :a", a=AMOUNT), retry=retry)
    operation = compiled(written)
    assert operation.sql == "SELECT $1"
    assert operation.transaction == Transaction(
        steps=(StatementStep(sql="SELECT $1", bindings=(Argument(position=0),), expectation=ANYTHING),),
        retry=retry,
        explicit=False,
    )


def checkout() -> OwnOperation:
    """Return a transaction that uses what an earlier step returned."""
    insert = "INSERT INTO {{order}} (customer_id, total_amount) VALUES (:customer, :amount) RETURNING id"
    return OwnOperation(
        name="checkout",
        position=HERE,
        explicit=True,
        steps=(
            OwnStatement(sql=insert, position=HERE, name="made", expectation=ONE_ROW),
            OwnPause(think=PAUSE),
            OwnStatement(sql="SELECT order_confirm(:made.id), :amount, :made.id", position=HERE),
        ),
        parameters=make_parameters(amount=AMOUNT, customer=CUSTOMER),
        isolation=Isolation.SERIALIZABLE,
        retry=Retry(max_retries=2),
    )


def test_a_transaction_hands_values_on() -> None:
    """Arguments are counted over all steps; a step's column is captured; the pause stays in its place."""
    operation = compiled(checkout())
    assert operation.kind is Kind.TRANSACTION
    assert [one.name for one in operation.parameters if isinstance(one, Generated)] == ["customer", "amount"]
    assert operation.transaction == Transaction(
        steps=(
            StatementStep(
                sql='INSERT INTO "order" (customer_id, total_amount) VALUES ($1, $2) RETURNING id',
                bindings=(Argument(position=0), Argument(position=1)),
                name="made",
                expectation=ONE_ROW,
            ),
            PauseStep(think=PAUSE),
            StatementStep(
                sql="SELECT order_confirm($1), $2, $1",
                bindings=(Captured(step="made", column="id"), Argument(position=1)),
                expectation=ANYTHING,
            ),
        ),
        isolation=Isolation.SERIALIZABLE,
        retry=Retry(max_retries=2),
    )


def test_what_a_transaction_expects_is_about_its_last_statement() -> None:
    """Unless that says something itself."""
    written = replace(checkout(), expectation=ONE_ROW)
    transaction = compiled(written).transaction
    assert transaction is not None
    assert isinstance(transaction.steps[-1], StatementStep)
    assert transaction.steps[-1].expectation == ONE_ROW


def test_an_isolation_level_makes_a_transaction() -> None:
    """A lone statement has none of its own."""
    written = replace(make_statement("SELECT 1"), isolation=Isolation.REPEATABLE_READ, read_only=True)
    operation = compiled(written)
    assert operation.transaction is not None
    assert operation.transaction.explicit is True
    assert operation.transaction.read_only is True
    assert operation.writes is False


@pytest.mark.parametrize(
    ("function", "parameters", "sql"),
    [
        ("refresh", {}, 'SELECT * FROM "refresh"()'),
        ("shop.refresh", {}, 'SELECT * FROM "shop"."refresh"()'),
        ("refresh", {"who": Uuid(), "n": AMOUNT}, 'SELECT * FROM "refresh"("who" => $1, "n" => $2)'),
    ],
)
def test_a_function_is_called_by_name(function: str, parameters: dict[str, Uuid], sql: str) -> None:
    """Its parameters by name too; whether it said no, its reply decides."""
    written = OwnOperation(
        name="refresh_all",
        position=HERE,
        function=function,
        parameters=make_parameters(**parameters),
    )
    operation = compiled(written)
    assert operation.sql == sql
    assert len(operation.parameters) == len(parameters)
    assert operation.kind is Kind.FUNCTION
    assert operation.expectation == Expectation(success=Success.ACCEPTED)


def test_a_function_may_expect_something_else_and_be_tried_again() -> None:
    """`expect` and `retry` are heard."""
    written = OwnOperation(
        name="refresh_all",
        position=HERE,
        function="refresh",
        expectation=ONE_ROW,
        retry=Retry(max_retries=1),
    )
    operation = compiled(written)
    assert operation.expectation == ONE_ROW
    assert operation.transaction is not None
    assert operation.transaction.explicit is False


def test_an_operation_in_python_gets_its_number() -> None:
    """It draws its values from the number of the attempt."""
    call = PythonCall(path="checkout.py", name="buy")
    operation = compiled(OwnOperation(name="buy", position=HERE, python=call, read_only=True))
    assert (operation.python, operation.parameters) == (call, (AttemptNumber(),))
    assert (operation.kind, operation.sql, operation.writes) == (Kind.PYTHON, "", False)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        (None, Kind.STATEMENT),
        ("transaction", Kind.TRANSACTION),
        ("complex_search", Kind.COMPLEX_JOIN),
        ("simple_select", Kind.SIMPLE_SELECT),
    ],
)
def test_the_author_may_name_the_kind(word: str | None, kind: Kind) -> None:
    """Then limits on that kind are about it."""
    assert compiled(replace(make_statement("SELECT 1"), kind=word)).kind is kind


def test_own_operations_come_last_in_their_order() -> None:
    """Whatever their kind is called."""
    workload = own(
        make_statement("SELECT 1", "zebra"), replace(make_statement("SELECT 1", "apple"), kind="insert")
    )
    plan = compile_entities(make_order(), make_entity("customer"), workload=workload, name="shop")
    assert [operation.full_id for operation in plan.available[-2:]] == ["shop.own.zebra", "shop.own.apple"]


@pytest.mark.parametrize(
    ("entities", "name", "full_id"),
    [
        ((make_order(),), "shop", "order.own.lookup"),
        ((make_order(), make_entity("customer")), "shop", "shop.own.lookup"),
        ((), "shop", "shop.own.lookup"),
        ((), "", "workload.own.lookup"),
    ],
)
def test_what_own_operations_are_listed_under(entities: tuple[object, ...], name: str, full_id: str) -> None:
    """The only entity, else the scenario."""
    plan = compile_entities(*entities, workload=own(make_statement("SELECT 1")), name=name)  # type: ignore[arg-type]
    assert operation_of(plan, "lookup").full_id == full_id
    assert plan_of(plan, "lookup").keys.count == 0
    assert "there is nothing to run: no entity is enabled" not in plan.notes


@pytest.mark.parametrize(
    ("own_iterations", "workload", "performance", "settings", "iterations"),
    [
        (None, Workload(), Performance(), LoadSettings(), 100),
        (7, Workload(), Performance(), LoadSettings(), 7),
        (None, Workload(), Performance(iterations=30), LoadSettings(), 30),
        (7, Workload(iterations=50), Performance(iterations=30), LoadSettings(), 7),
        (None, Workload(iterations=50), Performance(iterations=30), LoadSettings(), 50),
        (7, Workload(iterations=50), Performance(iterations=30), LoadSettings(iterations=9), 9),
        (7, Workload(), Performance(), LoadSettings(duration_ns=5), None),
    ],
)
def test_iterations_of_an_own_operation(
    own_iterations: int | None,
    workload: Workload,
    performance: Performance,
    settings: LoadSettings,
    iterations: int | None,
) -> None:
    """What it says itself beats what is said of all, and the command line beats both."""
    written = replace(make_statement("SELECT 1"), iterations=own_iterations)
    plan = compile_entities(
        make_order(),
        performance=performance,
        settings=settings,
        workload=replace(workload, operations=(written,)),
    )
    assert plan_of(plan, "lookup").iterations == iterations


def at(line: int) -> Position:
    """Return a place in the document."""
    return Position(path="order.yaml", line=line, column=3)


def test_all_mistakes_are_told_at_once_in_file_order() -> None:
    """Unknown tables, parameters and steps, open quotes, numbers and several statements, each at its place."""
    steps = (
        OwnStatement(sql="SELECT 1 FROM {{ordr}}", position=at(3), name="first"),
        OwnStatement(sql="SELECT :frist.id, :first.id, :missing", position=at(4)),
        OwnStatement(sql="SELECT 'open", position=at(5)),
        OwnStatement(sql="SELECT $1", position=at(6)),
        OwnStatement(sql="SELECT 1; SELECT 2", position=at(7)),
        OwnStatement(sql="-- nothing", position=at(8)),
        OwnStatement(sql="COPY {{order}} FROM STDIN", position=at(8)),
        OwnStatement(sql="SET search_path TO public", position=at(8)),
    )
    parameters = tuple(
        replace(one, position=at(9))
        for one in make_parameters(
            who=OrNull(share=0.1, generator=ReferenceTo(table="custmer")), fine=Sequence()
        )
    )
    later = OwnOperation(name="later", position=at(10), steps=steps, parameters=parameters, explicit=True)
    earlier = OwnOperation(
        name="earlier", position=at(1), steps=(OwnStatement(sql="SELECT :later.id", position=at(2)),)
    )
    with pytest.raises(SpecError) as caught:
        compile_entities(make_order(), workload=own(later, earlier))
    told = [(one.position.line, one.message, one.suggestion) for one in caught.value.mistakes]
    assert told == [
        (2, 'unknown earlier step "later"; there is none', None),
        (3, 'unknown table "ordr"', "order"),
        (4, 'unknown earlier step "frist"', "first"),
        (4, 'unknown parameter "missing"', None),
        (5, "the text that begins at character 8 has no end", None),
        (6, "$1 has no value; give the parameter a name: :name", None),
        (7, "2 statements here, where one is expected; more are steps", None),
        (8, "no statement here, where one is expected; more are steps", None),
        (8, "COPY FROM STDIN takes rows from the client, which sends none: write INSERT", None),
        (8, PATH_IS_SHARED, None),
        (9, 'unknown table "custmer"', "customer"),
    ]
    assert caught.value.mistakes[1].allowed == ("customer", "order")


def test_a_step_cannot_use_a_later_one() -> None:
    """Only steps before it have returned anything."""
    steps = (
        OwnStatement(sql="SELECT :second.id", position=at(1)),
        OwnStatement(sql="SELECT 1 AS id", position=at(2), name="second"),
    )
    with pytest.raises(SpecError, match='unknown earlier step "second"; there is none'):
        compile_entities(
            workload=own(OwnOperation(name="x", position=HERE, steps=steps, explicit=True)), name="x"
        )


def test_parent_rows_must_be_there() -> None:
    """A reference to an empty data set has no value to send."""
    with pytest.raises(Exception, match=r"lookup reads rows of the data set, .* has 0 rows of note"):
        compile_entities(
            make_entity("note"),
            settings=LoadSettings(data_size=0, excludes=("note_query",)),
            workload=own(make_statement("SELECT :n", n=ReferenceTo(table="note"))),
        )
