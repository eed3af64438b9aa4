"""Bytes in, bytes out: what a client of the null server hears."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.nullserver.conversation import MESSAGE_BYTES_MAX, STARTUP_BYTES_MAX, Conversation
from perfengine.nullserver.session import Violation
from tests.unit.nullserver.frontend import (
    BINARY,
    FLUSH,
    SSL_REQUEST,
    STARTUP,
    SYNC,
    TERMINATE,
    bind,
    close,
    describe,
    execute,
    kinds,
    message,
    parse,
    query,
    split,
)

SELECT = "SELECT id, balance, filler FROM account WHERE id = $1"
KEY = struct.pack(">q", 7)


@pytest.fixture
def talk() -> Conversation:
    """Return a conversation whose client was let in."""
    conversation = Conversation()
    conversation.answer(STARTUP)
    return conversation


def test_the_start() -> None:
    """Encryption is declined; then the client is let in, told the settings and given a key."""
    conversation = Conversation()
    assert conversation.answer(SSL_REQUEST) == b"N"
    welcome = split(conversation.answer(STARTUP))
    assert welcome[0] == ("R", bytes(4))
    assert ("S", b"client_encoding\0UTF8\0") in welcome
    assert [kind for kind, _ in welcome[-2:]] == ["K", "Z"]
    assert welcome[-1] == ("Z", b"I")


def test_a_prepared_select(talk: Conversation) -> None:
    """Prepared once, then a row for every Bind and Execute: as text or as binary, as the client asks."""
    assert kinds(talk.answer(parse(SELECT, b"s") + describe(name=b"s") + FLUSH)) == "1tT"
    row = dict(split(talk.answer(bind(name=b"s", values=(KEY,)) + execute() + SYNC)))["D"]
    assert row.startswith(struct.pack(">h", 3) + struct.pack(">i", 1) + b"1" + struct.pack(">i", 3) + b"100")
    reply = split(talk.answer(bind(BINARY, name=b"s", values=(KEY,)) + execute() + SYNC))
    assert [kind for kind, _ in reply] == ["2", "D", "C", "Z"]
    assert reply[1][1].startswith(struct.pack(">hiqii", 3, 8, 1, 4, 100))
    assert reply[2][1] == b"SELECT 1\0"


def test_a_format_for_each_column(talk: Conversation) -> None:
    """Three formats are taken column by column."""
    talk.answer(parse(SELECT))
    row = dict(split(talk.answer(bind(BINARY, 0, BINARY, values=(None,)) + execute() + SYNC)))["D"]
    assert row.startswith(struct.pack(">hiqi", 3, 8, 1, 3) + b"100")


def test_parameters_are_bigints(talk: Conversation) -> None:
    """As many as the highest number in the statement."""
    reply = dict(split(talk.answer(parse("UPDATE t SET a = $2 WHERE b = $1") + describe())))
    assert reply["t"] == struct.pack(">hii", 2, 20, 20)
    assert "n" in reply


def test_a_transaction_shows_in_the_status(talk: Conversation) -> None:
    """ReadyForQuery says idle, in a transaction, failed, idle again; COMMIT of a failed one is a ROLLBACK."""
    assert split(talk.answer(query("BEGIN"))) == [("C", b"BEGIN\0"), ("Z", b"T")]
    assert split(talk.answer(query("COMMIT"))) == [("C", b"COMMIT\0"), ("Z", b"I")]
    talk.answer(query("START TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
    assert kinds(talk.answer(bind(name=b"unknown"))) == "E"
    assert split(talk.answer(SYNC)) == [("Z", b"E")]
    refused, ready = split(talk.answer(query("SELECT 1")))
    assert b"C25P02\0" in refused[1]
    assert ready == ("Z", b"E")
    assert split(talk.answer(query("COMMIT"))) == [("C", b"ROLLBACK\0"), ("Z", b"I")]


def test_after_an_error_nothing_is_heard_until_sync(talk: Conversation) -> None:
    """One error, then silence; Sync brings the conversation back."""
    assert kinds(talk.answer(execute() + execute() + query("BEGIN"))) == "E"
    assert kinds(talk.answer(SYNC + query("SELECT 1"))) == "ZTDCZ"


def test_a_closed_statement_is_gone(talk: Conversation) -> None:
    """Closing what is not there is no error; using it is."""
    talk.answer(parse(SELECT, b"s"))
    assert kinds(talk.answer(close(b"S", b"s") + close(b"P", b"nothing"))) == "33"
    assert b"C26000\0" in talk.answer(bind(name=b"s"))


def test_portals_last_as_long_as_their_transaction(talk: Conversation) -> None:
    """A Sync ends them outside of a transaction only."""
    talk.answer(parse(SELECT) + bind(portal=b"p") + SYNC)
    assert b"C34000\0" in talk.answer(execute(b"p"))
    talk.answer(SYNC + query("BEGIN") + bind(portal=b"p") + SYNC)
    assert kinds(talk.answer(describe(b"P", b"p") + execute(b"p"))) == "TDC"


def test_an_empty_query_and_a_script(talk: Conversation) -> None:
    """Each statement has its reply; none at all has one of its own."""
    assert kinds(talk.answer(query(" ; "))) == "IZ"
    assert split(talk.answer(query("BEGIN; UPDATE t SET a = 1; COMMIT"))) == [
        ("C", b"BEGIN\0"),
        ("C", b"UPDATE 1\0"),
        ("C", b"COMMIT\0"),
        ("Z", b"I"),
    ]


@pytest.mark.parametrize(
    "packet",
    [
        struct.pack(">II", 7, 196608),  # shorter than its header
        struct.pack(">II", STARTUP_BYTES_MAX + 1, 196608),
        struct.pack(">II", 8, 131072),  # protocol 2.0
        struct.pack(">IIII", 16, 80877102, 1, 1),  # a cancel request: it has no answer
        b"GET / HTTP/1.1\r\n",
    ],
)
def test_a_wrong_start_ends_the_conversation(packet: bytes) -> None:
    """Whoever does not begin with a packet of protocol 3.0 is left."""
    with pytest.raises(Violation):
        Conversation().answer(packet)


@pytest.mark.parametrize(
    "data",
    [
        TERMINATE,
        b"S\0\0\0\3",  # shorter than its own length
        b"B" + struct.pack(">I", MESSAGE_BYTES_MAX + 1),
        message(b"?", b""),
        message(b"P", b"no end"),
        message(b"Q", b"\xff\0"),
        parse(SELECT) + message(b"B", b"\0\0\0\1"),
        parse(SELECT) + bind(2),
        parse(SELECT) + bind(0, 1),
    ],
)
def test_a_wrong_message_ends_the_conversation(talk: Conversation, data: bytes) -> None:
    """Nothing of it is guessed at."""
    with pytest.raises(Violation):
        talk.answer(data)


@given(st.binary(max_size=300), st.booleans())
def test_garbage_is_answered_or_left(data: bytes, started: bool) -> None:
    """Whatever comes: replies, or the end of the conversation; nothing else is raised."""
    conversation = Conversation()
    try:
        conversation.answer((STARTUP if started else b"") + data)
    except Violation:
        return


@given(st.data())
def test_where_reads_end_does_not_matter(data: st.DataObject) -> None:
    """The replies to a stream are the same however it is cut."""
    stream = (
        SSL_REQUEST + STARTUP + parse(SELECT, b"s") + describe(name=b"s") + bind(name=b"s", values=(KEY,))
    )
    stream += execute() + SYNC + query("BEGIN") + bind(name=b"x") + execute() + SYNC + query("ROLLBACK")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    conversation = Conversation()
    assert b"".join(conversation.answer(piece) for piece in pieces) == Conversation().answer(stream)
