"""What `cleanup` says it found."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfengine.database.cleanup import CleanupReport
from perfengine.engine.cleanup import Swept
from perfengine.engine.raw_directory import RawLeftovers
from perfengine.model.ledger import LeftRow, Removal

FOUND = Swept(
    address="postgresql://db/app",
    sandboxes=CleanupReport(
        dropped=("perfengine_00000001",),
        living=("perfengine_00000002",),
        kept=(("perfengine_00000003", "a view depends on it"),),
    ),
    servers=("/tmp/perfengine-db-x",),  # noqa: S108 - a text
    raw=RawLeftovers(
        found=(Path(".raw.csv.gz.x7"),), kept=((Path(".raw.csv.gz.y8"), "Operation not permitted"),)
    ),
)


@pytest.mark.parametrize(
    ("dry_run", "verb", "removed"), [(False, "dropped", "removed"), (True, "would drop", "would remove")]
)
def test_a_line_for_everything_found(dry_run: bool, verb: str, removed: str) -> None:
    """What went, what lives, what could not go and why."""
    assert list(FOUND.lines(dry_run=dry_run)) == [
        f"{verb} schema perfengine_00000001",
        "left schema perfengine_00000002: its run is alive",
        "left schema perfengine_00000003: a view depends on it",
        "removed an embedded server: /tmp/perfengine-db-x",
        f"{removed} raw attempts of a run that was killed: .raw.csv.gz.x7",
        "left raw attempts .raw.csv.gz.y8: Operation not permitted",
    ]


@pytest.mark.parametrize(
    ("address", "words"),
    [("postgresql://db/app", "nothing to clean up on postgresql://db/app"), (None, "nothing to clean up")],
)
def test_nothing_found_is_said_too(address: str | None, words: str) -> None:
    """With the server that was asked, if one was."""
    assert list(Swept(address=address).lines(dry_run=False)) == [words]


def test_only_what_should_have_gone_counts_as_left() -> None:
    """A living run is as it should be."""
    assert FOUND.left
    assert Swept(address=None, raw=FOUND.raw).left
    assert not Swept(address=None, sandboxes=CleanupReport(living=("perfengine_00000002",))).left


STAYS = (
    "left schema perfengine_00000001: it says which rows they are; "
    "`perfengine cleanup` deletes them when they can go"
)


def test_rows_of_existing_tables_are_counted_and_those_that_stay_named() -> None:
    """Ten by their keys, the others by their number; what a terminal would obey is escaped."""
    stuck = [
        LeftRow(relation='"app"."order"', key=str(number), why="bills refer to it") for number in range(12)
    ]
    odd = LeftRow(relation='"app"."order"', key="x", why="locked\x1b[2J")
    removal = Removal(removed=5, taken_along=2, left=(*stuck, odd))
    swept = Swept(address="db", sandboxes=CleanupReport(rows=(("perfengine_00000001", removal),)))
    assert swept.left
    assert list(swept.lines(dry_run=False)) == [
        "deleted 5 rows of perfengine by key (ledger perfengine_00000001)",
        "deleted 2 rows of other tables that referred to them",
        "left 12 rows in app.order: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more: bills refer to it",
        "left 1 rows in app.order: x: locked\\x1b[2J",
        STAYS,
    ]
