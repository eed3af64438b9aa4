"""What a plan says of existing tables: where rows of ours go, in which order, and who refers to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.existing import ExistingFunction, ExistingTrigger, ForeignKey, Place, TableKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingUse:
    """An existing table into which rows of ours go. `Plan.table(name)` says how they are made."""

    name: str  #: of the plan's table, and of the entity
    place: Place
    kind: TableKind
    key: str  #: the column whose value names a row of ours: unique, and never null
    key_type: str  #: as SQL: `uuid`, `bigint`
    incoming: tuple[ForeignKey, ...] = ()  #: of other tables, and its own, that refer to it
    triggers: tuple[ExistingTrigger, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundFunction:
    """The function on the server that a trigger of a state machine calls."""

    entity: str
    trigger: str
    function: ExistingFunction
    call: str  #: as SQL over `$1`, the key


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingPlan:
    """The part of a plan that speaks of existing tables."""

    uses: tuple[ExistingUse, ...]  #: filled in this order, emptied in the opposite one; as `Plan.tables`
    referenced: tuple[Place, ...] = ()  #: tables of which rows of ours hold keys of rows that were there
    functions: tuple[BoundFunction, ...] = ()
    read_only: bool = False  #: no rows of ours are made, and every operation reads only
    rolled_back: bool = False  #: every attempt that writes ends in ROLLBACK
    writes_elsewhere: bool = False  #: what triggers and functions write in other tables may stay there

    def use(self, name: str) -> ExistingUse:
        """Return the use of the plan's table of that name. Raises: KeyError."""
        for use in self.uses:
            if use.name == name:
                return use
        raise KeyError(name)
