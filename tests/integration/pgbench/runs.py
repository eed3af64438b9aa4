"""Runs of scripts on a real server, and what they have left when they were over."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import asyncpg

from perfengine.engine.event_loop import run_async
from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.engine.run import run_plan

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.model.result import RunResult
    from perfengine.model.settings import LoadSettings
    from perfengine.pgbench.asked import AskedScripts


def run_scripts(
    dsn: str,
    folder: Path,
    asked: AskedScripts,
    *,
    settings: LoadSettings,
    keep: str = "SELECT 1",
    setup: tuple[str, ...] = (),
) -> tuple[RunResult, list[Any]]:
    """Return the result of a run, and the rows of the query `keep` at its end, in its sandbox."""
    document = folder / "around.yaml"
    statements = "".join(f"    - {statement}\n" for statement in setup)
    document.write_text(
        "name: pgbench\nworkload:\n  warmup: 0\n"
        + (f"  setup:\n{statements}" if setup else "")
        + f"  teardown:\n    - CREATE TABLE public.kept AS {keep}\n"
    )
    request = RunRequest(paths=(document,), scripts=asked, load=settings, target=TargetRequest(dsn=dsn))
    result = run_async(run_plan, plan_run(request), request.target, lambda _: None)
    assert result.operations, result
    return result, asyncio.run(_kept(dsn))


def script_files(folder: Path, **texts: str) -> tuple[str, ...]:
    """Write scripts; return their paths in order."""
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.sql"
        path.write_text(text)
        paths.append(str(path))
    return tuple(paths)


async def _kept(dsn: str) -> list[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        return list(await connection.fetch("SELECT * FROM public.kept"))
    finally:
        await connection.execute("DROP TABLE public.kept")
        await connection.close()
