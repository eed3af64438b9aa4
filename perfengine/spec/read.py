"""The documents of a run to a `Scenario`.

```
bytes ─ text/ → trees ─ shape/ → parts ─ meaning/ → entities, layers, limits → Scenario
```

Each step notes what is wrong and goes on with the rest, so that one look shows all mistakes of all files.
"""

from __future__ import annotations

from hashlib import sha256
from heapq import merge
from typing import TYPE_CHECKING

from perfengine.errors import SpecError, UsageError
from perfengine.model.scenario import EntityScenario, Scenario
from perfengine.spec.meaning.data_sets import table_words
from perfengine.spec.meaning.entity import build_entity, referred_tables
from perfengine.spec.meaning.field_data import read_field_data
from perfengine.spec.meaning.layers import layers_of, merge_performance, merge_requirements
from perfengine.spec.meaning.not_yet import not_yet_notes
from perfengine.spec.meaning.references import meant, settle_references
from perfengine.spec.meaning.requirements import group_requirements, service_levels
from perfengine.spec.meaning.tables import KnownTables
from perfengine.spec.meaning.workload import read_workload, workload_name
from perfengine.spec.mistakes import Mistakes, quoted
from perfengine.spec.recognise import Role, recognise, recognised_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from perfengine.model.entity import Entity
    from perfengine.model.requirement import Requirement
    from perfengine.model.workload import Workload
    from perfengine.spec.documents import DocumentText
    from perfengine.spec.meaning.draft import Document
    from perfengine.spec.meaning.layers import Layer


def read_scenario(
    documents: Sequence[DocumentText],
    *,
    requirements: Sequence[DocumentText] = (),
    slas: Sequence[DocumentText] = (),
    need_entity: bool = True,
) -> Scenario:
    """Return what the documents of one run say, merged and checked.

    `documents` may be of any kind, `requirements` and `slas` of theirs only. Without `need_entity` the documents may
    describe none, as when a file of requirements is checked alone: then names of tables are not looked up.

    Raises: SpecError with all mistakes of all documents; UsageError when nothing describes an entity or an operation.
    """
    files = [
        *((text, Role.SCENARIO) for text in documents),
        *((text, Role.REQUIREMENTS) for text in requirements),
        *((text, Role.SERVICE_LEVELS) for text in slas),
    ]
    paths = tuple(text.path for text, _ in files)
    mistakes = Mistakes()
    read = [document for text, role in files for document in recognise(text, role, mistakes)]
    scenario = _Reader(read, mistakes, need_entity=need_entity).scenario(
        paths, _digest([text for text, _ in files])
    )
    if len(mistakes):
        raise SpecError(mistakes.in_file_order(paths))
    if need_entity and not (scenario.entities or scenario.workload.operations):
        kinds = recognised_kinds(read) or "no document was given"
        raise UsageError(f"there is no entity to run, only: {kinds}; give the file that describes it too")
    return scenario


def _digest(texts: Sequence[DocumentText]) -> str:
    digest = sha256()
    for text in texts:
        digest.update(text.data)
    return digest.hexdigest()


def _by_entity(layers: Sequence[Layer], entities: Iterable[str]) -> dict[str, list[Layer]]:
    """Return the layers that speak of each entity, in the order given."""
    own: dict[str | None, list[tuple[int, Layer]]] = {}
    for place in enumerate(layers):
        own.setdefault(place[1].entity, []).append(place)
    common = own.get(None, [])
    return {name: [layer for _, layer in merge(common, own.get(name, []))] for name in entities}


class _Reader:
    """The documents of a run on their way to a scenario."""

    def __init__(self, documents: Sequence[Document], mistakes: Mistakes, *, need_entity: bool) -> None:
        self._documents = documents
        self._need_entity = need_entity
        self._mistakes = mistakes
        self._notes: list[str] = []

    def scenario(self, paths: tuple[str, ...], digest: str) -> Scenario:
        """Return the scenario; what is wrong is in the mistakes, and then parts of it are missing."""
        entities = self._entities()
        layers = layers_of(self._documents, self._table_words(entities), self._mistakes)
        self._check_names(entities)
        tables = self._known_tables(entities)
        workload = read_workload(self._documents, tables, self._mistakes, self._notes)
        of_entity = _by_entity(layers, entities)
        written = {document.name: document for document in self._documents if document.is_entity}
        scenarios = tuple(
            EntityScenario(
                entity=entity,
                performance=merge_performance(of_entity[name]),
                position=written[name].name_place if name in written else None,
                places=dict(written[name].fields.keys_at) if name in written else {},
            )
            for name, entity in entities.items()
        )
        judged = [of_entity[one.entity.name] for one in scenarios if one.performance.enabled]
        limits = self._limits(judged if entities else [layers], workload)
        if layers and not entities and workload.operations:
            self._notes.append(
                "performance: without effect, there is no entity: write its keys below workload:"
            )
        levels = tuple(
            level
            for document in self._documents
            for level in service_levels(document.part.service_level_agreements or {}, self._notes)
        )
        self._notes += not_yet_notes(one.performance for one in scenarios if one.performance.enabled)
        return Scenario(
            entities=scenarios,
            name=workload_name(self._documents),
            workload=workload,
            data=read_field_data(self._documents, entities, tables, self._mistakes),
            requirements=limits,
            service_levels=levels,
            notes=tuple(dict.fromkeys(self._notes)),
            paths=paths,
            text_sha256=digest,
        )

    def _entities(self) -> dict[str, Entity]:
        entities: dict[str, Entity] = {}
        first: dict[str, Document] = {}
        for document in self._documents:
            entity = build_entity(document, self._mistakes, self._notes) if document.is_entity else None
            if entity is None:
                continue
            if entity.name in first:
                at = first[entity.name].position
                message = f"entity {quoted(entity.name)} is described twice, first in {at.path}:{at.line}"
                self._mistakes.add(document.name_place, message)
            first.setdefault(entity.name, document)
            entities.setdefault(entity.name, entity)
        return settle_references(entities)

    def _table_words(self, entities: Mapping[str, Entity]) -> dict[str, str] | None:
        tables = self._tables(entities)
        return table_words(tables) if tables else None

    def _known_tables(self, entities: Mapping[str, Entity]) -> KnownTables:
        tables = self._tables(entities)
        return KnownTables(None if tables == () and not self._need_entity else tables, self._mistakes)

    def _tables(self, entities: Mapping[str, Entity]) -> tuple[str, ...] | None:
        """Return the entities and what they refer to; None when an entity has no name."""
        described = [document for document in self._documents if document.is_entity]
        if any(document.name is None for document in described):
            return None
        tables = dict.fromkeys(entities)
        for entity in entities.values():
            tables |= dict.fromkeys(reference.table for reference in entity.references)
        for document in described:
            unsettled = (table for table in referred_tables(document) if meant(table, entities) is None)
            tables |= dict.fromkeys(unsettled)
        return tuple(tables)

    def _check_names(self, entities: Mapping[str, Entity]) -> None:
        for document in self._documents:
            name = document.name
            speaks_of_one = document.has_settings or not document.has_workload
            if entities and name is not None and speaks_of_one and name not in entities:
                message = f"{quoted(name)} is no entity of this run"
                self._mistakes.add(document.name_place, message, allowed=entities, found=name)

    def _limits(
        self, layers_of_entities: Iterable[Sequence[Layer]], workload: Workload
    ) -> tuple[Requirement, ...]:
        limits: dict[Requirement, None] = {}
        for layers in layers_of_entities:
            limits |= dict.fromkeys(merge_requirements(layers))
        for operation in workload.operations:
            limits |= dict.fromkeys(operation.requirements)
        for document in self._documents:
            if document.part.requirements is not None:
                limits |= dict.fromkeys(group_requirements(document.part.requirements))
        return tuple(limits)
