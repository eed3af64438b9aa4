"""What the documents of one run say, merged and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.model.workload import NOTHING_SAID, Workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.entity import Entity
    from perfengine.model.generator import Generator
    from perfengine.model.mistake import Position
    from perfengine.model.requirement import Requirement, ServiceLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Named row counts: table name as resolved (`order`, `customer`) to rows."""

    name: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """An entry of `reports:`; options are kept so that what cannot be had is named."""

    format: str
    path: str | None = None
    options: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """The merged `performance:` and `test_config.performance` of one entity; None means not said."""

    enabled: bool = True
    iterations: int | None = None
    concurrency: int | None = None
    timeout_ns: int | None = None  #: of one operation's phase
    data_sets: tuple[DataSet, ...] = ()
    metrics: tuple[str, ...] = ()
    reports: tuple[ReportRequest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldData:
    """An entry of `data:`: how the values of a field are made, instead of from its type and rules."""

    entity: str
    field: str
    generator: Generator
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityScenario:
    """One entity with its own performance settings; by itself a runnable scenario."""

    entity: Entity
    performance: Performance
    position: Position | None = None  #: where its name is written
    places: Mapping[str, Position] = field(default_factory=dict)  #: where each of its fields is


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """All that the documents of a run say."""

    entities: tuple[EntityScenario, ...]
    #: of a workload without an entity, and of own operations: what its operations are listed under
    name: str = ""
    workload: Workload = NOTHING_SAID
    data: tuple[FieldData, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()
    notes: tuple[str, ...] = ()  #: what was accepted but cannot be had yet, and warnings; a line each
    paths: tuple[str, ...] = ()
    text_sha256: str = ""  #: of all document texts, in order
