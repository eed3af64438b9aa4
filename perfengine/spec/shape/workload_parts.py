"""The shape of `workload:`: how operations are put together to a load, and operations of the author's own."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict, Field

from perfengine.model.load import Arrival
from perfengine.model.workload import Mode, Model
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.amounts import MAX_BIGINT, Positive, Processes, WaitNs
from perfengine.spec.shape.load_parts import Connections, PoolPart, RowsPart, StagePart, StopPart, ThinkPart
from perfengine.spec.shape.names import WORD_SCHEMA, Name, Subject, read_name, read_word
from perfengine.spec.shape.operation_parts import Iterations, OwnOperationPart, Sql
from perfengine.spec.shape.part import Part
from perfengine.spec.shape.quantities import MAX_CONCURRENCY, DurationNs, RatePerS, Switch, whole
from perfengine.spec.shape.safety_parts import SafetyPart
from perfengine.spec.shape.short_part import ShortPart
from perfengine.spec.shape.written import Written, one_of, text_of, wording
from perfengine.spec.text.tree import ListNode

_SETTING: Final = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", re.ASCII)
#: What perfengine itself sets, with why.
_OWN_SETTINGS: Final[Mapping[str, str]] = {
    "search_path": "it decides which tables are meant",
    "role": "it decides what a session may do",
    "session_authorization": "it decides what a session may do",
    "application_name": "sessions of a run are known by it",
}


#: A schema that the run makes and drops, or the tables of a server as they are.
EXISTING: Final = "existing"
_TARGETS: Final = ("sandbox", EXISTING)


def _read_target(value: object) -> str:
    text = text_of(value, "sandbox")
    if text not in _TARGETS:
        raise wording(f"unknown target {quoted(text)}", allowed=_TARGETS, found=text, whole=True)
    return text


def _read_setting(value: object) -> str:
    text = text_of(value, "the name of a setting")
    if text in _OWN_SETTINGS:
        raise wording(f"{text} cannot be set, for {_OWN_SETTINGS[text]}: remove it", whole=True)
    if not _SETTING.fullmatch(text):
        message = f"{quoted(text)} is not the name of a setting: write statement_timeout, or my.setting"
        raise wording(message, whole=True)
    return text


def _read_setting_value(value: object) -> str:
    text = text_of(value, "the value of a setting")
    if "\n" in text:
        raise wording("the value of a setting is one line of text")
    return text


def _read_tables(value: object) -> tuple[str, ...]:
    if not isinstance(value, ListNode):
        return (read_name(value),)
    if not value:
        raise wording("the list is empty: name a table, or remove the line")
    return tuple(read_word(item, index, "a table") for index, item in enumerate(value))


Target = Annotated[str, Written(_read_target, {"enum": list(_TARGETS)})]
SettingName = Annotated[str, Written(_read_setting, {"type": "string"})]
SettingValue = Annotated[str, Written(_read_setting_value, WORD_SCHEMA)]
Tables = Annotated[
    tuple[str, ...],
    Written(_read_tables, {"anyOf": [WORD_SCHEMA, {"type": "array", "minItems": 1, "items": WORD_SCHEMA}]}),
]


class SetupPart(ShortPart):
    """`{sql: "CREATE INDEX ..."}`, the statement alone, or `{analyze: [order]}`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["sql"]}, {"required": ["analyze"]}]})
    noun: ClassVar[str] = "a statement"
    needs_more: ClassVar[str] = "sql or analyze"
    short: ClassVar[str] = "sql"
    short_schema: ClassVar[dict[str, Any]] = {"type": "string", "minLength": 1}

    sql: Sql | None = Field(None, description="SQL, with {{entity}} for a table.")
    analyze: Tables | None = Field(None, description="Tables to ANALYZE.")


class WorkloadPart(Part):
    """How the load is made."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    noun: ClassVar[str] = "workload"
    needs_more: ClassVar[str] = "a key, such as mode: mix, or ops with operations of your own"

    target: Target | None = Field(
        None,
        description="sandbox: a schema that the run makes and drops (unless said). existing: tables that are there.",
    )
    mode: Annotated[str, one_of("mode", tuple(Mode))] | None = Field(
        None, description="benchmark: each operation alone (unless said). mix: all together, by weight."
    )
    model: Annotated[str, one_of("model", tuple(Model))] | None = Field(
        None, description="closed: users who loop (unless said). open: arrivals with a rate of their own."
    )
    seed: Annotated[int, whole(0, MAX_BIGINT)] | None = Field(
        None, description="All random choices follow from it."
    )
    warmup: WaitNs | None = Field(None, description="Load that is not measured, before the measured one.")
    duration: DurationNs | None = Field(
        None, description="Measured time; in benchmark mode of each operation."
    )
    iterations: Iterations | None = Field(
        None, description="Measured attempts; in benchmark mode of each operation."
    )
    timeout: DurationNs | None = Field(None, description="The longest time for one operation's phase.")
    concurrency: Annotated[int, whole(1, MAX_CONCURRENCY)] | None = Field(
        None, description="Users; in the open model attempts that are served at the same time."
    )
    connections: Connections | None = Field(None, description="Connections that the users share.")
    pool: PoolPart | None = Field(None, description="max: the same as connections.")
    processes: Processes | None = Field(None, description="Load processes, or auto: as many as processors.")
    rate: RatePerS | None = Field(None, description="Of the open model: arrivals, such as 500/s.")
    arrival: Annotated[str, one_of("arrival", tuple(Arrival))] | None = Field(
        None, description="Of the open model: constant (unless said) or poisson."
    )
    max_in_flight: Annotated[int, whole(1, 1_000_000)] | None = Field(
        None, description="Of the open model: arrivals beyond it are dropped, and counted."
    )
    think_time: ThinkPart | None = Field(
        None, description="Of the closed model: a user's pause between attempts."
    )
    stages: list[StagePart] | None = Field(None, description="The shape of the load, in place of duration.")
    mix: dict[Subject, Positive] | None = Field(None, description="operation: weight.")
    rows: RowsPart | None = Field(None, description="How operations find the rows they change.")
    prepare: Switch | None = Field(None, description="false: through a pooler in transaction mode.")
    session: dict[SettingName, SettingValue] | None = Field(
        None, description="Settings of every load session."
    )
    setup: list[SetupPart] | None = Field(None, description="Statements after the sandbox is filled.")
    teardown: list[SetupPart] | None = Field(None, description="Statements at the end, whatever happened.")
    ops: dict[Name, OwnOperationPart] | None = Field(None, description="Operations of your own.")
    stop: StopPart | None = Field(None, description="What ends a run before its time.")
    abort_on_fail: Switch | None = Field(None, description="The same as in stop.")
    abort_delay: WaitNs | None = Field(None, description="The same as in stop.")
    safety: SafetyPart | None = Field(
        None, description="What a run does to others on the server at most; beyond it the run stops."
    )

    @classmethod
    def synonyms(cls) -> Mapping[str, str]:
        """Return other words for the keys."""
        return {
            "operations": "ops",
            "users": "concurrency",
            "clients": "concurrency",
            "vus": "concurrency",
            "think": "think_time",
            "ramp": "stages",
            "arrival_rate": "rate",
            "weights": "mix",
            "warm_up": "warmup",
        }
