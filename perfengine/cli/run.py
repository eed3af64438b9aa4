"""`perfengine run`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli import options
from perfengine.cli.load_settings import load_settings
from perfengine.seeds import DEFAULT_SEED

if TYPE_CHECKING:
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.request import RunRequest
    from perfengine.model.result import RunResult


def run(
    files: options.Files,
    concurrency: options.Concurrency = None,
    iterations: options.Iterations = None,
    duration: options.Duration = None,
    timeout: options.Timeout = None,
    filters: options.Filter = None,
    excludes: options.Exclude = None,
    data_set: options.DataSet = None,
    data_size: options.DataSize = None,
    seed: options.Seed = DEFAULT_SEED,
    dsn: options.Dsn = None,
    embedded: options.Embedded = False,
    allow_target: options.AllowTarget = None,
    requirements: Annotated[
        list[Path] | None,
        typer.Option(
            "--requirements", metavar="FILE", help="A requirements document. Repeatable.", show_default=False
        ),
    ] = None,
    sla: Annotated[
        list[Path] | None,
        typer.Option(
            "--sla", metavar="FILE", help="A service level document. Repeatable.", show_default=False
        ),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            "--report", help="Write the result there: FILE.json or FILE.txt. Repeatable.", show_default=False
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the JSON result on stdout, and nothing else there.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 4 when any limit stays unproven.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes.")] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colours; $NO_COLOR does the same.")
    ] = False,
) -> None:
    """Compile, prepare, load, judge, report.

    Example: perfengine run scenarios/order.yaml --concurrency 50
    """
    from perfengine.engine.planning import plan_run
    from perfengine.engine.request import RunRequest, TargetRequest

    confirm = _ask if sys.stdin.isatty() and sys.stderr.isatty() else None
    request = RunRequest(
        paths=tuple(files),
        requirement_paths=tuple(requirements or ()),
        sla_paths=tuple(sla or ()),
        report_paths=tuple(report or ()),
        load=load_settings(
            concurrency=concurrency,
            iterations=iterations,
            duration=duration,
            timeout=timeout,
            filters=filters,
            excludes=excludes,
            data=(data_set, data_size),
            seed=seed,
        ),
        target=TargetRequest(dsn=dsn, embedded=embedded, allow_target=allow_target, confirm=confirm),
    )
    planned = plan_run(request)
    if not planned.plan.operations:
        for note in planned.notes:
            typer.echo(f"note: {note}", err=True)
        return
    result = _run(planned, request, quiet=quiet, no_color=no_color)
    raise typer.Exit(_conclude(result, planned, request, as_json=as_json, strict=strict))


def _ask(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _run(planned: PlannedRun, request: RunRequest, *, quiet: bool, no_color: bool) -> RunResult:
    from perfengine.cli.progress import progress_display
    from perfengine.engine.event_loop import run_async
    from perfengine.engine.outputs import output_paths
    from perfengine.engine.run import run_plan

    output_paths(planned.scenario, request.report_paths)  # a wrong path is said before the load, not after it
    with progress_display(quiet=quiet, no_color=no_color) as watch:
        return run_async(run_plan, planned, request.target, watch)


def _conclude(
    result: RunResult, planned: PlannedRun, request: RunRequest, *, as_json: bool, strict: bool
) -> int:
    """Write and print the result; return the exit code."""
    from perfengine.engine.outputs import json_of, output_paths, write_outputs
    from perfengine.judging.exit_code import exit_code
    from perfengine.report.text import render_text

    if as_json:
        sys.stdout.write(json_of(result).decode())
    else:
        sys.stdout.write(render_text(result, unicode=_can_show_signs()))
    sys.stdout.flush()
    for path in write_outputs(result, output_paths(planned.scenario, request.report_paths)):
        typer.echo(f"written: {path}", err=True)
    return exit_code(result, strict=strict)


def _can_show_signs() -> bool:
    try:
        "✅❌❔⚠️🔴🟡🟢".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
