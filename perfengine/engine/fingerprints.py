"""What each operation of a run was measured on: the fingerprint that comparing asks for.

Seeds and limits are no part of it. A field that another run could lack has a value all the same, "none": one that is
not there is taken for unknown, which is a warning and no difference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Final

from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.load import OpenLoad
from perfengine.report.statements import operation_sql
from perfengine.stats.hdr import SIGNIFICANT_DIGITS

if TYPE_CHECKING:
    from perfengine.database.preflight import ServerFacts
    from perfengine.model.environment import Environment
    from perfengine.model.fingerprint import Fingerprint, Known
    from perfengine.model.operation import Operation
    from perfengine.model.plan import OperationPlan, PhasePlan, Plan
    from perfengine.model.summary import OperationSummary
    from perfengine.model.table import Table

_NONE: Final = "none"
#: Settings that place a server and change nothing about what it does.
_PLACING: Final = frozenset({"port", "unix_socket_permissions"})
_RECORDER: Final = f"hdr, {SIGNIFICANT_DIGITS} digits"

Fields = dict[str, "Known | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the run stood on besides its plan."""

    facts: ServerFacts
    environment: Environment
    topology: str  #: "embedded", "local" or "remote"
    machine: Fingerprint  #: fields `machine.*`
    round_trip_ns: int | None = None
    processes: int = 1  #: load processes
    prewarmed: bool = False  #: the tables were brought into memory before every load
    started: str | None = None  #: the instant
    commit: str | None = None  #: of the workload
    server_memory: str | None = None  #: to a power of two; None of a server that is not on this machine
    code: Mapping[str, str] = field(default_factory=dict)  #: path of a Python file to the digest of its text


def fingerprints_of(
    plan: Plan, summaries: tuple[OperationSummary, ...], ground: Ground
) -> dict[str, Fingerprint]:
    """Return the fingerprint of each operation that was measured, by its name."""
    shared = {**_schema(plan), **_server(plan, ground), **_generator(ground), **_run(ground)}
    measured = {summary.operation.name: summary for summary in summaries}
    return {
        item.operation.name: {
            **_work(item.operation, ground.code),
            **_load(phase, item, measured[item.operation.name]),
            **_rows(plan, measured[item.operation.name]),
            "cache.regime": _regime(phase, ground),
            **shared,
        }
        for phase in plan.phases
        for item in phase.operations
        if item.operation.name in measured
    }


def canonical(value: object) -> object:
    """Return a value of the plan as JSON can hold it, the same in every process: sets have no order of their own."""
    if is_dataclass(value) and not isinstance(value, type):
        own = {item.name: canonical(getattr(value, item.name)) for item in fields(value)}
        return {type(value).__name__: own}
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


def digest(value: object) -> str:
    """Return a short digest of what `canonical` makes of a value."""
    text = json.dumps(canonical(value), sort_keys=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()[:16]


def _work(operation: Operation, code: Mapping[str, str]) -> Fields:
    call = operation.python
    settings: list[object] = [operation.parameters, operation.rows, operation.transaction]
    if operation.pgbench is not None:
        settings.append(operation.pgbench)
    return {
        "operation.sql": operation_sql(operation) or (code.get(call.path) if call else _NONE),
        "operation.parameters": digest(settings),
        "operation.expectation": digest(operation.expectation),
    }


def _load(phase: PhasePlan, item: OperationPlan, measured: OperationSummary) -> Fields:
    load = phase.load
    is_open = isinstance(load, OpenLoad)
    think = None if isinstance(load, OpenLoad) else load.think
    return {
        "load.model": "open" if is_open else "closed",
        "load.users": load.clients,
        "load.rate": load.rate_per_s if isinstance(load, OpenLoad) and not load.stages else _NONE,
        "load.arrival": str(load.arrival) if isinstance(load, OpenLoad) else _NONE,
        "load.think_time": _NONE if think is None else json.dumps(canonical(think)),
        "load.stages": json.dumps(canonical(load.stages)) if load.stages else _NONE,
        "load.mix": _mix(phase),
        "load.connections": measured.connections or None,
        "load.iterations": item.iterations,
        "load.duration": None if phase.duration_ns is None else phase.duration_ns / 1e9,
    }


def _mix(phase: PhasePlan) -> str:
    if len(phase.operations) == 1 and phase.name == phase.operations[0].operation.name:
        return _NONE
    return ", ".join(sorted(f"{item.operation.name} {item.weight:g}" for item in phase.operations))


def _regime(phase: PhasePlan, ground: Ground) -> str:
    """Return what was done for the caches before anything was measured."""
    if ground.prewarmed:
        return "prewarmed"
    return "warmed up" if phase.warmup_attempts else "as it is"


def _rows(plan: Plan, measured: OperationSummary) -> Fields:
    rows: Fields = {f"rows.{table}": count for table, count in plan.data_rows.items()}
    own = f"rows.{measured.operation.entity}"
    if measured.rows is not None and own in rows:
        rows[own] = measured.rows.at_start
    return rows


def _schema(plan: Plan) -> Fields:
    return {
        "schema.tables": digest([_table(table) for table in plan.tables]),
        "schema.functions": digest([function.ddl for function in plan.functions]),
        "schema.values": digest([[column.generator for column in table.columns] for table in plan.tables]),
        "schema.setup": digest(plan.setup) if plan.setup else _NONE,
    }


def _table(table: Table) -> object:
    """Return what a table is made of; of one that is there, where it is and what is known of it."""
    if table.place is None:
        return [create_table_ddl(table), *constraints_ddl(table)]
    columns = [(column.name, column.sql_type, column.references) for column in table.columns]
    return [table.sql, columns, [check.expression for check in table.checks]]


def _server(plan: Plan, ground: Ground) -> Fields:
    major, minor = divmod(ground.facts.version_number, 10_000)
    server = ground.facts.ground
    settings = {**ground.facts.settings, **server.settings, **plan.session}
    return {
        "server.version_major": major,
        "server.version_minor": minor,
        "server.memory_class": ground.server_memory,
        "server.data_checksums": server.data_checksums,
        "server.locale": server.locale,
        "server.stats_reset": server.stats_reset,
        "target.topology": ground.topology,
        "target.round_trip": ground.round_trip_ns,
        **{f"setting.{name}": value for name, value in settings.items() if name not in _PLACING},
        **{f"extension.{name}": version for name, version in server.extensions.items()},
    }


def _generator(ground: Ground) -> Fields:
    environment = ground.environment
    libraries = {**environment.libraries, "event_loop": environment.event_loop}
    return {
        **ground.machine,
        **{f"library.{name}": _to_the_minor(version) for name, version in libraries.items()},
        "python.version": _to_the_minor(environment.python),
        "perfengine.version": environment.perfengine,
        "recorder.version": _RECORDER,
    }


def _run(ground: Ground) -> Fields:
    return {
        "run.started": ground.started,
        "git.commit": ground.commit,
        "load.processes": ground.processes,
    }


def _to_the_minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
