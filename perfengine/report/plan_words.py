"""Parts of a plan in words: where a parameter comes from, when an attempt is ok, how much there is to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from perfengine.model.operation import (
    ClaimedKey,
    Constant,
    DataSetKey,
    Expectation,
    FieldValue,
    NewKey,
    Operation,
    RuleValue,
    Success,
)
from perfengine.report.signs import plain
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.operation import Parameter, RowUse
    from perfengine.model.plan import OperationPlan


def parameter_texts(operation: Operation) -> Iterator[str]:
    """Yield `$1: the key of a new row` for each parameter, in order."""
    for number, parameter in enumerate(operation.parameters, start=1):
        yield f"${number}: {plain(_source(parameter, operation.rows))}"


def expectation_text(expectation: Expectation) -> str:
    """Return when an attempt is ok: `1 row comes back`."""
    count = expectation.count
    by = f" by {plain(expectation.constraint)}" if expectation.constraint else ""
    return {
        Success.RETURNED: "the returned value says yes",
        Success.COUNTED: f"the count is {count}",
        Success.ROWS: f"{count} row comes back" if count == 1 else f"{count} rows come back",
        Success.AFFECTED: f"{count} row is changed" if count == 1 else f"{count} rows are changed",
        Success.REFUSED: f"it is refused with {expectation.sqlstate}{by}",
    }[expectation.success]


def load_text(item: OperationPlan) -> str:
    """Return how much is done: `100 iterations, 10 clients, warm-up 60, at most 300 s`."""
    amounts = [
        f"{item.iterations} iterations" if item.iterations is not None else "",
        f"{item.duration_ns / NS_PER_S:g} s" if item.duration_ns is not None else "",
    ]
    clients = f"{item.concurrency} client{'' if item.concurrency == 1 else 's'}"
    return (
        f"{' or '.join(filter(None, amounts))}, {clients}, warm-up {item.warmup_attempts},"
        f" at most {item.timeout_ns / NS_PER_S:g} s"
    )


def rows_text(item: OperationPlan) -> str:
    """Return the rows worked on: `gets 160 rows in state pending, numbers 1000 to 1159`."""
    rows, keys = item.operation.rows, item.keys
    if rows is None:
        return "reads the data set"
    states = f" in state {plain(' or '.join(rows.source_states))}" if rows.source_states else ""
    verb = "inserts up to" if rows.inserts else "gets"
    each = "" if rows.per_attempt == 1 else f", {rows.per_attempt} an attempt"
    return f"{verb} {keys.count} rows{states}, numbers {keys.start} to {keys.stop - 1}{each}"


def _source(parameter: Parameter, rows: RowUse | None) -> str:
    match parameter:
        case ClaimedKey(bulk=bulk):
            text = _claimed(rows) if rows and bulk else f"the key of {_alone(rows, 'a row')}"
        case NewKey():
            text = "the key of a new row"
        case DataSetKey():
            text = "the key of a row of the data set"
        case FieldValue(field=field):
            text = f"a generated {field}"
        case Constant(value=value):
            text = f"{value.days} days" if isinstance(value, timedelta) else str(value)
        case RuleValue(field=field, rule=rule, accept=accept):
            text = f"a {field} that {rule} {'accepts' if accept else 'refuses'}"
    return text


def _claimed(rows: RowUse) -> str:
    return f"the keys of {_alone(rows, f'{rows.per_attempt} rows')}"


def _alone(rows: RowUse | None, what: str) -> str:
    """Return what is claimed; a row that is used up is claimed once."""
    return f"{what} that no other attempt has" if rows and rows.consumed else f"{what} of its own"
