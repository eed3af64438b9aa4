"""`perfengine baseline`: results that are put aside to be compared against."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perfengine.cli import result_options

app = typer.Typer(
    no_args_is_help=True,
    help="Put results aside as a baseline, and look at one.",
    pretty_exceptions_enable=False,
)


@app.command("save")
def save(
    results: result_options.Results,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The baseline file.", show_default=False)
    ],
    add: Annotated[
        bool, typer.Option("--add", help="Keep the runs that the file has, and add these.")
    ] = False,
    tolerance: Annotated[
        float | None,
        typer.Option(
            "--tolerance",
            metavar="X",
            min=0,
            callback=result_options.fraction,
            help="By which fraction an operation may change. Default: what the file has, else 0.1.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make a baseline of one result or several. Runs that are 30 minutes or more apart are sessions of their own.

    Example: perfengine baseline save perf-results/*.json -o baseline.json
    """
    from perfengine.engine.baseline_files import save_baseline
    from perfengine.engine.result_files import result_paths

    saved = save_baseline(result_paths(results), output, add=add, tolerance=tolerance)
    for caution in saved.cautions:
        typer.echo(f"note: {caution}", err=True)
    counts = {"operation": saved.operations, "run": saved.runs, "session": saved.sessions}
    words = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in counts.items())
    typer.echo(f"written: {saved.path} ({words})")


@app.command("show")
def show(file: Annotated[Path, typer.Argument(metavar="FILE", help="A baseline, or a result.")]) -> None:
    """Show what a baseline is made of and how much it may tell.

    Example: perfengine baseline show baseline.json
    """
    from perfengine.engine.result_files import read_baseline_file
    from perfengine.report.baseline_text import render_baseline_text

    typer.echo(render_baseline_text(read_baseline_file(file)), nl=False)
