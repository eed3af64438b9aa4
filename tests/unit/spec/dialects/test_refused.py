"""Wrong entity files of all dialects: every mistake at its line, all at once, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError
from perfengine.spec.read import read_scenario
from tests.dialect_files import REFUSED, expected_of, text_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_every_mistake_is_named_at_its_line(path: Path) -> None:
    """Each line that says it is wrong is named, with those words; lines that say nothing are not."""
    with pytest.raises(SpecError) as caught:
        read_scenario([text_of(path)])
    left = expected_of(path)
    assert left, "the file says nothing about its mistakes"
    for mistake in caught.value.mistakes:
        said = f"{mistake.position.line}: {mistake.message}"
        meant = next(
            (one for one in left if one.line == mistake.position.line and one.message in mistake.message),
            None,
        )
        assert meant, f"unexpected: {said}"
        left.remove(meant)
        assert mistake.position.path == path.name
        assert mistake.position.source == path.read_text().splitlines()[mistake.position.line - 1]
        assert 1 <= mistake.position.column <= len(mistake.position.source) + 1
    assert left == []


def test_there_are_forty() -> None:
    """A corpus that shrinks proves less."""
    assert len(REFUSED) >= 40
