"""Parts of a plan in words: where a parameter comes from, when an attempt is ok, how much there is to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from perfengine.model.load import ClosedLoad
from perfengine.model.operation import (
    AttemptNumber,
    ClaimedKey,
    Constant,
    DataSetKey,
    Expectation,
    FieldValue,
    Generated,
    Group,
    NewKey,
    Operation,
    Pick,
    RuleValue,
    ScriptValue,
    Success,
)
from perfengine.model.workload import WhenExhausted
from perfengine.report.generator_words import generator_text
from perfengine.report.load_words import clients_text, load_words
from perfengine.report.signs import plain
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.operation import Parameter, RowUse
    from perfengine.model.plan import OperationPlan, PhasePlan

_PICKS = {
    Pick.CLAIM: "",
    Pick.LOCK: ", an attempt locks one that nobody has",
    Pick.RANDOM: ", drawn at random",
    Pick.FIRST: ", an attempt takes the first it finds",
}
_EXHAUSTED = {
    WhenExhausted.RECYCLE: "",
    WhenExhausted.CREATE: ", more are made while the load goes on",
    WhenExhausted.STOP: ", attempts beyond them starve",
}


def parameter_texts(operation: Operation) -> Iterator[str]:
    """Yield `$1: the key of a new row` for each parameter, in order."""
    for number, parameter in enumerate(operation.parameters, start=1):
        yield f"${number}: {plain(source_text(parameter, operation.rows))}"


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
        Success.ANY: "it comes back without an error",
        Success.AT_LEAST: f"at least {count} row{' comes' if count == 1 else 's come'} back",
        Success.NOT_NULL: "the first value is not NULL",
        Success.ACCEPTED: "the reply of the function says yes",
        Success.DECLINED: "the function says no, in its reply or by an error",
    }[expectation.success]


def load_text(phase: PhasePlan) -> str:
    """Return how much is done: `100 iterations, 10 clients, warm-up 60, at most 300 s`."""
    amounts = [
        f"{phase.iterations} iterations" if phase.iterations is not None else "",
        _seconds_text(phase.duration_ns) if phase.duration_ns is not None else "",
    ]
    load = phase.load
    plainly = isinstance(load, ClosedLoad) and not load.stages and not load.think
    warmup = str(phase.warmup_attempts) if phase.warmup_ns is None else _seconds_text(phase.warmup_ns)
    return (
        f"{' or '.join(filter(None, amounts))}, {clients_text(load.clients) if plainly else load_words(load)},"
        f" warm-up {warmup}, at most {_seconds_text(phase.timeout_ns)}"
    )


def rows_text(item: OperationPlan, when_exhausted: WhenExhausted = WhenExhausted.RECYCLE) -> str:
    """Return the rows worked on: `gets 160 rows in state pending, numbers 1000 to 1159`."""
    rows, keys = item.operation.rows, item.keys
    if rows is None:
        return _without_rows(item.operation)
    states = f" in state {plain(' or '.join(rows.source_states))}" if rows.source_states else ""
    verb = "inserts up to" if rows.inserts else "gets"
    each = "" if rows.per_attempt == 1 else f", {rows.per_attempt} an attempt"
    exhausted = _EXHAUSTED[when_exhausted] if rows.consumed else ""
    return (
        f"{verb} {keys.count} rows{states}, numbers {keys.start} to {keys.stop - 1}{each}"
        f"{_PICKS[rows.pick]}{exhausted}"
    )


def _without_rows(operation: Operation) -> str:
    if operation.group is not Group.OWN or operation.read_only:
        return "reads the data set"
    return "works on whatever its code says" if operation.python else "works on whatever its statements say"


def _seconds_text(duration_ns: int) -> str:
    return f"{duration_ns / NS_PER_S:g} s"


def source_text(parameter: Parameter, rows: RowUse | None) -> str:
    """Return where the value of a parameter comes from: `the key of a new row`."""
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
        case Generated(name=name, generator=generator):
            text = f"{name}, {generator_text(generator)}"
        case AttemptNumber():
            text = "the number of the attempt"
        case ScriptValue(name=name):
            text = f":{name} of the script"
    return text


def _claimed(rows: RowUse) -> str:
    return f"the keys of {_alone(rows, f'{rows.per_attempt} rows')}"


def _alone(rows: RowUse | None, what: str) -> str:
    """Return what is claimed; a row that is used up is claimed once."""
    if rows and rows.pick is Pick.RANDOM:
        return f"{what} drawn at random"
    return f"{what} that no other attempt has" if rows and rows.consumed else f"{what} of its own"
