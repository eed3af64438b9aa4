"""What does not match between a document and a server, and its place in the document where that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.errors import PlanError, SpecError
from perfengine.model.mistake import Mistake, Position, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.errors import PerfengineError
    from perfengine.model.scenario import EntityScenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that was not found, or cannot be used."""

    message: str
    entity: str = ""
    field: str | None = None
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None

    def at(self, position: Position) -> Mistake:
        """Return the mistake of a document that the problem is."""
        return Mistake(
            position=position, message=self.message, allowed=self.allowed, suggestion=self.suggestion
        )


def refusal(problems: Iterable[Problem], entities: Sequence[EntityScenario]) -> PerfengineError:
    """Return all problems as one error: mistakes with their places, or lines where no document says the entities."""
    written = {one.entity.name: one for one in entities}
    different = list(dict.fromkeys(problems))
    places = [_place(problem, written.get(problem.entity) or entities[0]) for problem in different]
    if any(place is None for place in places):
        return PlanError("\n".join(printable(problem.message) for problem in different))
    pairs = zip(different, places, strict=True)
    return SpecError(tuple(problem.at(place) for problem, place in pairs if place is not None))


def _place(problem: Problem, written: EntityScenario) -> Position | None:
    if problem.field is not None and problem.field in written.places:
        return written.places[problem.field]
    return written.position
