"""What --rollback promises of the author's own statements on tables of others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import PlanError
from tests.integration.engine.existing import SETTINGS, run_existing
from tests.seed import order_document

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

WORKLOAD = """\
---
workload:
  ops:
    give_away:
      transaction:
        steps:
          - sql: UPDATE {{order}} SET total_amount = 1
"""
SETTLED = replace(SETTINGS, filters=("give_away",), rollback=True)


def test_what_steps_change_in_rows_of_others_is_as_it_was(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Every attempt changes all rows there are, and all of them are rolled back."""
    before = onlooker.everything()
    result = run_existing(tmp_path, inhabited, SETTLED, document=order_document() + WORKLOAD)
    assert [(one.operation.name, one.ok) for one in result.operations] == [("give_away", 20)]
    assert onlooker.everything() == before


def test_a_commit_among_the_steps_is_refused(tmp_path: Path, inhabited: str, onlooker: Onlooker) -> None:
    """It once changed rows of others for good, in a run that said that all was rolled back."""
    before = onlooker.everything()
    document = f"{order_document()}{WORKLOAD}          - sql: COMMIT\n"
    with pytest.raises(PlanError, match="give_away ends its transaction in one of its steps"):
        run_existing(tmp_path, inhabited, SETTLED, document=document)
    assert onlooker.everything() == before
