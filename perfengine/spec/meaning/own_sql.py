"""The SQL of own operations: whether each `:name`, `:step.column` and `{{entity}}` in it has its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.sql_text import (
    SqlTextError,
    count_statements,
    numbered_parameters,
    placeholders,
    table_marks,
)
from perfengine.spec.meaning.expression import Fault
from perfengine.spec.meaning.rules import place_in_text
from perfengine.spec.mistakes import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from perfengine.model.mistake import Position
    from perfengine.model.sql_text import Placeholder
    from perfengine.spec.meaning.tables import KnownTables
    from perfengine.spec.mistakes import Mistakes


class OwnSql:
    """The statements of one operation, given in their order."""

    def __init__(
        self,
        parameters: Collection[str],
        steps: Mapping[str, Position],
        tables: KnownTables,
        mistakes: Mistakes,
    ) -> None:
        """Take the names of the parameters and the places of all named steps, wrong ones included."""
        self._parameters = parameters
        self._steps = steps
        self._done: set[str] = set()  #: steps that come before
        self._tables = tables
        self._mistakes = mistakes
        self.used: set[str] = set()  #: parameters that stand in some statement
        self.is_whole = True  #: False when some SQL could not be read: then nobody knows what it uses

    def check(self, sql: str, position: Position, name: str | None = None) -> None:
        """Note what is wrong in the next statement, whose `as` is `name`."""
        try:
            found = placeholders(sql)
            _check_form(sql, position, self._mistakes)
            check_marks(sql, position, self._tables)
        except SqlTextError as error:
            self.is_whole = False
            self._mistakes.add(place_in_text(position, sql, Fault("", error.offset)), f"sql: {error}")
            return
        for placeholder in {one.key: one for one in reversed(found)}.values():
            at = _place(position, sql, placeholder.start, placeholder.stop)
            if placeholder.column is None:
                self._check_parameter(placeholder.name, at)
            else:
                self._check_step(placeholder, name, at)
        if name is not None:
            self._done.add(name)

    def pass_over(self, names: Collection[str]) -> None:
        """Take steps for known that could not be read: what they use, and what uses them, is not judged."""
        self._done.update(names)
        self.is_whole = False

    def _check_parameter(self, name: str, position: Position) -> None:
        self.used.add(name)
        if name in self._parameters:
            return
        if name in self._steps:
            message = f":{name} is a step: write which of its columns, such as :{name}.id"
            self._mistakes.add(position, message)
            return
        remedy = f"add it, such as params: {{{name}: {{int: {{min: 1, max: 100}}}}}}"
        message = f"parameter :{name} has no generator: {remedy}"
        self._mistakes.add(position, message, allowed=sorted(self._parameters), found=name)

    def _check_step(self, placeholder: Placeholder, own: str | None, position: Position) -> None:
        name = placeholder.name
        written = f":{name}.{placeholder.column}"
        if name in self._done:
            return
        if name == own:
            self._mistakes.add(position, f"{written} is a value of this step itself: it is not known yet")
        elif name in self._steps:
            line = self._steps[name].line
            message = f"{written} is a value of step {quoted(name)}, which comes later, on line {line}"
            self._mistakes.add(position, message)
        else:
            message = (
                f"{written}: no step before this one has {quoted(name)} as its name: write as: {name} there"
            )
            self._mistakes.add(position, message, allowed=sorted(self._done), found=name)


def check_marks(sql: str, position: Position, tables: KnownTables) -> None:
    """Note each `{{entity}}` that is no table of the run. Raises: SqlTextError."""
    for mark in table_marks(sql):
        tables.check(mark.name, _place(position, sql, mark.start, mark.stop))


def _check_form(sql: str, position: Position, mistakes: Mistakes) -> None:
    for number in dict.fromkeys(numbered_parameters(sql)):
        message = f"sql: {number} is for perfengine to write: give the parameter a name, such as :name"
        mistakes.add(position, message)
    count = count_statements(sql)
    if count != 1:
        found = f"there are {count} statements: one each" if count else "there is no statement"
        remedy = ", more of them as steps of a transaction" if count else ""
        mistakes.add(position, f"sql: {found}{remedy}")


def _place(position: Position, sql: str, start: int, stop: int) -> Position:
    place = place_in_text(position, sql, Fault("", start))
    if place is position:
        return position
    return type(place)(
        path=place.path, line=place.line, column=place.column, width=stop - start, source=place.source
    )
