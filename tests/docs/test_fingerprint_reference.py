"""The page on baselines names every field of a fingerprint, under the class that it has."""

from __future__ import annotations

import re

import pytest

from perfengine.comparison.fingerprint_fields import HARD, INFO, SOFT
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "reference" / "baselines.md").read_text()


@pytest.mark.parametrize(
    ("heading", "declared"), [("hard", HARD), ("soft", SOFT), ("info", INFO)], ids=["hard", "soft", "info"]
)
def test_every_field_is_on_the_page(heading: str, declared: dict[str, str]) -> None:
    """And no other; a group by its name or by what stands in its place."""
    table = PAGE.split(f"| {heading} | value |")[1].split("\n\n")[0]
    first = (row.split(" | ")[0] for row in table.splitlines())
    named = {name for cell in first for name in re.findall(r"`([\w.*]+)`", cell)}
    assert named == {name.replace("rows.*", "rows.TABLE") for name in declared}
