"""`perfengine generate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from perfengine.cli import load_options, options

_DIRECTORY = Path("tests/performance")


def generate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Entity documents, in YAML.", show_default=False),
    ],
    output_dir: Annotated[
        Path, typer.Option("--output-dir", "-o", metavar="DIR", help="Where to write the files.")
    ] = _DIRECTORY,
    data_size: options.DataSize = None,
    iterations: load_options.Iterations = None,
    excludes: options.Exclude = None,
    with_schema: Annotated[
        bool,
        typer.Option(
            "--with-schema", help="The SQL brings its own tables and functions: for an empty database."
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that somebody has edited.")] = False,
) -> None:
    """Write performance tests: SQL for psql, a file for each pattern, and a Python file for pytest.

    Example: perfengine generate scenarios/order.yaml --output-dir tests/performance
    """
    from perfengine.engine.generated_files import write_generated
    from perfengine.engine.generating import GenerateRequest, generate

    request = GenerateRequest(
        paths=tuple(files),
        output_dir=output_dir,
        data_size=data_size,
        iterations=iterations,
        excludes=tuple(excludes or ()),
        with_schema=with_schema,
    )
    generated = generate(request)
    for note in generated.notes:
        typer.echo(f"note: {note}", err=True)
    can_ask = sys.stdin.isatty() and sys.stderr.isatty()
    written, kept = write_generated(
        generated.files, output_dir, force=force, agrees=_agrees if can_ask else None
    )
    for path in written:
        typer.echo(str(path))
    for path in kept:
        typer.echo(f"left as it is: {path}", err=True)


def _agrees(question: str) -> bool:
    from perfengine.cli.asking import ask

    return ask(question).lower() in {"y", "yes"}
