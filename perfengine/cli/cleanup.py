"""`perfengine cleanup`."""

from __future__ import annotations

from typing import Annotated

import typer

from perfengine.cli import target_options
from perfengine.errors import ExitCode


def cleanup(
    dsn: target_options.Dsn = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Name what would be removed, remove nothing.")
    ] = False,
) -> None:
    """Remove what interrupted runs left: sandboxes on a server, embedded servers, raw attempts in this directory.

    Living runs are left alone.

    Example: perfengine cleanup --dsn postgresql://app@db.example.com/app
    """
    from perfengine.engine.cleanup import clean_everything
    from perfengine.engine.event_loop import run_async

    swept = run_async(clean_everything, dsn, dry_run)
    for line in swept.lines(dry_run=dry_run):
        typer.echo(line)
    if swept.left:
        raise typer.Exit(ExitCode.RUN)
