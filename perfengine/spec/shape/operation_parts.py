"""The shape of an own operation: one statement, a transaction of steps, or a function of the database."""

import re
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from perfengine.model.operation import KIND_ALIASES, Kind
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.amounts import Positive, WaitNs
from perfengine.spec.shape.generator_parts import GeneratorPart
from perfengine.spec.shape.limits import LimitsPart
from perfengine.spec.shape.load_parts import ThinkPart
from perfengine.spec.shape.names import Name, read_name
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import MAX_ITERATIONS, MAX_ROWS, Switch, whole
from perfengine.spec.shape.sqlstates import SqlState, SqlStates
from perfengine.spec.shape.written import Written, one_of, text_of, wording

_MAX_SQL: Final = 100_000
_MARK: Final = re.compile(r"[^\W\d]\w*")
_FUNCTION: Final = re.compile(r"[^\W\d][\w$]*(\.[^\W\d][\w$]*)?")
ISOLATIONS: Final = ("read_committed", "repeatable_read", "serializable")


def _read_sql(value: object) -> str:
    text = text_of(value, "SQL")
    if not text.strip():
        raise wording("there is no SQL here")
    if len(text) > _MAX_SQL:
        raise wording(f"the SQL has {len(text)} characters, at most {_MAX_SQL} are read")
    return text


def _read_mark(value: object) -> str:
    text = read_name(value)
    if not _MARK.fullmatch(text):
        raise wording(f"{quoted(text)} cannot be written as :name in SQL: use letters, digits and _")
    return text


def _read_function(value: object) -> str:
    text = read_name(value)
    if not _FUNCTION.fullmatch(text):
        raise wording(
            f"{quoted(text)} is not the name of a function: write my_function or my_schema.my_function"
        )
    return text


Sql = Annotated[str, Written(_read_sql, {"type": "string", "minLength": 1})]
Mark = Annotated[str, Written(_read_mark, {"type": "string", "pattern": "^[^0-9]"})]
FunctionName = Annotated[str, Written(_read_function, {"type": "string", "minLength": 1})]
KindWord = Annotated[str, one_of("kind", (*sorted(Kind), *KIND_ALIASES))]
Iterations = Annotated[int, whole(1, MAX_ITERATIONS)]


class ExpectPart(Part):
    """`{rows: 1}`, `{not_null: true}`, `{error: "23505"}`: one condition."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": [key]}
                for key in ("rows", "min_rows", "affected", "not_null", "accepted", "error", "refused")
            ]
        }
    )
    noun: ClassVar[str] = "expect"
    needs_more: ClassVar[str] = "a condition, such as rows: 1"

    rows: Annotated[int, whole(0, MAX_ROWS)] | None = Field(None, description="Exactly so many rows.")
    min_rows: Annotated[int, whole(1, MAX_ROWS)] | None = Field(None, description="So many rows or more.")
    affected: Annotated[int, whole(0, MAX_ROWS)] | None = Field(None, description="So many rows are changed.")
    not_null: Switch | None = Field(None, description="true: the first value is not NULL.")
    accepted: Switch | None = Field(None, description="true: the function's reply says yes.")
    error: SqlState | None = Field(None, description="The database refuses, with this SQLSTATE.")
    refused: SqlState | None = Field(None, description="The same as error.")
    constraint: Name | None = Field(None, description="Beside error: the constraint that refuses.")


class RetryPart(Part):
    """`{on: [serialization_failure], max: 3, backoff: 5ms}`."""

    noun: ClassVar[str] = "retry"
    needs_more: ClassVar[str] = "a policy, such as max: 3"

    on: SqlStates | None = Field(
        None, description="Conditions: serialization_failure and deadlock_detected unless said."
    )
    max: Annotated[int, whole(0, 1_000)] | None = Field(None, description="Retries at most: 3 unless said.")
    backoff: WaitNs | None = Field(None, description="The wait before the first retry; it doubles with each.")


class StepPart(Part):
    """`{sql: ..., as: order, expect: {rows: 1}}`, or `{think: 10ms}`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["sql"]}, {"required": ["think"]}]})
    noun: ClassVar[str] = "a step"
    needs_more: ClassVar[str] = "sql or think"

    sql: Sql | None = Field(None, description="A statement, with :name, :step.column and {{entity}}.")
    name: Mark | None = Field(
        None, alias="as", description="The name under which later steps use its first row."
    )
    expect: ExpectPart | None = Field(None, description="When the step is ok.")
    think: ThinkPart | None = Field(None, description="The application thinks, inside the transaction.")


class TransactionPart(Part):
    """`{isolation: serializable, retry: {max: 3}, steps: [...]}`."""

    noun: ClassVar[str] = "a transaction"

    isolation: Annotated[str, one_of("isolation level", ISOLATIONS)] | None = Field(
        None, description="That of the server unless said."
    )
    read_only: Switch | None = Field(None, description="true: the transaction only reads.")
    retry: RetryPart | None = Field(None, description="When it is tried again from its beginning.")
    steps: list[StepPart] = Field(description="What stands between BEGIN and COMMIT.")


class OwnOperationPart(Part):
    """An operation of the author's own."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [key]} for key in ("sql", "transaction", "function")]}
    )
    noun: ClassVar[str] = "an operation"
    needs_more: ClassVar[str] = "sql, transaction or function"

    sql: Sql | None = Field(None, description="One statement, with :name and {{entity}}.")
    transaction: TransactionPart | None = Field(
        None, description="Several statements, between BEGIN and COMMIT."
    )
    function: FunctionName | None = Field(None, description="A function of the database, called by name.")
    kind: KindWord | None = Field(None, description="What limits may name it by, besides its name.")
    params: dict[Mark, GeneratorPart] | None = Field(None, description="name: generator, for each :name.")
    expect: ExpectPart | None = Field(
        None, description="When an attempt is ok; of a transaction: its last statement."
    )
    retry: RetryPart | None = Field(None, description="When an attempt is tried again.")
    read_only: Switch | None = Field(None, description="true: it changes nothing.")
    iterations: Iterations | None = Field(None, description="Attempts of this operation, in benchmark mode.")
    weight: Positive | None = Field(None, description="Its share of a mix that does not name it.")
    requirements: LimitsPart | None = Field(None, description="Limits, such as p95: 50ms.")
