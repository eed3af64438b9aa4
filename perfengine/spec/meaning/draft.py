"""A document that has been read: its parts, and what it declares, wrong pieces included.

A field whose type is wrong is still a declared field: a rule about it is not a second mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.spec.text.tree import ListNode, MapNode

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.spec.dialects.entity import Spelled
    from perfengine.spec.shape.document_part import DocumentPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a run."""

    part: DocumentPart
    root: MapNode  #: in the spelling that is read, nothing taken out
    spelled: Spelled  #: what was known from the spelling in the document

    @property
    def position(self) -> Position:
        """Where it begins."""
        return self.root.position

    @property
    def name(self) -> str | None:
        """The entity it speaks of; None when it names none."""
        return self.part.name or self.part.entity

    @property
    def name_place(self) -> Position:
        """Where that name is written; the beginning when it is not."""
        places = self.root.values_at
        return places.get("name") or places.get("entity") or self.position

    @property
    def is_entity(self) -> bool:
        """Whether it describes an entity: by its fields or patterns, or by having a name and nothing else."""
        if "fields" in self.root or "patterns" in self.root:
            return True
        return ("name" in self.root or "entity" in self.root) and not (
            self.has_settings or self.has_workload or "data" in self.root
        )

    @property
    def has_settings(self) -> bool:
        """Whether it holds a performance configuration."""
        return "performance" in self.root or "test_config" in self.root

    @property
    def has_workload(self) -> bool:
        """Whether it holds a workload, whose name need not be that of an entity."""
        return "workload" in self.root

    @property
    def fields(self) -> MapNode:
        """What is written below `fields:`, wrong fields included; empty when that is no mapping."""
        fields = self.root.get("fields")
        return fields if isinstance(fields, MapNode) else MapNode(self.position)


def declared_states(machine: MapNode) -> frozenset[str]:
    """Return the names in the `states:` of a pattern, wrong states included."""
    states = machine.origin.get("states")
    items = states if isinstance(states, ListNode) else []
    names = [item.get("name") if isinstance(item, MapNode) else item for item in items]
    return frozenset(name for name in names if isinstance(name, str))
