"""What a client that was let in says, and what it hears: one method a message.

Source: PostgreSQL documentation, chapter "Frontend/Backend Protocol", sections "Simple Query", "Extended Query" and
"Message Formats". After an error everything goes unheard until a Sync, and a transaction has failed until it ends.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from perfengine.nullserver import messages
from perfengine.nullserver.statements import ROLLED_BACK, Statement, Turn, statement_of, statements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: A load process prepares a few of them; nobody fills our memory.
STATEMENTS_MAX: Final = 10_000

_INT16: Final = struct.Struct(">H")
_INT32: Final = struct.Struct(">i")
_IDLE, _OPEN, _FAILED = b"I", b"T", b"E"


class Violation(Exception):  # noqa: N818 - an event: the conversation is over
    """The client does not speak the protocol, or said good-bye."""


class Refusal(Exception):  # noqa: N818 - an event: the client hears of it and goes on
    """A sound message that cannot be answered; its arguments are SQLSTATE and text."""


class Session:
    """Statements, portals and the transaction of one client."""

    __slots__ = ("_answers", "_portals", "_skipping", "_statements", "_status")

    def __init__(self) -> None:
        self._skipping = False
        self._status = _IDLE
        self._statements: dict[bytes, Statement] = {}
        self._portals: dict[bytes, tuple[Statement, bytes]] = {}
        self._answers: Mapping[int, Callable[[bytes], bytes]] = {
            ord("P"): self._parse,
            ord("D"): self._describe,
            ord("B"): self._bind,
            ord("E"): self._execute,
            ord("C"): self._close,
            ord("S"): self._sync,
            ord("H"): self._flush,
            ord("Q"): self._query,
        }

    def answer(self, kind: int, body: bytes) -> bytes:
        """Return the reply to one message. Raises: Violation; ValueError and struct.error for a malformed body."""
        answer = self._answers.get(kind)
        if answer is None:
            raise Violation(f"a message of type {chr(kind)!r}")
        if self._skipping and kind != ord("S"):
            return b""
        try:
            return answer(body)
        except Refusal as refusal:
            return self._refused(refusal, is_query=kind == ord("Q"))

    def _refused(self, refusal: Refusal, *, is_query: bool) -> bytes:
        """A simple query is its own Sync."""
        self._skipping = not is_query
        if self._status == _OPEN:
            self._status = _FAILED
        ready = messages.READY_FOR_QUERY[self._status] if is_query else b""
        return messages.error_response(*refusal.args) + ready

    def _parse(self, body: bytes) -> bytes:
        name, sql, _ = body.split(b"\0", 2)
        if len(self._statements) >= STATEMENTS_MAX:
            raise Violation("too many statements")
        self._statements[name] = statement_of(sql.decode())
        return messages.PARSE_COMPLETE

    def _describe(self, body: bytes) -> bytes:
        name = _text(body[1:])
        if body[:1] == b"S":
            statement = self._statement(name)
            parameters = messages.parameter_description(statement.parameters)
        else:
            statement, parameters = self._portal(name)[0], b""
        return parameters + (messages.ROW_DESCRIPTION if statement.brings_row else messages.NO_DATA)

    def _bind(self, body: bytes) -> bytes:
        portal_end = body.index(b"\0")
        name_end = body.index(b"\0", portal_end + 1)
        statement = self._statement(body[portal_end + 1 : name_end])
        row = messages.data_row(_result_formats(body, name_end + 1)) if statement.brings_row else b""
        self._portals[body[:portal_end]] = statement, row
        return messages.BIND_COMPLETE

    def _execute(self, body: bytes) -> bytes:
        statement, row = self._portal(_text(body))
        return row + self._done(statement)

    def _close(self, body: bytes) -> bytes:
        (self._statements if body[:1] == b"S" else self._portals).pop(_text(body[1:]), None)
        return messages.CLOSE_COMPLETE

    def _sync(self, _: bytes) -> bytes:
        self._skipping = False
        if self._status == _IDLE:
            self._portals.clear()
        return messages.READY_FOR_QUERY[self._status]

    def _flush(self, _: bytes) -> bytes:
        return b""  # nothing is ever held back

    def _query(self, body: bytes) -> bytes:
        replies = []
        for statement in statements_of(_text(body).decode()):
            done = self._done(statement)
            row = messages.ROW_DESCRIPTION + messages.data_row(()) if statement.brings_row else b""
            replies.append(row + done)
        return b"".join((*replies, messages.READY_FOR_QUERY[self._status]))

    def _done(self, statement: Statement) -> bytes:
        """Return how a statement ends, and do to the transaction what it does."""
        failed = self._status == _FAILED
        if failed and statement.turn is not Turn.END:
            raise Refusal("25P02", "the transaction has failed: nothing is done until it ends")
        if statement.turn is not Turn.NONE:
            self._status = _OPEN if statement.turn is Turn.BEGIN else _IDLE
        if failed:
            return ROLLED_BACK
        return statement.complete or messages.EMPTY_QUERY_RESPONSE

    def _statement(self, name: bytes) -> Statement:
        if (statement := self._statements.get(name)) is None:
            raise Refusal("26000", "there is no such prepared statement")
        return statement

    def _portal(self, name: bytes) -> tuple[Statement, bytes]:
        if (portal := self._portals.get(name)) is None:
            raise Refusal("34000", "there is no such portal")
        return portal


def _text(field: bytes) -> bytes:
    """Return the text before the first zero. Raises: ValueError without one."""
    return field[: field.index(b"\0")]


def _result_formats(body: bytes, position: int) -> tuple[int, ...]:
    """Return the result formats that a Bind asks for; they come after formats and values of the parameters."""
    (formats_count,) = _INT16.unpack_from(body, position)
    position += 2 + 2 * formats_count
    (values_count,) = _INT16.unpack_from(body, position)
    position += 2
    for _ in range(values_count):
        (length,) = _INT32.unpack_from(body, position)
        position += 4 + max(length, 0)  # -1: NULL
    (results_count,) = _INT16.unpack_from(body, position)
    return struct.unpack_from(f">{results_count}h", body, position + 2)
