"""`perfengine run`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfengine.cli import options
from perfengine.cli.load_settings import load_settings
from perfengine.cli.streams import can_show_signs
from perfengine.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.request import RunRequest
    from perfengine.model.result import RunResult

#: Instead of a requirements document: the limits of `judging.defaults`.
_DEFAULT = Path("default")


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
    seed: options.Seed = None,
    connections: options.Connections = None,
    rate: options.Rate = None,
    warmup: options.Warmup = None,
    processes: options.Processes = None,
    repeat: options.Repeat = 1,
    stabilise: options.Stabilise = False,
    dsn: options.Dsn = None,
    direct_dsn: options.DirectDsn = None,
    embedded: options.Embedded = False,
    allow_target: options.AllowTarget = None,
    requirements: Annotated[
        list[Path] | None,
        typer.Option(
            "--requirements",
            metavar="FILE|default",
            help="A requirements document; default: a p95 of 200ms for creates, updates and transitions, of 50ms for "
            "simple queries, 1% of errors and 1000 users, where nothing else is asked. Repeatable.",
            show_default=False,
        ),
    ] = None,
    sla: Annotated[
        list[Path] | None,
        typer.Option(
            "--sla", metavar="FILE", help="A service level document. Repeatable.", show_default=False
        ),
    ] = None,
    baseline: options.Baseline = None,
    regression_threshold: options.RegressionThreshold = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Write the result there, in the format of its ending: .json .txt .xml (JUnit) .md .prom "
            ".smaller.json .bigger.json. Repeatable.",
            show_default=False,
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
    from perfengine.engine.python_scenario import split_files
    from perfengine.engine.request import RunRequest, TargetRequest

    paths, python = split_files(files)
    confirm = _ask if sys.stdin.isatty() and sys.stderr.isatty() else None
    request = RunRequest(
        paths=paths,
        python=python,
        default_requirements=_DEFAULT in (requirements or ()),
        requirement_paths=tuple(path for path in requirements or () if path != _DEFAULT),
        sla_paths=tuple(sla or ()),
        report_paths=tuple(report or ()),
        baseline=baseline,
        regression_threshold=regression_threshold,
        load=load_settings(
            concurrency=concurrency,
            iterations=iterations,
            duration=duration,
            timeout=timeout,
            filters=filters,
            excludes=excludes,
            data=(data_set, data_size),
            seed=seed,
            connections=connections,
            rate=rate,
            warmup=warmup,
            processes=processes,
        ),
        repeats=repeat,
        stabilise=stabilise,
        target=TargetRequest(
            dsn=dsn, direct_dsn=direct_dsn, embedded=embedded, allow_target=allow_target, confirm=confirm
        ),
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

    # a wrong path or baseline is said before the load, not after it
    output_paths(planned.scenario, request.report_paths)
    compared = _comparison(planned, request)
    with progress_display(quiet=quiet, no_color=no_color) as watch:
        result = run_async(run_plan, planned, request.target, watch)
    return compared(result)


def _comparison(planned: PlannedRun, request: RunRequest) -> Callable[[RunResult], RunResult]:
    """Return what adds the comparison that was asked for to a result."""
    if request.baseline is None:
        if request.regression_threshold is not None:
            raise UsageError("--regression-threshold belongs to a comparison: add --baseline FILE")
        return lambda result: result
    from perfengine.engine.run_comparison import baseline_for_run, with_comparison

    baseline = baseline_for_run(request.baseline, planned)
    return lambda result: with_comparison(result, planned, baseline, request.regression_threshold)


def _conclude(
    result: RunResult, planned: PlannedRun, request: RunRequest, *, as_json: bool, strict: bool
) -> int:
    """Write and print the result; return the exit code."""
    from perfengine.engine.ci import ci_outputs
    from perfengine.engine.outputs import json_of, output_paths, write_outputs
    from perfengine.judging.exit_code import exit_code
    from perfengine.report.text import render_text

    if as_json:
        sys.stdout.write(json_of(result).decode())
    else:
        sys.stdout.write(render_text(result, unicode=can_show_signs()))
    sys.stdout.flush()
    for path in write_outputs(result, output_paths(planned.scenario, request.report_paths), strict=strict):
        typer.echo(f"written: {path}", err=True)
    for line in ci_outputs(result, os.environ, strict=strict):
        typer.echo(line, err=True)
    return exit_code(result, strict=strict)
