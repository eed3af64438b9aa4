"""`perfengine check`."""

from __future__ import annotations

import typer

from perfengine.cli import options


def check(files: options.Files) -> None:
    """Name all mistakes of the files, and run nothing.

    Example: perfengine check scenarios/order.yaml
    """
    from perfengine.engine.planning import plan_run
    from perfengine.engine.request import RunRequest

    planned = plan_run(RunRequest(paths=tuple(files)))
    for note in planned.notes:
        typer.echo(f"note: {note}", err=True)
    entities = (
        ", ".join(dict.fromkeys(item.operation.entity for item in planned.plan.operations)) or "nothing"
    )
    typer.echo(f"ok: {len(planned.plan.operations)} operations of {entities}, no mistake found")
