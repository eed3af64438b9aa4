"""Pass: the operations that the author wrote: statements, transactions, functions of the database, Python."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.generators import table_drawn_from
from perfengine.compiler.mistakes import unknown_word
from perfengine.compiler.own_sql import bound, keys_in, sql_mistakes
from perfengine.model.operation import (
    KIND_ALIASES,
    AttemptNumber,
    Expectation,
    Generated,
    Group,
    Kind,
    Operation,
    ScriptValue,
    Success,
)
from perfengine.model.pgbench import Take
from perfengine.model.sql import quote_identifier
from perfengine.model.transaction import Argument, Captured, PauseStep, StatementStep, Transaction
from perfengine.model.workload import OwnStatement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfengine.compiler.draft import Draft
    from perfengine.model.mistake import Mistake
    from perfengine.model.pgbench import PgbenchScript
    from perfengine.model.transaction import Step
    from perfengine.model.workload import OwnOperation, OwnPause

DEFAULT_ITERATIONS: Final = 100
_ANYTHING: Final = Expectation(success=Success.ANY)
_ACCEPTED: Final = Expectation(success=Success.ACCEPTED)
#: What own operations are listed under where nothing has a name.
_NAMELESS: Final = "workload"


def compile_own(draft: Draft) -> Draft:
    """Return the draft with the operations of `ops:`, and the mistakes in them."""
    tables = {table.name: table.sql for table in draft.tables}
    entities = [one.entity.name for one in draft.entities]
    entity = entities[0] if len(entities) == 1 else draft.scenario.name or _NAMELESS
    compiled: list[Operation] = []
    own: dict[str, OwnOperation] = {}
    for written in draft.scenario.workload.operations:
        mistakes = [*_mistakes(written, tables)]
        draft = draft.finding(mistakes)
        if not mistakes:
            operation = _compiled(written, entity, tables, draft)
            compiled.append(operation)
            own[operation.full_id] = written
    return replace(draft, own=own).adding(compiled, [])


def _mistakes(own: OwnOperation, tables: Mapping[str, str]) -> Iterator[Mistake]:
    parameters = [parameter.name for parameter in own.parameters]
    steps: list[str] = []
    for step in own.steps:
        if isinstance(step, OwnStatement):
            yield from sql_mistakes(
                step.sql, step.position, tables=tables, parameters=parameters, steps=steps
            )
            steps += [step.name] if step.name else []
    for parameter in own.parameters:
        table = table_drawn_from(parameter.generator)
        if table is not None and table not in tables:
            yield unknown_word(parameter.position, "table", table, tables)


def _compiled(own: OwnOperation, entity: str, tables: Mapping[str, str], draft: Draft) -> Operation:
    operation = Operation(
        name=own.name,
        entity=entity,
        group=Group.OWN,
        kind=_kind(own, Kind.PYTHON),
        sql="",
        parameters=(AttemptNumber(),),
        expectation=own.expectation or _ANYTHING,
        default_iterations=own.iterations or DEFAULT_ITERATIONS,
        python=own.python,
        read_only=own.read_only,
    )
    if own.python is not None:
        return operation
    if own.pgbench is not None:
        return _of_script(operation, own, own.pgbench)
    if own.function is not None:
        sql, names = _call(own, {function.name for function in draft.functions})
        return _with_statement(operation, own, Kind.FUNCTION, sql, names, own.expectation or _ACCEPTED)
    statements = [step for step in own.steps if isinstance(step, OwnStatement)]
    if len(own.steps) > 1 or own.explicit or own.isolation is not None:
        return _transaction(operation, own, tables)
    (lone,) = statements
    names = tuple(name for name, _ in keys_in(lone.sql))
    expectation = lone.expectation or own.expectation or _ANYTHING
    return _with_statement(operation, own, Kind.STATEMENT, bound(lone.sql, tables), names, expectation)


def _of_script(operation: Operation, own: OwnOperation, script: PgbenchScript) -> Operation:
    """Return a pgbench script; one that is followed command by command draws its values while it goes."""
    kind = Kind.STATEMENT if len(own.written) == 1 else Kind.TRANSACTION
    operation = replace(operation, pgbench=script, kind=kind)
    if script.commands:
        return replace(operation, sql=";\n".join(one.sql for one in own.written))
    values = [one for one in script.arguments if isinstance(one, Take)]
    return replace(
        operation,
        transaction=script.statements,
        parameters=tuple(ScriptValue(name=one.name, is_integer=one.is_integer) for one in values),
    )


def _kind(own: OwnOperation, usual: Kind) -> Kind:
    """Return the kind that limits and filters know the operation by: the author's word, else what it is made of."""
    word = own.kind or usual
    return KIND_ALIASES.get(word) or (Kind(word) if word in set(Kind) else usual)


def _call(own: OwnOperation, functions: set[str]) -> tuple[str, tuple[str, ...]]:
    """Return the call of a function and the names of its parameters, in order.

    `SELECT *` computes a composite result once; `SELECT (f()).*` would call once a column.
    """
    name = own.function or ""
    parts = [name] if name in functions else name.split(".", 1)
    names = tuple(parameter.name for parameter in own.parameters)
    arguments = ", ".join(f"{quote_identifier(one)} => ${n}" for n, one in enumerate(names, start=1))
    return f"SELECT * FROM {'.'.join(map(quote_identifier, parts))}({arguments})", names


def _with_statement(
    operation: Operation,
    own: OwnOperation,
    kind: Kind,
    sql: str,
    names: Sequence[str],
    expectation: Expectation,
) -> Operation:
    """Return the operation as a lone statement; where it may be tried again, as a transaction that is no block."""
    bindings = tuple(Argument(position=position) for position in range(len(names)))
    step = StatementStep(sql=sql, bindings=bindings, expectation=expectation)
    tried_again = Transaction(steps=(step,), retry=own.retry, explicit=False)
    return replace(
        operation,
        kind=_kind(own, kind),
        sql=sql,
        parameters=_generated(own, names),
        expectation=expectation,
        transaction=tried_again if own.retry.max_retries else None,
    )


def _transaction(operation: Operation, own: OwnOperation, tables: Mapping[str, str]) -> Operation:
    keys = (key for step in own.steps if isinstance(step, OwnStatement) for key in keys_in(step.sql))
    names = tuple(dict.fromkeys(name for name, column in keys if column is None))
    steps = tuple(_step(step, names, tables) for step in own.steps)
    expectation = own.expectation or _ANYTHING
    last = max((n for n, step in enumerate(steps) if isinstance(step, StatementStep)), default=-1)
    steps = tuple(_expecting(step, expectation) if n == last else step for n, step in enumerate(steps))
    return replace(
        operation,
        kind=_kind(own, Kind.TRANSACTION),
        parameters=_generated(own, names),
        expectation=expectation,
        transaction=Transaction(
            steps=steps, isolation=own.isolation, retry=own.retry, read_only=own.read_only
        ),
    )


def _step(step: OwnStatement | OwnPause, names: Sequence[str], tables: Mapping[str, str]) -> Step:
    if not isinstance(step, OwnStatement):
        return PauseStep(think=step.think)
    return StatementStep(
        sql=bound(step.sql, tables),
        bindings=tuple(
            Argument(position=names.index(name)) if column is None else Captured(step=name, column=column)
            for name, column in keys_in(step.sql)
        ),
        name=step.name,
        expectation=step.expectation,
    )


def _expecting(step: Step, expectation: Expectation) -> Step:
    """Return the last statement with what the operation expects, unless it says something itself."""
    if isinstance(step, StatementStep) and step.expectation is None:
        return replace(step, expectation=expectation)
    return step


def _generated(own: OwnOperation, names: Sequence[str]) -> tuple[Generated, ...]:
    generators = {parameter.name: parameter.generator for parameter in own.parameters}
    return tuple(Generated(name=name, generator=generators[name]) for name in names)
