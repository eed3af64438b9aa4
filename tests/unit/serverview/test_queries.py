"""Each version of the server is asked for what it has."""

from __future__ import annotations

import pytest

from perfengine.serverview.columns import COLUMNS
from perfengine.serverview.queries import query, sample_query
from perfengine.serverview.reading import ASKED_OF_SERVER

# major, what it is asked for, what it does not have yet or any more
ROWS = [
    (
        13,
        ("pg_stat_bgwriter", "query_start"),
        ("waitstart", "pg_stat_wal", "pg_stat_io", "pg_stat_checkpointer"),
    ),
    (14, ("waitstart", "pg_stat_wal", "buffers_backend"), ("pg_stat_io", "pg_stat_checkpointer")),
    (15, ("waitstart", "pg_stat_wal", "buffers_backend"), ("pg_stat_io", "pg_stat_checkpointer")),
    (16, ("op_bytes", "checkpoints_req"), ("buffers_backend", "pg_stat_checkpointer")),
    (17, ("op_bytes", "num_timed"), ("pg_stat_bgwriter", "num_done")),
    (18, ("read_bytes", "num_done"), ("op_bytes", "pg_stat_bgwriter")),
    (19, ("read_bytes", "num_done"), ("op_bytes", "pg_stat_bgwriter")),
]


@pytest.mark.parametrize(("major", "has", "lacks"), ROWS)
def test_a_version_is_asked_for_what_it_has(major: int, has: tuple[str, ...], lacks: tuple[str, ...]) -> None:
    """Views and columns differ from version to version."""
    text = sample_query(major)
    assert [word for word in has if word not in text] == []
    assert [word for word in lacks if word in text] == []


@pytest.mark.parametrize("major", range(13, 19))
def test_every_version_gives_every_column(major: int) -> None:
    """What a version cannot know is NULL there, and has a name all the same."""
    text = sample_query(major)
    asked = [column.read for column in COLUMNS if column.source in ASKED_OF_SERVER]
    assert [name for name in asked if f" AS {name}" not in " ".join(text.split())] == []


def test_the_session_is_set_without_text_put_together() -> None:
    """Values are bound."""
    assert "$1" in query("session", 18)
    assert "$2" in query("session", 18)
