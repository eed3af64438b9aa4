"""A script as a tree of commands, with all the mistakes in it.

Source: PostgreSQL, src/bin/pgbench/pgbench.c: `process_backslash_command`, `CheckConditional`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from perfengine.model.pgbench import Capture, Literal, Set, Sql
from perfengine.model.sql_text import count_statements
from perfengine.model.statement_kinds import (
    NOBODY_COPIES,
    PATH_IS_SHARED,
    copies_from_client,
    leaves_search_path,
)
from perfengine.pgbench.expression import parse_expression
from perfengine.pgbench.fault import Fault
from perfengine.pgbench.lexer import tokens_of
from perfengine.pgbench.names import is_name
from perfengine.pgbench.nesting import Nesting
from perfengine.pgbench.scan import SqlPiece, pieces_of
from perfengine.pgbench.sleep import read_sleep
from perfengine.pgbench.statements import bound, numbered, references_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.mistake import Mistake
    from perfengine.model.pgbench import Command, Expression
    from perfengine.pgbench.scan import Backslash, Word
    from perfengine.pgbench.source import Source

_SHELL: Final = (
    "perfengine starts no programs from a script: leave it out, or compute the value with an expression"
)
_PIPELINE: Final = "the driver has no pipelines: leave it out, and each statement waits for its answer"
_REFUSED: Final = {
    "shell": _SHELL,
    "setshell": _SHELL,
    "startpipeline": _PIPELINE,
    "syncpipeline": _PIPELINE,
    "endpipeline": _PIPELINE,
}
_JOINED: Final = "\\; joins statements, and several cannot be prepared as one: end each by ;"


class Read(NamedTuple):
    """A variable, and the characters of the script where it stands."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedScript:
    """What a script says."""

    source: Source
    commands: tuple[Command, ...]
    pieces: tuple[SqlPiece, ...]  #: its statements as they are written
    reads: tuple[Read, ...]  #: the variables that its statements and expressions read
    mistakes: tuple[Mistake, ...]


def parse_script(source: Source) -> ParsedScript:
    """Return the commands of a script, and every mistake that shows in it alone."""
    reader = _Reader(source)
    try:
        for piece in pieces_of(source.text):
            reader.take(piece)
    except Fault as fault:
        reader.note(fault)
    return reader.finish()


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._nesting = Nesting(source)
        self._pieces: list[SqlPiece] = []
        self._reads: list[Read] = []
        self._mistakes: list[Mistake] = []
        self._last_sql = False  #: the piece before was a statement that nothing has captured yet
        self._by_word: dict[str, Callable[[Backslash], None]] = {
            "set": self._set,
            "sleep": self._sleep,
            "gset": self._capture,
            "aset": self._capture,
            "if": self._if,
            "elif": self._elif,
            "else": self._else,
            "endif": self._endif,
        }

    def note(self, fault: Fault) -> None:
        self._mistakes.append(self._source.mistake(fault))

    def finish(self) -> ParsedScript:
        for fault in self._nesting.unended():
            self.note(fault)
        if not self._mistakes and not self._nesting.commands:
            self.note(Fault("the script has no command in it", 0, 1))
        return ParsedScript(
            source=self._source,
            commands=tuple(self._nesting.commands),
            pieces=tuple(self._pieces),
            reads=tuple(self._reads),
            mistakes=tuple(self._mistakes),
        )

    def take(self, piece: SqlPiece | Backslash) -> None:
        try:
            if isinstance(piece, SqlPiece):
                self._statement(piece)
            else:
                self._backslash(piece)
        except Fault as fault:
            self.note(fault)

    def _statement(self, piece: SqlPiece) -> None:
        self._last_sql = False
        if not count_statements(piece.text):
            return  # nothing but a comment
        self._pieces.append(piece)
        for at in piece.joined:
            self.note(Fault(_JOINED, at, at + 2))
        if (copied := copies_from_client(piece.text)) is not None:
            at = piece.start + copied
            self.note(Fault(NOBODY_COPIES, at, at + len("STDIN")))
        if (left := leaves_search_path(piece.text)) is not None:
            self.note(Fault(PATH_IS_SHARED, piece.start + left, piece.start + left + len("SET")))
        for fault in numbered(piece.text):
            self.note(fault.shifted(piece.start))
        for found in references_of(piece.text):
            self._reads.append(Read(found[1], piece.start + found.start(), piece.start + found.end()))
        sql, variables = bound(piece.text)
        self._nesting.here.append(Sql(sql=sql, variables=variables, place=self._source.place(piece.start)))
        self._last_sql = True

    def _backslash(self, command: Backslash) -> None:
        word = command.name.text.lower()
        follows_sql, self._last_sql = self._last_sql, False
        if word in _REFUSED:
            raise command.fault(f"\\{word}: {_REFUSED[word]}")
        take = self._by_word.get(word)
        if take is None:
            message = f"\\{command.name.text} is no command of pgbench"
            raise command.fault(message, found=word, allowed=tuple(self._by_word))
        if take == self._capture and not follows_sql:
            raise command.fault(f"\\{word} follows a statement")
        take(command)

    def _place(self, command: Backslash) -> str:
        return self._source.place(command.start)

    def _expression(self, command: Backslash, after: Word) -> Expression:
        """Return the expression that stands after a word. Raises: Fault at its place in the script."""
        offset = after.stop
        text = self._source.text[offset : command.stop]
        try:
            expression = parse_expression(text)
        except Fault as fault:
            raise fault.shifted(offset) from fault
        self._reads += [
            Read(token.text[1:], offset + token.start, offset + token.stop)
            for token in tokens_of(text)
            if token.kind == "variable"
        ]
        return expression

    def _set(self, command: Backslash) -> None:
        if not command.words:
            raise command.fault("\\set wants a name and an expression")
        name = command.words[0]
        if not is_name(name.text):
            raise name.fault(f'"{name.text}" is no name of a variable: letters, digits and _')
        expression: Expression = Literal(value=None)
        try:
            expression = self._expression(command, name)
        except Fault as fault:  # the variable is there all the same: whatever reads it is not wrong, too
            self.note(fault)
        self._nesting.here.append(Set(name=name.text, expression=expression, place=self._place(command)))

    def _sleep(self, command: Backslash) -> None:
        sleep = read_sleep(command, self._place(command))
        if sleep.variable is not None:
            amount = command.words[0]
            self._reads.append(Read(sleep.variable, amount.start, amount.stop))
        self._nesting.here.append(sleep)

    def _capture(self, command: Backslash) -> None:
        if len(command.words) > 1:
            raise command.words[1].fault(f"\\{command.name.text} has one prefix at most")
        prefix = command.words[0].text if command.words else ""
        last = self._nesting.here[-1]
        if isinstance(last, Sql):  # always: a statement stands before it
            capture = Capture(prefix=prefix, of_one_row=command.name.text.lower() == "gset")
            self._nesting.here[-1] = replace(last, capture=capture)

    def _if(self, command: Backslash) -> None:
        self._nesting.begin(command)  # before its condition, which may be wrong: \endif belongs to it
        self._nesting.condition(self._expression(command, command.name))

    def _elif(self, command: Backslash) -> None:
        self._nesting.next_arm(command, is_else=False)
        self._nesting.condition(self._expression(command, command.name))

    def _else(self, command: Backslash) -> None:
        self._no_words(command)
        self._nesting.next_arm(command, is_else=True)

    def _endif(self, command: Backslash) -> None:
        self._no_words(command)
        self._nesting.end(command)

    def _no_words(self, command: Backslash) -> None:
        if command.words:
            self.note(command.words[0].fault(f"\\{command.name.text} has nothing after it"))
