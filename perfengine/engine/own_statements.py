"""The statements of own operations, looked at by the server before the load: mistakes are the author's to mend.

All are looked at, so that the author sees all mistakes at once, each at its place in the document. What is missing is
no mistake yet where another operation may make it while the load goes on: then the load will tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfengine.compiler.own_sql import place_as_written
from perfengine.database.pooled_texts import PooledTexts, is_unread
from perfengine.database.preparing import find_refusal
from perfengine.errors import SpecError
from perfengine.model.mistake import Mistake, Position
from perfengine.model.operation import Group
from perfengine.model.transaction import StatementStep
from perfengine.model.workload import OwnStatement
from perfengine.pgbench.places import position_of
from perfengine.spec.meaning.expression import Fault
from perfengine.spec.meaning.rules import place_in_text
from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.database.preparing import Refusal
    from perfengine.engine.filled import Filled
    from perfengine.engine.planning import PlannedRun
    from perfengine.model.operation import Operation
    from perfengine.model.pgbench import ScriptStatement
    from perfengine.model.workload import OwnOperation


class _Statement(NamedTuple):
    """A statement of an own operation: as it was written, where, and as it is sent."""

    operation: str
    position: Position
    written: str  #: empty for the call of a function, which nobody wrote
    sql: str
    script: ScriptStatement | None = None  #: of a pgbench script, which has places of its own


async def require_preparable(planned: PlannedRun, filled: Filled) -> None:
    """Have the server look at every statement of the own operations of a run.

    Raises: SpecError with each that it refuses to prepare; what the driver raises about the server itself.
    """
    plan, own = planned.plan, _own_of(planned)
    texts = None if plan.prepare or filled.schema is None else PooledTexts(schema=filled.schema)
    refused = []
    for statement in own:
        refusal = await find_refusal(filled.connection, statement.sql, plan.session, texts)
        if refusal is not None:
            refused.append((statement, refusal))
    if _may_make_things(planned, own):
        refused = [(statement, refusal) for statement, refusal in refused if not refusal.is_missing]
    if refused:
        tables = {table.name: table.sql for table in plan.tables}
        raise SpecError(tuple(_mistake(*each, tables) for each in refused))


def _own_of(planned: PlannedRun) -> list[_Statement]:
    written = {own.name: own for own in planned.scenario.workload.operations}
    found: list[_Statement] = []
    for operation in (item.operation for item in planned.plan.operations):
        # an operation that shares its name with another is called by its full id
        own = written.get(operation.name) or written.get(operation.full_id.rpartition(".")[2])
        if operation.group is Group.OWN and operation.python is None and own is not None:
            found += _statements(operation, own)
    return found


def _statements(operation: Operation, own: OwnOperation) -> Iterator[_Statement]:
    if own.pgbench is not None:
        for script in own.written:
            yield _Statement(own.name, position_of(script, None), script.written, script.sql, script)
        return
    if own.function is not None:
        yield _Statement(own.name, own.position, "", operation.sql)
        return
    steps = operation.transaction.steps if operation.transaction else ()
    sent = [step.sql for step in steps if isinstance(step, StatementStep)] or [operation.sql]
    statements = [step for step in own.steps if isinstance(step, OwnStatement)]
    for statement, sql in zip(statements, sent, strict=True):
        yield _Statement(own.name, statement.position, statement.sql, sql)


def _may_make_things(planned: PlannedRun, own: list[_Statement]) -> bool:
    """Return whether an operation may make tables and the like: by a statement that says so, or in Python."""
    return any(item.operation.python for item in planned.plan.operations) or any(
        is_unread(statement.sql) for statement in own
    )


def _mistake(statement: _Statement, refusal: Refusal, tables: dict[str, str]) -> Mistake:
    position, where = statement.position, ""
    if statement.script is not None:
        position = position_of(statement.script, refusal.place)
    elif statement.written and refusal.place is not None:
        place = place_as_written(statement.written, tables, refusal.place)
        position = place_in_text(position, statement.written, Fault("", place))
        if position is statement.position:
            where = _where(statement.written, place)
    hint = f" ({refusal.hint.rstrip('.')})" if refusal.hint else ""
    remedy = "correct it, or make what it names in setup:" if refusal.is_missing else "correct it"
    return Mistake(
        position=position,
        message=f"operation {quoted(statement.operation)}: the server does not prepare this statement: "
        f"{refusal.message} (SQLSTATE {refusal.sqlstate}){where}{hint}; {remedy}",
    )


def _where(written: str, place: int) -> str:
    """Return the place in a statement that has lines or quotes of its own in the document."""
    before = written[:place]
    line, column = before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1
    return f" at line {line}, character {column} of it"
