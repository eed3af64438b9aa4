"""What matching knows so far: entities with their tables, questions to the server, what does not fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.compiler.existing.problem import Problem
from perfengine.model.existing_question import Asked, Question

if TYPE_CHECKING:
    from perfengine.compiler.existing.columns import Chosen
    from perfengine.model.entity import Entity
    from perfengine.model.existing import ExistingColumn, ExistingSchema, ExistingTable, Place

#: Rows of others that rows of ours refer to, at most.
SOME_ROWS = 1_000
#: Rows of others that a run which only reads reads, at most.
READ_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An entity with its table."""

    entity: Entity
    table: ExistingTable
    key: ExistingColumn
    chosen: Chosen
    parent: bool = False  #: nobody's entity: rows are made only because rows of ours refer to them

    @property
    def place(self) -> Place:
        """Where the table is."""
        return self.table.place

    @property
    def is_unique_by_key(self) -> bool:
        """Whether no two rows of anybody can have the same key; rows of ours never have."""
        return self.table.is_unique(self.key.name)

    @property
    def rows_to_read(self) -> Question:
        """The question for keys of rows that are there, to be read: each must name one row."""
        is_named_once = self.is_unique_by_key or not self.table.kind.holds_rows
        return Question(
            asked=Asked.SOME_VALUES if is_named_once else Asked.VALUES_OF_ONE_ROW,
            place=self.place,
            column=self.key.name,
            limit=READ_ROWS,
        )


@dataclass(slots=True)
class Matching:
    """All that was matched; filled by `match_entities`."""

    schema: ExistingSchema
    found: list[Matched] = field(default_factory=list)  #: parents before children
    questions: dict[Question, None] = field(default_factory=dict)  #: still without an answer
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def at(self, place: Place) -> Matched | None:
        """Return what was matched with the table at a place."""
        return next((one for one in self.found if one.place == place), None)

    def stands_before(self, parent: Place, child: Place) -> bool:
        """Return whether rows of ours are in `parent` before those of `child` are made."""
        places = [one.place for one in self.found]
        return parent in places and places.index(parent) < places.index(child)

    def answer(
        self, asked: Asked, place: Place, column: str, limit: int = SOME_ROWS
    ) -> tuple[str, ...] | None:
        """Return what the server says; None, and the question is noted, before it was asked."""
        return self.ask(Question(asked=asked, place=place, column=column, limit=limit))

    def ask(self, question: Question) -> tuple[str, ...] | None:
        """Return what the server says; None, and the question is noted, before it was asked."""
        if self._is_barred(question.place, question.column):
            return None
        if question not in self.schema.answers:
            self.questions[question] = None
            return None
        return self.schema.answers[question]

    def _is_barred(self, place: Place, column: str) -> bool:
        """Return whether the role may not read a column, which is a problem then."""
        table = self.schema.table(place)
        if table is None or (table.rights.usage and table.column(column).may_select):
            return False
        said = (
            f'role "{self.schema.role}" may not read {place.shown}.{column}, of which keys are needed: '
            f"GRANT SELECT ON {place.sql}"
        )
        self.problems.append(Problem(message=said))
        return True

    def refuse(self, entity: str, why: str) -> None:
        """Note why an entity does not match."""
        self.problems.append(Problem(message=f'entity "{entity}": {why}', entity=entity))
