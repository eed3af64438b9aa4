r"""The commands of a script as they come, inside of the `\if` that is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from perfengine.model.pgbench import Arm, If
from perfengine.pgbench.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.pgbench import Command, Expression
    from perfengine.pgbench.scan import Backslash
    from perfengine.pgbench.source import Source


#: Deeper than that nobody writes, and nothing of ours recurses without an end.
_MOST_DEPTH: Final = 50


@dataclass(slots=True)
class _Open:
    r"""An `\if` that is not yet ended: its arms so far, and the one that is being written."""

    start: int
    arm_start: int
    condition: Expression | None = None
    commands: list[Command] = field(default_factory=list)
    arms: list[Arm] = field(default_factory=list)
    has_else: bool = False


class Nesting:
    """Where the next command belongs."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: list[_Open] = []
        self.commands: list[Command] = []  #: outside of every condition

    @property
    def here(self) -> list[Command]:
        """The commands so far of the innermost arm, or of the script."""
        return self._open[-1].commands if self._open else self.commands

    def unended(self) -> Iterator[Fault]:
        r"""Yield each `\if` that nothing ends."""
        for one in self._open:
            yield Fault("\\if without an \\endif", one.start, one.start + len("\\if"))

    def begin(self, command: Backslash) -> None:
        r"""Open an `\if`; its condition is said next. Raises: Fault at the first that is too deep."""
        self._open.append(_Open(start=command.start, arm_start=command.start))
        if len(self._open) == _MOST_DEPTH + 1:
            raise command.fault(
                f"\\if is nested more than {_MOST_DEPTH} deep: use \\elif, or several scripts"
            )

    def condition(self, expression: Expression) -> None:
        """Say the condition of the arm that was begun last."""
        self._open[-1].condition = expression

    def next_arm(self, command: Backslash, *, is_else: bool) -> None:
        r"""Begin an `\elif` or an `\else`. Raises: Fault where none can be."""
        one = self._innermost(command)
        if one.has_else:
            raise command.fault(f"\\{command.name.text} after \\else")
        self._end_arm(one, command)
        one.condition, one.has_else = None, is_else

    def end(self, command: Backslash) -> None:
        r"""Take an `\endif`. Raises: Fault where none can be."""
        one = self._innermost(command)
        self._end_arm(one, command)
        self._open.pop()
        if len(self._open) < _MOST_DEPTH:
            self.here.append(If(arms=tuple(one.arms)))

    def _innermost(self, command: Backslash) -> _Open:
        if not self._open:
            raise command.fault(f"\\{command.name.text} without an \\if")
        return self._open[-1]

    def _end_arm(self, one: _Open, command: Backslash) -> None:
        place = self._source.place(one.arm_start)
        one.arms.append(Arm(condition=one.condition, commands=tuple(one.commands), place=place))
        one.commands, one.arm_start = [], command.start
