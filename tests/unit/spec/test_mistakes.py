"""The collection of mistakes."""

from __future__ import annotations

import pytest

from perfengine.model.mistake import Position
from perfengine.spec.mistakes import MAX_MISTAKES, Mistakes, nearest, quoted


def _at(line: int, column: int = 1, path: str = "a.yaml") -> Position:
    return Position(path=path, line=line, column=column)


@pytest.mark.parametrize(
    ("found", "near"),
    [("uid", "uuid"), ("UUID", "uuid"), ("txt", "text"), ("elephant", None), ("x" * 100, None)],
)
def test_the_nearest_word_is_suggested(found: str, near: str | None) -> None:
    """A slip has a suggestion; what resembles nothing has none."""
    assert nearest(found, ("text", "uuid")) == near


def test_a_long_text_is_cut_when_quoted() -> None:
    """A message never carries a page."""
    assert quoted("x" * 1000) == '"' + "x" * 57 + '..."'


def test_mistakes_come_by_file_then_line_then_column() -> None:
    """The order of the files is the user's, not the alphabet's."""
    mistakes = Mistakes()
    for position in (_at(2), _at(1, 9), _at(1, 2), _at(5, path="0.yaml")):
        mistakes.add(position, "wrong")
    ordered = mistakes.in_file_order(["a.yaml", "0.yaml"])
    assert [str(mistake.position) for mistake in ordered] == [
        "a.yaml:1:2",
        "a.yaml:1:9",
        "a.yaml:2:1",
        "0.yaml:5:1",
    ]


def test_the_same_mistake_at_the_same_place_is_one() -> None:
    """Two checks that find the same fault do not say it twice."""
    mistakes = Mistakes()
    mistakes.add(_at(1), "wrong")
    mistakes.add(_at(1), "wrong")
    mistakes.add(_at(1), "wrong in another way")
    assert len(mistakes) == 2


def test_after_a_hundred_mistakes_the_rest_is_announced() -> None:
    """A file that is all wrong does not fill the screen for ever."""
    mistakes = Mistakes()
    for line in range(MAX_MISTAKES * 2):
        mistakes.add(_at(line + 1), "wrong")
    ordered = mistakes.in_file_order(["a.yaml"])
    assert len(ordered) == MAX_MISTAKES + 1
    assert ordered[-1].message == "more than 100 mistakes: mend these first"


def test_many_allowed_words_are_cut() -> None:
    """A list of a thousand fields is no help."""
    mistakes = Mistakes()
    mistakes.add(_at(1), "wrong", allowed=[f"field_{index}" for index in range(1000)], found="field_7")
    (mistake,) = mistakes.in_file_order(["a.yaml"])
    assert len(mistake.allowed) == 21
    assert mistake.allowed[-1] == "..."


def test_a_synonym_is_suggested_before_the_nearest_word() -> None:
    """`varchar` is nearer to nothing we have, yet we know what it means."""
    mistakes = Mistakes()
    mistakes.add(_at(1), "wrong", allowed=["string"], found="VARCHAR", synonyms={"varchar": "string"})
    assert mistakes.in_file_order(["a.yaml"])[0].suggestion == "string"
