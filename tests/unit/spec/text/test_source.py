"""Bytes to text."""

from __future__ import annotations

import pytest

from perfengine.spec.documents import MAX_BYTES
from perfengine.spec.mistakes import RefusedError
from perfengine.spec.text.source import decode_source
from tests.documents import document


def _refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        decode_source(document(data, "a.yaml"))
    return caught.value.mistake.render().splitlines()[0]


def test_a_byte_order_mark_is_no_text() -> None:
    """Files of some Windows editors begin with one."""
    assert decode_source(document(b"\xef\xbb\xbfa: 1")).text == "a: 1"


def test_a_file_over_a_mebibyte_is_refused() -> None:
    """The limit itself is inside."""
    assert decode_source(document(b"#" * MAX_BYTES)).text
    message = "a.yaml:1:1: the file is over 1 MiB: a document is at most 1048576 bytes"
    assert _refusal(b"#" * (MAX_BYTES + 1)) == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"name: caf\xe9", "a.yaml:1:10: the byte 0xe9 is not UTF-8: save the file as UTF-8 text"),
        (b"a: 1\n\xff", "a.yaml:2:1: the byte 0xff is not UTF-8: save the file as UTF-8 text"),
        (
            "name: order".encode("utf-16"),
            "a.yaml:1:1: the byte 0xff is not UTF-8: save the file as UTF-8 text",
        ),
        (b"a: \xed\xa0\x80", "a.yaml:1:4: the byte 0xed is not UTF-8: save the file as UTF-8 text"),
        (
            b"a: 1\r\nb: \x00",
            "a.yaml:2:4: the character '\\x00' cannot be in a YAML document: is this a text file?",
        ),
        (b"\x7fELF", "a.yaml:1:1: the character '\\x7f' cannot be in a YAML document: is this a text file?"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(data: bytes, message: str) -> None:
    """A binary or a file in another encoding is named as what it is."""
    assert _refusal(data) == message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_end_where_the_parser_ends_them(end: str) -> None:
    """The source line beside a caret is the one the parser counted."""
    source = decode_source(document(f"a: 1{end}b: 2"))
    assert source.lines == ("a: 1", "b: 2")
    assert source.position(1, 3).source == "b: 2"


def test_a_place_beyond_the_end_is_the_end() -> None:
    """A parser that expects more points after the last line."""
    position = decode_source(document("a: [1")).position(9, 0)
    assert (position.line, position.column) == (1, 6)


def test_a_span_over_several_lines_ends_with_the_first() -> None:
    """One line of carets is enough."""
    position = decode_source(document("a: 'x\n  y'")).span((0, 3), (1, 4))
    assert (position.column, position.width) == (4, 2)
