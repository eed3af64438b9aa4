"""The performance settings of an entity, from every document that says some.

From weak to strong: `test_config.performance` of a document without an entity, that of the entity's own document,
`performance:` without an entity, the entity's own. Of a list, the strongest layer that has one is taken; data sets
are joined by name, and requirements by operation and metric.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from perfengine.model.scenario import Performance, ReportRequest
from perfengine.spec.meaning.data_sets import build_data_sets
from perfengine.spec.meaning.requirements import target_requirements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.requirement import Requirement
    from perfengine.model.scenario import DataSet
    from perfengine.spec.meaning.draft import Document
    from perfengine.spec.mistakes import Mistakes
    from perfengine.spec.shape.performance_parts import PerformancePart

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One `performance` mapping, checked: what it says, and of which entity (None: of all)."""

    entity: str | None
    source: str  #: "test_config" or "performance"
    part: PerformancePart
    data_sets: tuple[DataSet, ...]
    requirements: tuple[Requirement, ...]

    @property
    def strength(self) -> tuple[bool, bool]:
        """What makes a layer win: `performance:` over `test_config`, the entity's own over the common one."""
        return self.source == "performance", self.entity is not None


def layers_of(
    documents: Iterable[Document], tables: Mapping[str, str] | None, mistakes: Mistakes
) -> list[Layer]:
    """Return the layers of all documents from weak to strong. `tables` are the words for tables, if known."""
    layers = [layer for document in documents for layer in _document_layers(document, tables, mistakes)]
    return sorted(layers, key=lambda layer: layer.strength)


def _document_layers(document: Document, tables: Mapping[str, str] | None, mistakes: Mistakes) -> list[Layer]:
    part = document.part
    said = (
        ("test_config", part.test_config.performance if part.test_config else None),
        ("performance", part.performance),
    )
    return [
        Layer(
            entity=document.name,
            source=source,
            part=performance,
            data_sets=build_data_sets(performance.data_sets or (), tables, mistakes),
            requirements=target_requirements(performance.requirements or (), source),
        )
        for source, performance in said
        if performance is not None
    ]


def merge_performance(layers: Sequence[Layer]) -> Performance:
    """Return the settings of the layers that speak of one entity, given from weak to strong."""
    parts = [layer.part for layer in layers]
    enabled = _strongest([part.enabled for part in parts])
    return Performance(
        enabled=True if enabled is None else enabled,
        iterations=_strongest([part.iterations for part in parts]),
        concurrency=_strongest([part.concurrency for part in parts]),
        timeout_ns=_strongest([part.timeout for part in parts]),
        data_sets=_join_data_sets(layers),
        metrics=tuple(dict.fromkeys(_strongest([part.metrics for part in parts]) or ())),
        reports=tuple(
            ReportRequest(format=report.format, path=report.path, options=report.options)
            for report in _strongest([part.reports for part in parts]) or ()
        ),
    )


def merge_requirements(layers: Sequence[Layer]) -> tuple[Requirement, ...]:
    """Return the requirements of the layers that speak of one entity, given from weak to strong."""
    kept: list[Requirement] = []
    for layer in layers:
        replaced = {(requirement.subject, requirement.metric) for requirement in layer.requirements}
        kept = [
            requirement for requirement in kept if (requirement.subject, requirement.metric) not in replaced
        ]
        kept += layer.requirements
    return tuple(kept)


def _strongest(values: Sequence[ValueT | None]) -> ValueT | None:
    return next((value for value in reversed(values) if value is not None), None)


def _join_data_sets(layers: Sequence[Layer]) -> tuple[DataSet, ...]:
    by_name = {data_set.name: data_set for layer in layers for data_set in layer.data_sets}
    strong_first = [data_set.name for layer in reversed(layers) for data_set in layer.data_sets]
    return tuple(by_name[name] for name in dict.fromkeys(strong_first))
