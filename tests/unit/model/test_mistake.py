"""How a mistake is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.mistake import Mistake, Position, printable


def _shown(source: str, column: int, width: int = 1) -> list[str]:
    position = Position(path="a.yaml", line=7, column=column, width=width, source=source)
    return Mistake(position=position, message="wrong").render().splitlines()


def test_a_mistake_shows_place_message_caret_allowed_words_and_suggestion() -> None:
    """The text is the one the contract shows."""
    position = Position(
        path="scenarios/order.yaml", line=14, column=16, width=3, source="    id: {type: uid}"
    )
    mistake = Mistake(
        position=position,
        message='unknown field type "uid" in entity "order"',
        allowed=("text", "uuid"),
        suggestion="uuid",
    )
    assert mistake.render() == (
        'scenarios/order.yaml:14:16: unknown field type "uid" in entity "order"\n'
        "   14 |     id: {type: uid}\n"
        "      |                ^^^\n"
        "   one of: text, uuid\n"
        '   did you mean "uuid"?'
    )


def test_a_position_without_a_source_line_shows_the_message_alone() -> None:
    """A file that could not be decoded has no line to show."""
    assert _shown("", 1) == ["a.yaml:7:1: wrong"]


def test_a_long_line_is_cut_around_the_caret() -> None:
    """The caret stays under what it points at, and both ends say that there is more."""
    _, line, caret = _shown("a" * 500 + "WRONG" + "b" * 500, 501, 5)
    start = caret.index("^")
    assert line[start : start + 5] == "WRONG"
    assert caret.count("^") == 5
    assert line.endswith("...")
    assert line.startswith("    7 | ...")
    assert len(line) < 120


def test_a_caret_longer_than_the_window_ends_with_it() -> None:
    """A value of a thousand characters is underlined as far as it is shown."""
    _, line, caret = _shown("k: " + "x" * 1000, 4, 1000)
    assert len(caret) <= len(line)


def test_tabs_and_control_characters_keep_one_column_each() -> None:
    """A terminal cannot be moved or coloured by a document."""
    _, line, caret = _shown("\ta\x1b[31m: WRONG", 10, 5)
    assert "\x1b" not in line
    assert "\t" not in line
    start = caret.index("^")
    assert line[start : start + 5] == "WRONG"


def test_wide_characters_take_two_columns() -> None:
    """Two ideographs before the caret move it by four columns."""
    _, line, caret = _shown("日本: x", 5)
    assert line == "    7 | 日本: x"
    assert caret == "      |       ^"


def test_control_characters_in_a_message_are_escaped() -> None:
    """A message stays one line of harmless text."""
    position = Position(path="a.yaml", line=1, column=1)
    assert Mistake(position=position, message="a\nb\x1b[0m").render() == "a.yaml:1:1: a\\nb\\x1b[0m"


@given(st.text())
def test_printable_text_holds_no_character_that_a_terminal_obeys(text: str) -> None:
    """Whatever comes in, what comes out prints."""
    assert all(char.isprintable() or char == " " for char in printable(text) if char not in text)
    assert "\x1b" not in printable(text)
    assert "\n" not in printable(text)


@given(st.text(max_size=300), st.integers(1, 400), st.integers(1, 400))
def test_an_excerpt_always_has_a_caret(source: str, column: int, width: int) -> None:
    """No line, column or width leaves a mistake without its caret."""
    position = Position(path="a.yaml", line=1, column=column, width=width, source=source)
    shown, carets = position.excerpt()
    assert carets.strip().startswith("^")
    assert "\n" not in shown
