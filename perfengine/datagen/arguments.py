"""The arguments of attempts, made before they are measured: a tuple an attempt, in the order they are handed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from perfengine.datagen.values import column_values, key_value
from perfengine.model.operation import (
    ClaimedKey,
    Constant,
    DataSetKey,
    FieldValue,
    NewKey,
    Operation,
    Parameter,
    RuleValue,
)
from perfengine.seeds import pick, word

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from perfengine.datagen.layout import RowSource

Arguments = tuple[Any, ...]
#: (rule, field, accept) to the value that the database confirmed
RuleValues = Mapping[tuple[str, str, bool], Any]


def arguments_of(
    operation: Operation,
    source: RowSource,
    *,
    anchor: datetime,
    rule_values: RuleValues,
    first_row: int,
    first_attempt: int,
    attempts: int,
) -> list[Arguments]:
    """Return the arguments of `attempts` attempts.

    Rows are claimed from `first_row` on, `per_attempt` each; draws from the data set are numbered from
    `first_attempt`, so that warm-up and measuring do not ask for the same keys.
    """
    per_attempt = operation.rows.per_attempt if operation.rows else 1
    makers = [_maker(p, operation, source, anchor, rule_values, per_attempt) for p in operation.parameters]
    return [
        tuple([make(first_row + n * per_attempt, first_attempt + n) for make in makers])
        for n in range(attempts)
    ]


def _maker(
    parameter: Parameter,
    operation: Operation,
    source: RowSource,
    anchor: datetime,
    rule_values: RuleValues,
    per_attempt: int,
) -> Callable[[int, int], Any]:
    """Return the function from (first row, attempt number) to the value of one parameter."""
    table, seed = source.tables[operation.entity], source.seed
    if isinstance(parameter, ClaimedKey) and parameter.bulk:
        return lambda row, _: [key_value(seed, table, row + k) for k in range(per_attempt)]
    if isinstance(parameter, ClaimedKey | NewKey):
        return lambda row, _: key_value(seed, table, row)
    if isinstance(parameter, DataSetKey):
        stream, rows = f"{operation.full_id}/key", source.rows[operation.entity]
        return lambda _, attempt: key_value(seed, table, pick(word(seed, stream, attempt), rows))
    if isinstance(parameter, Constant):
        return lambda _, __: parameter.value
    if isinstance(parameter, RuleValue):
        value = rule_values[parameter.rule, parameter.field, parameter.accept]
        return lambda _, __: value
    return _field_maker(parameter, operation, source, anchor)


def _field_maker(
    parameter: FieldValue, operation: Operation, source: RowSource, anchor: datetime
) -> Callable[[int, int], Any]:
    table = source.tables[operation.entity]
    # An insert writes the row as seeding would; an update must change it, so it draws another variant.
    variant = "row" if operation.rows and operation.rows.inserts else operation.name
    values = column_values(source, table, table.column(parameter.field), anchor, variant)
    return lambda row, _: values(row)
