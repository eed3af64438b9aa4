"""`perfengine report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from perfengine.cli.streams import can_show_signs


def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="The JSON result of a run.")],
    reports: Annotated[
        list[Path] | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Write the result there, in the format of its ending: .html .txt .xml (JUnit) .md .csv .series.csv "
            ".hlog .hgrm .prom .json .smaller.json .bigger.json. Repeatable.",
            show_default=False,
        ),
    ] = None,
    word: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="What to print where no file is asked for: text, json, junit, markdown, csv, series-csv, hlog, "
            "hgrm, openmetrics, ...",
        ),
    ] = "text",
    strict: Annotated[
        bool, typer.Option("--strict", help="An unproven limit is an error in JUnit, as of run --strict.")
    ] = False,
) -> None:
    """Render a stored result again: what run would have written, from its JSON.

    Example: perfengine report result.json --report result.xml --report result.csv
    """
    from perfengine.engine.outputs import RESULTS_DIRECTORY, report_paths, write_reports
    from perfengine.engine.report_trends import with_trends
    from perfengine.engine.stored_reports import read_written, rendered
    from perfengine.errors import PerfengineError, UsageError
    from perfengine.report.text import render_text

    paths = report_paths(reports or ())
    written = read_written(result, strict=strict)
    if not paths:
        if word == "text":
            sys.stdout.write(render_text(written.result, unicode=can_show_signs()))
        else:
            sys.stdout.buffer.write(rendered(written, word))
        sys.stdout.flush()
        return
    try:
        done = write_reports(with_trends(written, paths, RESULTS_DIRECTORY), paths)
    except PerfengineError as error:
        # nothing was measured that could be lost: it is the command that is wrong
        raise UsageError(str(error)) from error
    for path in done:
        typer.echo(f"written: {path}", err=True)
