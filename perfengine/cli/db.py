"""`perfengine db start|stop|status`: an embedded PostgreSQL to look into."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from perfengine.embedded.named import NamedStatus

app = typer.Typer(
    no_args_is_help=True, help="An embedded PostgreSQL to look into; it stays until it is stopped."
)

_Directory = Annotated[
    Path | None,
    typer.Option(
        "--directory",
        help="Where the server and its data live. Default: /var/lib/perfengine/db for root, "
        "else perfengine/db under $XDG_DATA_HOME or ~/.local/share.",
        show_default=False,
    ),
]


@app.command()
def start(
    directory: _Directory = None,
    max_connections: Annotated[
        int | None, typer.Option(min=10, help="How many clients it admits at once. Default: 100.")
    ] = None,
) -> None:
    """Start it, unless it runs already. The DSN goes to stdout, everything else to stderr."""
    from perfengine.embedded.named import start_named

    found = start_named(directory, max_connections)
    typer.echo(_describe(found), err=True)
    if found.server:
        typer.echo(found.server.dsn)


@app.command()
def stop(
    directory: _Directory = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove its data too.")] = False,
) -> None:
    """Stop it. Its data stay for the next start."""
    from perfengine.embedded.named import stop_named

    ran = stop_named(directory, remove=remove)
    typer.echo(
        f"{'stopped' if ran else 'was not running'}; {'removed its data' if remove else 'its data stay'}",
        err=True,
    )


@app.command()
def status(directory: _Directory = None) -> None:
    """Say whether it runs, where, and with which settings. Exit code 0: it runs, 3: it does not."""
    from perfengine.embedded.named import named_status
    from perfengine.errors import ExitCode

    found = named_status(directory)
    typer.echo(_describe(found))
    if found.server is None:
        raise typer.Exit(ExitCode.RUN)
    for name, value in found.server.settings.items():
        typer.echo(f"  {name} = {value}")


def _describe(status: NamedStatus) -> str:
    server = status.server
    if server is None:
        kept = "its data are kept" if status.exists else "there are no data"
        return f"not running: {status.directory}, {kept}"
    return "\n".join(
        (
            f"running: PostgreSQL {server.version}, process {status.pid}, in {server.directory}",
            f"  on:   {server.file_system}",
            f"  dsn:  {server.dsn}",
            f"  psql: {shlex.join(status.psql)}",
            f"  log:  {server.log_path}",
        )
    )
