"""Whole files with their mistakes, as a user sees them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError
from perfengine.spec.documents import DocumentText
from perfengine.spec.read import read_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[2] / "golden" / "mistakes"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("case", CASES)
def test_mistakes_are_shown_as_in_the_golden_file(case: str, golden: Callable[[str, str], None]) -> None:
    """tests/golden/mistakes/<case>.yaml is answered with <case>.txt."""
    text = DocumentText(path=f"scenarios/{case}.yaml", data=(FOLDER / f"{case}.yaml").read_bytes())
    with pytest.raises(SpecError) as caught:
        read_scenario([text])
    golden(f"mistakes/{case}.txt", f"{caught.value}\n")


def test_there_are_cases() -> None:
    """An empty folder would pass without a look."""
    assert len(CASES) >= 5
