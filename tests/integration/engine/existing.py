"""Runs on existing tables, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.engine.event_loop import run_async
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.engine.run import run_plan
from perfengine.model.settings import LoadSettings
from tests.integration.engine.runs import Watcher
from tests.seed import order_document

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.result import RunResult

#: What needs neither functions nor checks.
PLAIN = ("order_create", "order_query", "order_update", "bulk_order_update", "order_delete")
SETTINGS = LoadSettings(concurrency=4, iterations=20, data_size=50, filters=PLAIN)


def run_existing(
    directory: Path,
    dsn: str,
    settings: LoadSettings = SETTINGS,
    *,
    document: str | None = None,
    watcher: Watcher | None = None,
    read_only: bool = False,
) -> RunResult:
    """Return the result of a run of the order on the tables of a database."""
    path = directory / "order.yaml"
    path.write_text(document or order_document())
    target = TargetRequest(dsn=dsn, existing=True, read_only=read_only)
    planned = plan_run(RunRequest(paths=(path,), load=settings, target=target))
    return run_async(run_plan, planned, target, watcher or Watcher())
