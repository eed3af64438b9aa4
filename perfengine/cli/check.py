"""`perfengine check`."""

from __future__ import annotations

import typer

from perfengine.cli import options


def check(files: options.Files) -> None:
    """Name all mistakes of the files, and run nothing.

    Example: perfengine check scenarios/order.yaml
    """
    from perfengine.engine.planning import check_documents
    from perfengine.engine.python_scenario import split_files
    from perfengine.engine.request import RunRequest

    paths, python = split_files(files)
    planned = check_documents(RunRequest(paths=paths, python=python))
    for note in planned.notes if planned.scenario.entities else planned.scenario.notes:
        typer.echo(f"note: {note}", err=True)
    entities = ", ".join(item.entity.name for item in planned.scenario.entities)
    what = f"{len(planned.plan.operations)} operations of {entities}" if entities else "no entity in it"
    typer.echo(f"ok: {what}, no mistake found")
