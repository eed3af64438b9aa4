"""The statements of older servers run against views with exactly the columns those servers have.

The views stand before pg_catalog on the search path. Their columns are those of each version's manual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.serverview.columns import COLUMNS
from perfengine.serverview.queries import sample_query
from perfengine.serverview.reading import ASKED_OF_SERVER

if TYPE_CHECKING:
    from tests.integration.serverview.conftest import Stage

pytestmark = pytest.mark.anyio

_BGWRITER_OLD = (
    "checkpoints_timed checkpoints_req checkpoint_write_time checkpoint_sync_time buffers_checkpoint "
    "buffers_clean maxwritten_clean buffers_backend buffers_backend_fsync buffers_alloc"
)
_BGWRITER = "buffers_clean maxwritten_clean buffers_alloc"
_CHECKPOINTER = (
    "num_timed num_requested restartpoints_timed restartpoints_req restartpoints_done write_time sync_time "
    "buffers_written"
)
_IO = (
    "reads read_time writes write_time writebacks writeback_time extends extend_time op_bytes hits evictions "
    "reuses fsyncs fsync_time"
)
_WAL = "wal_records wal_fpi wal_bytes wal_buffers_full wal_write wal_sync wal_write_time wal_sync_time"
# major, the views that differ from those of 18, with their columns; every counter is 2
VIEWS = {
    13: {"pg_stat_bgwriter": _BGWRITER_OLD},
    14: {"pg_stat_bgwriter": _BGWRITER_OLD, "pg_stat_wal": _WAL},
    15: {"pg_stat_bgwriter": _BGWRITER_OLD, "pg_stat_wal": _WAL},
    16: {"pg_stat_bgwriter": _BGWRITER_OLD, "pg_stat_wal": _WAL, "pg_stat_io": _IO},
    17: {
        "pg_stat_bgwriter": _BGWRITER,
        "pg_stat_checkpointer": _CHECKPOINTER,
        "pg_stat_wal": _WAL,
        "pg_stat_io": _IO,
    },
}


@pytest.mark.parametrize("major", VIEWS)
async def test_an_older_server_gives_every_column(stage: Stage, major: int) -> None:
    """The statement names no column that its version lacks, and adds up what it should."""
    async with stage.session() as session:
        await session.execute("CREATE SCHEMA older")
        for view, columns in VIEWS[major].items():
            listed = ", ".join(f"2::bigint AS {column}" for column in columns.split())
            await session.execute(f"CREATE VIEW older.{view} AS SELECT {listed}")
        if major == 13:
            await session.execute(
                "CREATE VIEW older.pg_locks AS SELECT pid, granted FROM pg_catalog.pg_locks"
            )
        await session.execute("SET search_path = older, pg_catalog")
        [row] = await session.fetch(sample_query(major), "psql")
    asked = [column.read for column in COLUMNS if column.source in ASKED_OF_SERVER]
    assert [name for name in asked if name not in row] == []
    written = {13: 6 * 8192, 14: 6 * 8192, 15: 6 * 8192, 16: 8, 17: 8}[major]
    assert row["io_written_bytes"] == written
    assert row["checkpoints"] == 4
    assert row["io_read_bytes"] == 4 if major >= 16 else row["io_read_bytes"] > 0
    assert (row["wal_full_page_images"] is None) is (major == 13)
